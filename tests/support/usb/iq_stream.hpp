// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "sim/band_simulator.hpp"

namespace fmrx::test {

/// The cu8 samples that a dongle sends.
class IqStream {
 public:
  explicit IqStream(bool simulates) : simulates_(simulates) {}

  void fill(std::span<std::byte> bytes, SampleRate rate, Hertz centre);
  /// Bytes that count up, instead.
  void count(std::span<std::byte> bytes);

 private:
  void simulate(std::span<std::byte> bytes, SampleRate rate, Hertz centre);

  bool simulates_;
  std::uint64_t place_ = 0;
  std::optional<sim::BandSimulator> band_;
  SampleRate rate_{0};
  Hertz centre_{0};
  std::vector<std::complex<float>> iq_;
};

}  // namespace fmrx::test
