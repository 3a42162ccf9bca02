// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/listings.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/printable.hpp"
#include "rt/workers.hpp"
#include "sink/portaudio_sink.hpp"
#include "source/rtlsdr.hpp"

namespace fmrx::app {

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

rt::Task<ExitStatus> list_audio() {
  const std::vector<sink::AudioCard> cards = co_await sink::list_audio_cards();
  for (const sink::AudioCard& card : cards) {
    std::printf("%s  %s  %s, %s Hz%s\n", card.index.c_str(), printable(card.name).c_str(),
                printable(card.interface).c_str(), card.rate_hz.c_str(),
                card.is_default ? "  (default)" : "");
  }
  if (cards.empty()) log::info("no sound card and no sound server found");
  co_return ExitStatus::done;
}

rt::Task<ExitStatus> list_gains(const cli::Options& options) {
  rt::Workers workers;
  source::DongleChoice choice;
  choice.index = options.device.index;
  choice.serial = options.device.serial;
  const std::vector<Decibels> gains = co_await source::list_gains(choice, workers);
  for (const Decibels gain : gains) std::printf("%.1f\n", gain.value());
  co_return ExitStatus::done;
}

}  // namespace fmrx::app
