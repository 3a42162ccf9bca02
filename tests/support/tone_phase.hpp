// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

namespace fmrx::test {

/// Watches the phase of a recorded 1 kHz tone, 48 kHz stereo, from one stretch of 5 ms to the next.
/// A frame that is lost or doubled is a step of 20.8 us; 300 ppm of drift are one of 1.5 us.
class TonePhase {
 public:
  static constexpr double kTone_Hz = 1'000;
  static constexpr std::size_t kStretch_frames = 240;  // whole periods

  /// `peak`: of the tone, in units of 16-bit samples. Stretches that hold less are silence, where
  /// the tone has not begun or has ended.
  explicit TonePhase(double peak) : least_(0.98 * peak / 2 * kStretch_frames) {}

  void add(std::span<const std::int16_t> samples) {
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) add(static_cast<double>(samples[i]));
  }

  /// Frames at whose stretch the phase makes a larger step than `limit_us`, or the tone breaks off
  /// or begins.
  [[nodiscard]] std::vector<std::uint64_t> steps(double limit_us) const {
    std::vector<std::uint64_t> found;
    for (std::size_t i = 1; i < phases_.size(); ++i) {
      const bool jumps = phases_[i].sounds && phases_[i - 1].sounds && step_us(i) > limit_us;
      if (jumps || phases_[i].sounds != phases_[i - 1].sounds) found.push_back(i * kStretch_frames);
    }
    return found;
  }

  [[nodiscard]] double largest_step_us() const {
    double largest = 0;
    for (std::size_t i = 1; i < phases_.size(); ++i) {
      if (phases_[i].sounds && phases_[i - 1].sounds) largest = std::max(largest, step_us(i));
    }
    return largest;
  }
  [[nodiscard]] std::size_t stretches_with_tone() const {
    return static_cast<std::size_t>(
        std::count_if(phases_.begin(), phases_.end(), [](const auto& p) { return p.sounds; }));
  }

 private:
  struct Stretch {
    double phase_rad;
    bool sounds;
  };

  void add(double sample) {
    const double turns = std::remainder(kTone_Hz / 48'000 * static_cast<double>(frames_), 1.0);
    sum_ += std::polar(sample, -2 * std::numbers::pi * turns);
    if (++frames_ % kStretch_frames != 0) return;
    phases_.push_back({std::arg(sum_), std::abs(sum_) > least_});
    sum_ = 0;
  }
  [[nodiscard]] double step_us(std::size_t i) const {
    const double step_rad =
        std::remainder(phases_[i].phase_rad - phases_[i - 1].phase_rad, 2 * std::numbers::pi);
    return std::fabs(step_rad) / (2 * std::numbers::pi * kTone_Hz) * 1e6;
  }

  double least_;
  std::uint64_t frames_ = 0;
  std::complex<double> sum_ = 0;
  std::vector<Stretch> phases_;
};

}  // namespace fmrx::test
