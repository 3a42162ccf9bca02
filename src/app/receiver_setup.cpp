// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/receiver_setup.hpp"

#include <optional>

#include "app/instruction_set.hpp"
#include "base/units.hpp"
#include "cli/frequency.hpp"

namespace fmrx::app {

namespace {

Hertz station_offset(const cli::Options& options, const source::SourceInfo& source) {
  if (options.offset) return *options.offset;
  const std::optional<Hertz> centre = source.centre;
  return options.freq && centre ? *options.freq - *centre : Hertz(0);
}

}  // namespace

std::string station_name(const cli::Options& options, const source::SourceInfo& source) {
  if (options.freq) return cli::format_frequency(*options.freq);
  const Hertz offset = options.offset.value_or(Hertz(0));
  if (source.centre) return cli::format_frequency(*source.centre + offset);
  if (offset == Hertz(0)) return "the station at the centre of " + source.name;
  return "the station " + cli::format_frequency(offset) + " from the centre of " + source.name;
}

dsp::ReceiverConfig receiver_config(const cli::Options& options, const source::SourceInfo& source) {
  dsp::ReceiverConfig config(source.rate);
  config.offset = station_offset(options, source);
  config.volume = options.volume;
  config.bandwidth = options.bandwidth;
  config.kernels = &chosen_kernels();
  config.deemphasis = options.deemphasis_us == 50   ? dsp::Deemphasis::us50
                      : options.deemphasis_us == 75 ? dsp::Deemphasis::us75
                                                    : dsp::Deemphasis::none;
  config.stereo = options.stereo == cli::StereoMode::mono     ? dsp::StereoMode::mono
                  : options.stereo == cli::StereoMode::stereo ? dsp::StereoMode::stereo
                                                              : dsp::StereoMode::automatic;
  return config;
}

}  // namespace fmrx::app
