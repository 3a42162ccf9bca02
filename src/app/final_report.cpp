// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/final_report.hpp"

#include <cmath>
#include <cstdint>
#include <string>

#include "base/log.hpp"

namespace fmrx::app {

void report_reception(const dsp::Reception& reception) {
  const auto whole = [](double value) { return std::to_string(std::llround(value)); };
  log::debug(
      "reception: C/N " + whole(reception.cn.value()) + " dB, carrier " +
      whole(reception.carrier_dbfs.value()) + " dBFS, off by " + whole(reception.carrier_offset.value()) +
      " Hz, deviation " + whole(reception.multiplex_deviation_peak.value() / 1e3) + " kHz, pilot " +
      whole(reception.pilot_deviation.value()) + " Hz, bandwidth " +
      whole(reception.bandwidth.value() / 1e3) + " kHz, echoes " + whole(reception.multipath * 100) + " %");
}

bool report_losses(const source::Source& source, const radio::Pipeline& pipeline, const IqService* iq,
                   const RdsService* rds) {
  bool any = false;
  if (const std::uint64_t lost = source.samples_lost(); lost > 0) {
    log::warn(source.info().name + ": " + std::to_string(lost) +
              " samples lost: the machine or the USB was too slow");
    any = true;
  }
  for (const auto& sink : pipeline.sinks()) {
    if (sink.frames_dropped == 0) continue;
    log::warn(sink.sink->name() + ": " + std::to_string(sink.frames_dropped) +
              " frames dropped, it was too slow");
    any = true;
  }
  if (iq && iq->samples_dropped() > 0) {
    log::warn(iq->name() + ": " + std::to_string(iq->samples_dropped()) +
              " samples dropped, the disk was too slow");
    any = true;
  }
  if (const std::uint64_t groups = pipeline.groups_dropped(); groups > 0) {
    log::warn(std::to_string(groups) + " RDS groups dropped: the machine was too slow");
    any = true;
  }
  if (!rds) return any;
  for (const RdsService::Loss& loss : rds->losses()) {
    log::warn(loss.output + ": " + std::to_string(loss.lines) + " lines of RDS dropped, it was too slow");
    any = true;
  }
  return any;
}

}  // namespace fmrx::app
