// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace fmrx::rds {

/// Follows a value that changes at a nearly constant rate: by the least-squares line through all
/// that it has seen, until its memory is full; from then on it is a second-order loop, whose
/// noise bandwidth is 2 / memory.
class LineTracker {
 public:
  explicit LineTracker(double longest_memory) : longest_memory_(longest_memory) {}

  /// memory: of how many observations value and slope are already the result.
  void start(double value, double slope, double memory) {
    value_ = value;
    slope_ = slope;
    memory_ = memory;
    set_gains();
  }

  /// Steps back along the line.
  void rewind(double steps) { value_ -= steps * slope_; }
  void shift(double by) { value_ += by; }

  /// A run of observations, one step after the other. errors: by how much they were above the line as
  /// it is now; sensitivities: by how much less they would have been for a line that is higher by 1.
  /// None counts for more than `most`.
  void correct(std::span<const double> errors, std::span<const double> sensitivities, double most) {
    double risen = 0;  // by how much the line has moved so far
    double steepened = 0;
    for (std::size_t i = 0; i < errors.size(); ++i) {
      if (memory_ < longest_memory_) {
        ++memory_;
        set_gains();
      }
      const double error = std::min(std::max(errors[i] - sensitivities[i] * risen, -most), most);
      steepened += slope_gain_ * error;
      risen += value_gain_ * error + steepened;
    }
    value_ += static_cast<double>(errors.size()) * slope_ + risen;
    slope_ += steepened;
  }

  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] double slope() const { return slope_; }

 private:
  void set_gains() {
    const double scale = 1 / (memory_ * (memory_ + 1));
    value_gain_ = 2 * (2 * memory_ - 1) * scale;
    slope_gain_ = 6 * scale;
  }

  double longest_memory_;
  double value_ = 0;
  double slope_ = 0;
  double memory_ = 1;
  double value_gain_ = 1;
  double slope_gain_ = 3;
};

}  // namespace fmrx::rds
