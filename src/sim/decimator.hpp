// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fmrx::sim {

/// Anti-alias filter and decimator of a tuner, for one real signal: linear phase,
/// flat to 0.45 of the output rate, -100 dB from 0.55. Output sample k belongs to
/// input sample k * factor: no delay.
class Decimator {
 public:
  /// block: the most samples that push() takes.
  Decimator(unsigned factor, std::size_t block);

  void push(std::span<const float> input);

  /// Output samples that the input so far allows.
  [[nodiscard]] std::size_t available() const;

  /// Takes out.size() <= available() samples.
  void pull(std::span<float> out);

 private:
  std::size_t factor_;
  std::vector<float> taps_;
  std::vector<float> window_;
  std::size_t filled_;
};

}  // namespace fmrx::sim
