// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "base/iq.hpp"
#include "base/units.hpp"
#include "dsp/kernels/kernels.hpp"

namespace fmrx::dsp {

/// Share of raw samples that have a part at full scale, over tenths of a second: an integer
/// format can only show that a sample has reached its ends.
class ClipMeter {
 public:
  ClipMeter(const Kernels& kernels, SampleRate rate) : kernels_(kernels), window_(rate.value() / 10) {}

  void process(IqView iq);

  [[nodiscard]] double clip_rate() const { return clip_rate_; }

 private:
  [[nodiscard]] std::uint64_t clipped_in(IqView iq) const;

  const Kernels& kernels_;
  std::uint64_t window_;
  std::uint64_t in_window_ = 0;
  std::uint64_t clipped_ = 0;
  double clip_rate_ = 0;
};

}  // namespace fmrx::dsp
