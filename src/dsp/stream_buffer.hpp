// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "dsp/aligned.hpp"

namespace fmrx::dsp {

/// A planar run of complex samples: re and im have the same length.
struct ComplexView {
  std::span<const float> re;
  std::span<const float> im;

  [[nodiscard]] std::size_t size() const { return re.size(); }
};

/// The same, to be changed in place.
struct ComplexRoom {
  std::span<float> re;
  std::span<float> im;

  [[nodiscard]] std::size_t size() const { return re.size(); }
  [[nodiscard]] operator ComplexView() const { return {re, im}; }  // NOLINT(google-explicit-constructor)
};

/// What a filter still needs of its input, contiguous in memory. It begins with
/// `lead_in` zeros, the silence before the first sample.
class StreamBuffer {
 public:
  StreamBuffer(std::size_t lead_in, std::size_t capacity)
      : samples_(capacity + kReadSlack, 0.0F), end_(lead_in) {}

  /// Room for `count` new samples at the end, to be written by the caller.
  [[nodiscard]] std::span<float> extend(std::size_t count) {
    std::copy(samples_.begin() + static_cast<std::ptrdiff_t>(begin_),
              samples_.begin() + static_cast<std::ptrdiff_t>(end_), samples_.begin());
    end_ -= begin_;
    begin_ = 0;
    const std::span<float> room(samples_.data() + end_, count);
    end_ += count;
    return room;
  }

  void append(std::span<const float> samples) {
    std::copy(samples.begin(), samples.end(), extend(samples.size()).begin());
  }

  /// Forgets the `count` oldest samples.
  void drop(std::size_t count) { begin_ += count; }

  [[nodiscard]] const float* data() const { return samples_.data() + begin_; }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }

 private:
  /// Kernels compute whole registers and may look so far behind the last sample.
  static constexpr std::size_t kReadSlack = 1024;

  AlignedVector<float> samples_;
  std::size_t begin_ = 0;
  std::size_t end_;
};

}  // namespace fmrx::dsp
