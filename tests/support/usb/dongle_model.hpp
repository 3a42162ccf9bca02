// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

namespace fmrx::test {

/// The registers of an RTL2832U and, behind its I2C bus, of an R820T: as much as librtlsdr
/// looks at, and what its settings amount to.
class DongleModel {
 public:
  /// A vendor control transfer, as libusb_control_transfer() has it: value and index say where.
  void write(std::uint16_t value, std::uint16_t index, std::span<const std::uint8_t> data);
  void read(std::uint16_t value, std::uint16_t index, std::span<std::uint8_t> data) const;

  [[nodiscard]] double sample_rate_hz() const;
  /// The frequency that comes out as zero: the tuner's oscillator less the intermediate
  /// frequency that the demodulator shifts by.
  [[nodiscard]] double tuned_hz() const;
  [[nodiscard]] bool supplies_antenna() const;
  /// A counter instead of samples, by which rtl_test looks for losses.
  [[nodiscard]] bool counts() const;

 private:
  std::array<std::array<std::uint8_t, 256>, 16> demodulator_{};  ///< by page and register
  std::array<std::uint8_t, 32> tuner_{};
  std::uint8_t gpio_outputs_ = 0;
};

}  // namespace fmrx::test
