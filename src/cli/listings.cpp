// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/listings.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/printable.hpp"
#include "rt/workers.hpp"
#include "source/rtlsdr.hpp"

namespace fmrx::cli {

rt::Task<ExitStatus> list_devices() {
  rt::Workers workers;
  const std::vector<source::DongleInfo> dongles = co_await source::list_dongles(workers);
  for (const source::DongleInfo& dongle : dongles) {
    const std::string serial = dongle.serial.empty() ? "(serial unreadable)" : ":" + printable(dongle.serial);
    std::printf("%u  %s  %s\n", dongle.index, serial.c_str(), printable(dongle.name).c_str());
  }
  if (dongles.empty()) log::info("no dongle found");
  co_return ExitStatus::done;
}

rt::Task<ExitStatus> list_gains(const Options& options) {
  rt::Workers workers;
  source::DongleChoice choice;
  choice.index = options.device.index;
  choice.serial = options.device.serial;
  const std::vector<Decibels> gains = co_await source::list_gains(choice, workers);
  for (const Decibels gain : gains) std::printf("%.1f\n", gain.value());
  co_return ExitStatus::done;
}

}  // namespace fmrx::cli
