// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Responses of the receiver's filters as CSV: frequency in kHz, then dB of each filter, of each side alike.
// `plot_masks.py` draws them. To standard error:
// the filters' lengths and the receiver's delay.
//
//   filter_masks [RATE]
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "dsp/channel_filter.hpp"
#include "dsp/discriminator.hpp"
#include "dsp/filter_design.hpp"
#include "dsp/fm_receiver.hpp"
#include "dsp/multiplex_splitter.hpp"
#include "dsp/rate_plan.hpp"
#include "dsp/tuner_design.hpp"

namespace {

using namespace fmrx;
using namespace fmrx::dsp;

double decibels(double amplitude) {
  return 20 * std::log10(std::max(std::abs(amplitude), 1e-7));
}

}  // namespace

int main(int argc, char** argv) {
  const SampleRate rate(argc > 1 ? static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10))
                                 : 2'400'000);
  const RatePlan plan(rate);
  const Kernels& kernels = best_kernels();
  const std::vector<double> tuner = tuner_taps(plan);
  const MultiplexSplitter splitter(plan, kernels, 64);
  const std::vector<double> widths_khz{56, 94, 188, 326};
  std::vector<ChannelFilter> channels;
  for (const double width_khz : widths_khz)
    channels.emplace_back(kernels, plan.if_hz(), Hertz(width_khz * 1e3), 64);

  const StereoDemodulator demodulator(plan, StereoMode::automatic, kernels, 64);
  ReceiverConfig config(rate);
  config.deemphasis = Deemphasis::none;
  std::fprintf(stderr, "IF %.1f kHz, baseband %.1f kHz, pilot %.2f kHz\n", plan.if_hz() / 1e3,
               plan.baseband_hz() / 1e3, plan.pilot_hz() / 1e3);
  const auto splitter_taps =
      static_cast<std::size_t>(2 * (splitter.delay_if_samples() + plan.baseband_decimation - 1) + 1);
  std::fprintf(
      stderr, "taps: tuner %zu, channel %zu, splitter %zu, pilot %zu, audio %zu + %zu; delay %.3f ms\n",
      tuner.size(), 2 * channels.front().delay() + 1, splitter_taps, 2 * demodulator.delay_samples() + 1,
      AudioFilter::resampler_taps(plan), AudioFilter::kShapeTaps, FmReceiver(config).delay().count() * 1e3);

  std::printf("kHz,tuner,splitter,discriminator");
  for (const double width_khz : widths_khz) std::printf(",channel %.0f kHz", width_khz);
  std::printf("\n");
  for (double f_hz = 0; f_hz <= 400e3; f_hz += 1000) {
    std::printf("%.1f", f_hz / 1e3);
    const bool in_if = f_hz <= plan.if_hz() / 2;
    if (f_hz <= rate.hz() / 2)
      std::printf(",%.2f", decibels(std::abs(response(tuner, f_hz, rate.hz()))));
    else
      std::printf(",");
    if (in_if)
      std::printf(",%.2f,%.2f", decibels(splitter.droop(f_hz)),
                  decibels(Discriminator::droop(f_hz, plan.if_hz())));
    else
      std::printf(",,");
    for (const ChannelFilter& channel : channels) {
      if (in_if)
        std::printf(",%.2f", decibels(std::abs(channel.response(f_hz))));
      else
        std::printf(",");
    }
    std::printf("\n");
  }
}
