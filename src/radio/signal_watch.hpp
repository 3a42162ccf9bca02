// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "base/units.hpp"

namespace fmrx::radio {

/// Whether there is a station, from how the carrier stands above the noise. Counted in audio, so
/// that a file gives the same however fast it is read.
class SignalWatch {
 public:
  enum class Change : std::uint8_t { none, lost, found };

  /// At that frame, the carrier was so far above the noise.
  Change observe(std::uint64_t frame, Decibels carrier_to_noise);

  [[nodiscard]] bool has_signal() const { return has_signal_; }

  /// How long there has been none; 0 if there is one.
  [[nodiscard]] std::uint64_t frames_without(std::uint64_t frame) const {
    return has_signal_ ? 0 : frame - last_good_;
  }

 private:
  bool has_signal_ = true;
  std::uint64_t last_good_ = 0;  ///< frame at which it was last there
  std::uint64_t last_bad_ = 0;
};

}  // namespace fmrx::radio
