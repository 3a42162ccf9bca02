// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "base/iq.hpp"
#include "base/units.hpp"

namespace fmrx::dsp {

/// Share of raw samples that have a part at full scale, over tenths of a second: an integer
/// format can only show that a sample has reached its ends.
class ClipMeter {
 public:
  explicit ClipMeter(SampleRate rate) : window_(rate.value() / 10) {}

  /// `at_end`: whether any part of cu8 samples is at full scale, which the tuner sees in passing.
  void process(IqView iq, bool at_end);

  [[nodiscard]] double clip_rate() const { return clip_rate_; }

 private:
  std::uint64_t window_;
  std::uint64_t in_window_ = 0;
  std::uint64_t clipped_ = 0;
  double clip_rate_ = 0;
};

}  // namespace fmrx::dsp
