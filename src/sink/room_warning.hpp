// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace fmrx::sink {

/// Warns, once, before a disk is full.
class RoomWarning {
 public:
  /// `name` is being written at so many bytes a second, and so many still fit.
  void look(const std::string& name, std::uint64_t room_bytes, double bytes_per_second);

 private:
  bool warned_ = false;
};

}  // namespace fmrx::sink
