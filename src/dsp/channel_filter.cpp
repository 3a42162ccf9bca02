// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/channel_filter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "dsp/filter_design.hpp"

namespace fmrx::dsp {
namespace {

/// The adaptive filter: a neighbour 40 dB stronger is stopped to 40 dB below the station.
constexpr double kStopped_dB = 80;
constexpr double kSlope_Hz = 25e3;

constexpr double kFade_s = 0.01;

/// Looks come often at first, so that the filter is right when the audio begins. Their
/// times are spread, or a tone in step with them would always show the same side.
constexpr double kFirstLooks_s = 0.002;
constexpr double kFirstInterval_s = 0.0001;
constexpr double kEarlyLooks_s = 0.06;
constexpr double kEarlyInterval_s = 0.0025;
constexpr double kInterval_s = 0.02;

double interval_s(double age_s) {
  if (age_s < kFirstLooks_s) return kFirstInterval_s;
  return age_s < kEarlyLooks_s ? kEarlyInterval_s : kInterval_s;
}

/// What has passed by then comes to the audio while it is still silent: no crossfade.
constexpr double kUnheard_s = 0.002;

/// From 0.5 to 1.5, evenly spread: multiples of the golden ratio.
double spread(std::uint64_t look) {
  return 0.5 + std::fmod(static_cast<double>(look) * std::numbers::phi, 1.0);
}

/// Until the filters before this one are full there is nothing to look at.
constexpr double kFilling_s = 0.0001;

/// Until it has been chosen, the filter is one that no common neighbour gets through.
constexpr ChannelEdges kFirstEdges{6, 6};

/// The last looks that the envelope is averaged over: a tenth of a second.
constexpr double kEnvelopeLooks = 5;

std::vector<double> window(double if_hz) {
  return kaiser_window(kStopped_dB, kaiser_half_length(kSlope_Hz, if_hz, kStopped_dB));
}

/// The edges of a fixed filter as the chooser counts them.
ChannelEdges held_edges(Hertz bandwidth) {
  const auto edge = static_cast<std::size_t>(
      std::ranges::lower_bound(kChannelEdges_Hz, bandwidth.value() / 2) - kChannelEdges_Hz.begin());
  return {edge, edge};
}

}  // namespace

ChannelFilter::ChannelFilter(const Kernels& kernels, double if_hz, std::optional<Hertz> bandwidth,
                             std::size_t max_block)
    : kernels_(kernels),
      if_hz_(if_hz),
      window_(window(if_hz)),
      lead_(history(if_hz)),
      out_re_(max_block + kOutputSlack),
      out_im_(max_block + kOutputSlack),
      part_re_(max_block + kOutputSlack),
      part_im_(max_block + kOutputSlack),
      scratch_(FilterJob::scratch_floats(max_block, 1, window_.size())),
      faded_re_(max_block + kOutputSlack),
      faded_im_(max_block + kOutputSlack),
      fade_length_(static_cast<std::size_t>(kFade_s * if_hz)),
      fade_(fade_length_),
      look_at_(static_cast<std::uint64_t>(kFilling_s * if_hz) + PowerSpectrum::kPoints),
      chooser_(if_hz, bandwidth ? held_edges(*bandwidth) : kFirstEdges, bandwidth.has_value()) {
  for (Filter* filter : {&now_, &before_}) {
    filter->re.resize(window_.size());
    filter->im.resize(window_.size());
  }
  const double edge_hz =
      bandwidth ? std::min(bandwidth->value() / 2, if_hz / 2) : kChannelEdges_Hz[kFirstEdges.below];
  edges_ = chooser_.edges();
  design(edge_hz, edge_hz, now_);
}

std::size_t ChannelFilter::history(double if_hz) {
  return std::max(window(if_hz).size() - 1, PowerSpectrum::kPoints);
}

ComplexView ChannelFilter::process(ComplexView in) {
  re_ = in.re.data() - lead_;
  im_ = in.im.data() - lead_;
  const std::size_t count = in.size();
  const ComplexView delayed{{re_ + lead_ - delay(), count}, {im_ + lead_ - delay(), count}};
  const std::size_t open = pass_open(delayed);
  if (open == count) return delayed;
  std::copy_n(delayed.re.begin(), open, out_re_.begin());
  std::copy_n(delayed.im.begin(), open, out_im_.begin());
  for (std::size_t done = open; done < count;) {
    const std::size_t length = until_look(count - done);
    const std::span<float> re(out_re_.data() + done, length);
    const std::span<float> im(out_im_.data() + done, length);
    run(done, re, im);
    done += length;
    pass({re, im}, done);
  }
  return {{out_re_.data(), count}, {out_im_.data(), count}};
}

/// While the filter is open its output is the input, `delayed`, and costs nothing. Gives how many
/// samples of the block that is so for.
std::size_t ChannelFilter::pass_open(ComplexView delayed) {
  std::size_t done = 0;
  while (done < delayed.size() && now_.open && !fading()) {
    const std::size_t length = until_look(delayed.size() - done);
    const ComplexView out{delayed.re.subspan(done, length), delayed.im.subspan(done, length)};
    done += length;
    pass(out, done);
  }
  return done;
}

std::size_t ChannelFilter::until_look(std::size_t most) const {
  return static_cast<std::size_t>(std::min<std::uint64_t>(most, look_at_ - position_));
}

/// Accounts for output; `done` samples of the block are through.
void ChannelFilter::pass(ComplexView out, std::size_t done) {
  const std::size_t first = lead_ + done - out.size();
  if (narrows_) open_meter_.process({{re_ + first, out.size()}, {im_ + first, out.size()}});
  envelope_meter_.process(out);
  position_ += out.size();
  if (position_ == look_at_) look(lead_ + done - PowerSpectrum::kPoints);
}

/// Filters the block's samples from `from` on.
void ChannelFilter::run(std::size_t from, std::span<float> re, std::span<float> im) {
  filter(now_, from, re, im);
  if (!fading()) return;
  const std::size_t length = std::min(re.size(), fade_length_ - fade_);
  const std::span<float> old_re(faded_re_.data(), length);
  const std::span<float> old_im(faded_im_.data(), length);
  filter(before_, from, old_re, old_im);
  for (std::size_t n = 0; n < length; ++n) {
    const double turn = std::numbers::pi * static_cast<double>(fade_ + n) / static_cast<double>(fade_length_);
    const auto old_share = static_cast<float>(0.5 + 0.5 * std::cos(turn));
    re[n] += old_share * (old_re[n] - re[n]);
    im[n] += old_share * (old_im[n] - im[n]);
  }
  fade_ += length;
}

void ChannelFilter::filter(const Filter& filter, std::size_t from, std::span<float> re, std::span<float> im) {
  if (filter.open) {
    const std::size_t first = lead_ - delay() + from;
    std::copy_n(re_ + first, re.size(), re.begin());
    std::copy_n(im_ + first, im.size(), im.begin());
    return;
  }
  FilterJob job{};
  job.outputs = re.size();
  job.step = 1;
  job.tap_count = window_.size();
  job.sets = filter.even ? 1 : 2;
  job.taps[0] = filter.re.data();
  job.taps[1] = filter.im.data();
  job.scratch = scratch_.data();
  const std::size_t first = lead_ + 1 - window_.size() + from;
  job.x = re_ + first;
  job.out[0] = re.data();
  job.out[1] = part_im_.data();
  kernels_.filter(job);
  job.x = im_ + first;
  job.out[0] = im.data();
  job.out[1] = part_re_.data();
  kernels_.filter(job);
  if (filter.even) return;
  for (std::size_t n = 0; n < re.size(); ++n) {
    re[n] -= part_re_[n];
    im[n] += part_im_[n];
  }
}

/// Shows the chooser the newest samples, which begin at `first` in the buffers.
void ChannelFilter::look(std::size_t first) {
  const double seconds = static_cast<double>(position_ - looked_) / if_hz_;
  looked_ = position_;
  const double interval = interval_s(static_cast<double>(position_) / if_hz_) * spread(++looks_);
  look_at_ = position_ + static_cast<std::uint64_t>(interval * if_hz_);

  const Envelope latest = envelope_meter_.take();
  const Envelope whole = narrows_ ? open_meter_.take() : latest;
  if (looks_ == 1) return;
  envelope_.carrier += (latest.carrier - envelope_.carrier) / kEnvelopeLooks;
  envelope_.rest += (latest.rest - envelope_.rest) / kEnvelopeLooks;
  envelope_since_taken_.carrier += latest.carrier;
  envelope_since_taken_.rest += latest.rest;
  const bool steady = !fading() && !faded_;
  faded_ = fading();
  chooser_.look(spectrum_.measure(re_ + first, im_ + first),
                {whole.unsteadiness(), steady ? std::optional(latest.unsteadiness()) : std::nullopt},
                seconds);
  if (chooser_.edges() != edges_) change_to(chooser_.edges());
  narrows_ = !now_.open || fading();
}

std::optional<ChannelFilter::Noise> ChannelFilter::take_noise() {
  const Envelope envelope = std::exchange(envelope_since_taken_, {});
  const std::optional<double> per_hz = chooser_.take_noise_per_hz();
  if (!per_hz) return std::nullopt;
  return Noise{*per_hz, envelope.unsteadiness()};
}

void ChannelFilter::change_to(ChannelEdges edges) {
  edges_ = edges;
  std::swap(now_, before_);
  design(edge_hz(edges.below, if_hz_), edge_hz(edges.above, if_hz_), now_);
  fade_ = static_cast<double>(position_) < kUnheard_s * if_hz_ ? fade_length_ : 0;
}

/// The ideal band-pass from -below to above, windowed.
void ChannelFilter::design(double below_hz, double above_hz, Filter& filter) const {
  filter.below_hz = below_hz;
  filter.above_hz = above_hz;
  filter.open = below_hz >= if_hz_ / 2 && above_hz >= if_hz_ / 2;
  filter.even = below_hz == above_hz;
  const std::size_t centre = window_.size() / 2;
  filter.re[centre] = static_cast<float>((below_hz + above_hz) / if_hz_);
  filter.im[centre] = 0;
  for (std::size_t k = 1; k <= centre; ++k) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(k) / if_hz_;
    const double scale = window_[centre + k] / (std::numbers::pi * static_cast<double>(k)) / 2;
    const double re = scale * (std::sin(turn * above_hz) + std::sin(turn * below_hz));
    const double im = scale * (std::cos(turn * above_hz) - std::cos(turn * below_hz));
    filter.re[centre + k] = filter.re[centre - k] = static_cast<float>(re);
    filter.im[centre + k] = static_cast<float>(im);
    filter.im[centre - k] = static_cast<float>(-im);
  }
}

std::complex<double> ChannelFilter::response(double f_hz) const {
  if (now_.open) return 1;
  std::complex<double> sum = 0;
  for (std::size_t n = 0; n < window_.size(); ++n) {
    const double samples_late = static_cast<double>(delay()) - static_cast<double>(n);
    sum += std::complex<double>(static_cast<double>(now_.re[n]), static_cast<double>(now_.im[n])) *
           std::polar(1.0, -2 * std::numbers::pi * f_hz / if_hz_ * samples_late);
  }
  return sum;
}

}  // namespace fmrx::dsp
