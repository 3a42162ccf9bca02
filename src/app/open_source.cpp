// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/open_source.hpp"

#include <string>
#include <utility>

#include "source/recording.hpp"
#include "source/rtlsdr.hpp"
#include "source/simulator.hpp"

namespace fmrx::app {

namespace {

source::RecordingOptions recording_options(const cli::Options& options) {
  source::RecordingOptions recording;
  recording.format = options.iq_format;
  recording.rate = options.rate;
  recording.centre = options.centre;
  recording.realtime = options.realtime;
  recording.start = options.start;
  return recording;
}

source::RtlsdrConfig rtlsdr_config(const cli::Options& options) {
  source::RtlsdrConfig dongle;
  dongle.dongle.index = options.device.index;
  dongle.dongle.serial = options.device.serial;
  dongle.station = *options.freq;
  if (options.rate) dongle.rate = *options.rate;
  dongle.gain = options.gain;
  dongle.ppm = options.ppm;
  dongle.bias_tee = options.bias_tee;
  dongle.on_lost.patience = options.lost_patience;
  return dongle;
}

source::SimulatorConfig simulator_config(const cli::Options& options) {
  source::SimulatorConfig simulator;
  simulator.station = *options.freq;
  simulator.rate = options.rate;
  simulator.seed = options.seed;
  simulator.realtime = options.realtime;
  return simulator;
}

}  // namespace

rt::Task<std::unique_ptr<source::Source>> open_source(const cli::Options& options, rt::Workers& workers) {
  std::unique_ptr<source::Source> source;
  if (options.source == cli::SourceKind::rtlsdr) {
    source::RtlsdrConfig config = rtlsdr_config(options);
    source = co_await source::open_rtlsdr(std::move(config));
  } else if (options.source == cli::SourceKind::sim) {
    source = source::open_simulator(simulator_config(options));
  } else {
    source::RecordingOptions recording = recording_options(options);
    if (options.source == cli::SourceKind::file) {
      std::string path = options.path;
      source = co_await source::open_file(std::move(path), std::move(recording), workers);
    } else {
      source = co_await source::open_stdin(std::move(recording), workers);
    }
  }
  co_return source;
}

}  // namespace fmrx::app
