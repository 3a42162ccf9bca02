// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/rtlsdr.hpp"

#include <utility>

#include "source/dongle_source.hpp"
#include "source/rtlsdr_connection.hpp"
#include "source/rtlsdr_dongle.hpp"

namespace fmrx::source {

rt::Task<std::unique_ptr<Source>> open_rtlsdr(RtlsdrConfig config) {
  check_dongle_rate(config.rate);
  MakeConnection connect = [control = std::make_shared<rt::Workers>(1)](const RtlsdrConfig& wanted) {
    return std::make_unique<RtlsdrConnection>(wanted, control);
  };
  co_return co_await open_dongle(std::move(config), std::move(connect));
}

rt::Task<std::vector<DongleInfo>> list_dongles(rt::Workers& workers) {
  co_return co_await workers.call(&find_dongles);
}

rt::Task<DongleExamination> examine_dongle(DongleChoice dongle, rt::Workers& workers) {
  auto look = [choice = std::move(dongle)] { return examine(choice); };
  co_return co_await workers.call(std::move(look));
}

rt::Task<std::vector<Decibels>> list_gains(DongleChoice dongle, rt::Workers& workers) {
  auto read_gains = [choice = std::move(dongle)] { return Dongle(choice).gains(); };
  co_return co_await workers.call(std::move(read_gains));
}

}  // namespace fmrx::source
