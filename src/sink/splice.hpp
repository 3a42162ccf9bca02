// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/units.hpp"

namespace fmrx::sink {

/// Leaves audio out without a click: a crossfade of 5 ms leads from what came before to what
/// comes after. Else audio passes through untouched.
class Splice {
 public:
  static constexpr std::size_t kFade_frames = kAudioRate.value() * 5 / 1000;

  /// From the next block on. At least kFade_frames; ignored while the last is not over.
  void leave_out(std::size_t frames);

  /// Interleaved. What comes out is valid until the next call, and as long as `in` is.
  [[nodiscard]] std::span<const float> process(std::span<const float> in);

 private:
  std::size_t to_keep_ = 0;   ///< frames, of what came before
  std::size_t to_leave_ = 0;  ///< frames, after those and before the crossfade
  std::size_t to_fade_ = 0;   ///< frames of the crossfade that are still to come
  std::vector<float> before_ = std::vector<float>(kAudioChannels * kFade_frames);
  std::vector<float> out_;
};

}  // namespace fmrx::sink
