// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/fm_receiver.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.hpp"

namespace fmrx::dsp {
namespace {

/// IF samples that go through the chain up to its bands at a time, so that all of it stays in the
/// processor's cache.
constexpr std::size_t kPieceIf = 8192;
/// Pieces whose bands become audio at a time: the audio filter is long, and its samples are few.
constexpr std::size_t kPiecesHeard = 4;

constexpr double kSilence = 1e-20;
/// The filters' own ripple ends what can be told of the noise: 70 dB.
constexpr double kLeastNoise = 1e-7;
/// Noise and neighbours fluctuate; what exceeds them by less is no echo.
constexpr double kExplainsUpTo = 1.5;

Decibels decibels(double power, double least) {
  return Decibels(10 * std::log10(std::max(power, least)));
}

Decibels carrier_to_noise(double noise_per_hz) {
  return Decibels(-decibels(noise_per_hz * 200e3, kLeastNoise).value());
}

Hertz checked(Hertz offset, SampleRate rate) {
  const double farthest_hz = rate.hz() / 2 - kChannelHalfWidth_Hz;
  if (!(std::fabs(offset.value()) <= farthest_hz))
    throw Error(ExitStatus::usage, "the station is " + std::to_string(std::lround(offset.value())) +
                                       " Hz off centre; at " + std::to_string(rate.value()) +
                                       " S/s it may be at most " + std::to_string(std::lround(farthest_hz)));
  return offset;
}

std::size_t audio_samples_in(std::size_t samples, SampleRate rate) {
  const double frames = static_cast<double>(samples) * kAudioRate.hz() / rate.hz();
  return (static_cast<std::size_t>(frames) + 2) * kAudioChannels;
}

double sum_droop(const RatePlan& plan, const MultiplexSplitter& splitter, double f_hz) {
  return Discriminator::droop(f_hz, plan.if_hz()) * splitter.droop(f_hz);
}

/// Coherent demodulation gives the mean of the two side bands.
double difference_droop(const RatePlan& plan, const MultiplexSplitter& splitter, double f_hz) {
  return (Discriminator::droop(kSubcarrier_Hz - f_hz, plan.if_hz()) +
          Discriminator::droop(kSubcarrier_Hz + f_hz, plan.if_hz())) /
         2 * splitter.droop(f_hz);
}

/// How many samples of the bands must lie before those of a block.
std::size_t bands_history(const RatePlan& plan) {
  return StereoDemodulator::history(plan) + AudioFilter::history(plan);
}

/// Of everything before the audio filter.
double delay_s(const RatePlan& plan, const Tuner& tuner, const ChannelFilter& channel_filter,
               const MultiplexSplitter& splitter, const StereoDemodulator& demodulator) {
  const double discriminator = 0.5;
  return tuner.delay_samples() / plan.input.hz() +
         (static_cast<double>(channel_filter.delay()) + discriminator + splitter.delay_if_samples()) /
             plan.if_hz() +
         static_cast<double>(demodulator.delay_samples()) / plan.baseband_hz();
}

}  // namespace

FmReceiver::FmReceiver(const ReceiverConfig& config)
    : plan_(config.rate),
      piece_(kPieceIf * plan_.if_decimation),
      clip_meter_(config.rate),
      tuner_(plan_, checked(config.offset, config.rate), *config.kernels, piece_,
             ChannelFilter::history(plan_.if_hz())),
      spike_notch_(*config.kernels, plan_.if_hz(), config.offset),
      channel_filter_(*config.kernels, plan_.if_hz(), config.bandwidth, tuner_.max_output()),
      discriminator_(*config.kernels, plan_.if_hz()),
      deviation_meter_(*config.kernels, plan_.if_hz(), channel_filter_.max_output()),
      splitter_(plan_, *config.kernels, channel_filter_.max_output(), bands_history(plan_)),
      demodulator_(plan_, config.stereo, *config.kernels, kPiecesHeard * splitter_.max_output(),
                   AudioFilter::history(plan_)),
      audio_filter_(
          plan_, config.deemphasis, [&](double f_hz) { return sum_droop(plan_, splitter_, f_hz); },
          [&](double f_hz) { return difference_droop(plan_, splitter_, f_hz); },
          delay_s(plan_, tuner_, channel_filter_, splitter_, demodulator_), *config.kernels,
          demodulator_.max_output()),
      // The first frames hear filters that are not yet full; twice the delay is
      // the length of all impulse responses together.
      matrix_(config.volume, static_cast<std::uint64_t>(2 * delay().count() * kAudioRate.hz())),
      multiplex_(std::max(deviation_meter_.history(), splitter_.history()), channel_filter_.max_output()) {
  begin_block(config.max_block);
}

/// Room for what so many samples of the capture may become.
void FmReceiver::begin_block(std::size_t samples) {
  const std::size_t multiplex = samples / plan_.if_decimation + 1;
  multiplex_.begin_block(multiplex);
  splitter_.begin_block(multiplex);
  audio_.resize(std::max(audio_.size(), audio_samples_in(samples, plan_.input)));
  audio_samples_ = 0;
  heard_ = 0;
}

std::span<const float> FmReceiver::process(IqView iq) {
  begin_block(iq.samples());
  tuner_.begin_block(iq);
  const std::size_t piece_bytes = piece_ * bytes_per_sample(iq.format);
  std::size_t unheard = 0;
  for (std::span<const std::byte> left = iq.bytes; !left.empty();) {
    const std::size_t bytes = std::min(piece_bytes, left.size());
    receive({iq.format, left.first(bytes)});
    left = left.subspan(bytes);
    if (++unheard < kPiecesHeard && !left.empty()) continue;
    hear();
    unheard = 0;
  }
  return {audio_.data(), audio_samples_};
}

void FmReceiver::receive(IqView piece) {
  const ComplexRoom wide_channel = tuner_.process(piece.samples());
  clip_meter_.process(piece, tuner_.at_end());
  spike_notch_.process(wide_channel);
  const ComplexView channel = channel_filter_.process(wide_channel);
  const std::span<const float> multiplex = demodulate(channel);
  deviation_meter_.process(multiplex);
  splitter_.process(multiplex);
}

/// The bands that are there and not heard yet.
void FmReceiver::hear() {
  const MultiplexBands bands = splitter_.block();
  const SumAndDifference baseband = demodulator_.process(bands.from(heard_));
  heard_ = bands.sum.size();
  const SumAndDifference audio = audio_filter_.process(baseband, tuner_.samples());
  matrix_.process(audio, audio_.data() + audio_samples_);
  audio_samples_ += audio.sum.size() * kAudioChannels;
}

std::span<const float> FmReceiver::demodulate(ComplexView channel) {
  const std::span<float> multiplex = multiplex_.extend(channel.size());
  discriminator_.process(channel, multiplex.data());
  return multiplex;
}

DifferenceBand FmReceiver::difference_band() const {
  return {.rate_hz = plan_.baseband_hz(),
          .history = bands_history(plan_),
          .delay_s = splitter_.delay_if_samples() / plan_.if_hz(),
          .gain = [this](double f_hz) { return splitter_.droop(f_hz - kSubcarrier_Hz); }};
}

Reception FmReceiver::reception() const {
  Reception reception;
  measure_channel(reception);
  reception.multiplex_deviation_peak = deviation_meter_.peak();
  reception.pilot_deviation =
      Hertz(demodulator_.pilot_amplitude() * kFullScaleDeviation_Hz / sum_droop(plan_, splitter_, kPilot_Hz));
  reception.carrier_offset = Hertz(matrix_.mean() * kFullScaleDeviation_Hz);
  reception.pilot_locked = demodulator_.pilot_locked();
  reception.stereo = demodulator_.stereo();
  reception.clip_rate = clip_meter_.clip_rate();
  return reception;
}

/// Noise has two witnesses, the quietest stretch of the spectrum and the envelope. Neighbours
/// and the station's own side bands raise the one, echoes and neighbours the other, and
/// nothing lowers them: the smaller is right.
void FmReceiver::measure_channel(Reception& reception) const {
  const ChannelCondition condition = channel_filter_.condition();
  const Envelope envelope = channel_filter_.envelope();
  const double unsteadiness = envelope.unsteadiness();
  const double noise_bandwidth_hz = heard_bandwidth_hz();
  const double noise_per_hz = std::min(condition.noise_per_hz, unsteadiness / noise_bandwidth_hz);
  reception.carrier_dbfs = decibels(envelope.carrier * (1 + condition.own_cut), kSilence);
  reception.cn = carrier_to_noise(noise_per_hz);
  reception.bandwidth = channel_filter_.bandwidth();
  const double explained = noise_per_hz * noise_bandwidth_hz + condition.neighbours + condition.own_cut;
  reception.multipath = std::sqrt(std::max(0.0, unsteadiness - kExplainsUpTo * explained));
}

double FmReceiver::heard_bandwidth_hz() const {
  return std::min(channel_filter_.bandwidth().value(), tuner_.noise_bandwidth_hz());
}

std::optional<Decibels> FmReceiver::take_carrier_to_noise() {
  const std::optional<ChannelFilter::Noise> noise = channel_filter_.take_noise();
  if (!noise) return std::nullopt;
  return carrier_to_noise(std::min(noise->per_hz, noise->unsteadiness / heard_bandwidth_hz()));
}

std::chrono::duration<double> FmReceiver::delay() const {
  return std::chrono::duration<double>(delay_s(plan_, tuner_, channel_filter_, splitter_, demodulator_) +
                                       audio_filter_.delay_baseband_samples() / plan_.baseband_hz());
}

}  // namespace fmrx::dsp
