// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/room_warning.hpp"

#include "base/log.hpp"

namespace fmrx::sink {

void RoomWarning::look(const std::string& name, std::uint64_t room_bytes, double bytes_per_second) {
  constexpr double kWarnBefore_s = 600;
  const double left_s = static_cast<double>(room_bytes) / bytes_per_second;
  if (warned_ || left_s > kWarnBefore_s) return;
  warned_ = true;
  const auto minutes = static_cast<long>(left_s / 60);
  log::warn(name + ": the disk has room for " +
            (minutes < 1
                 ? "less than a minute"
                 : "about " + std::to_string(minutes) + (minutes == 1 ? " more minute" : " more minutes")));
}

}  // namespace fmrx::sink
