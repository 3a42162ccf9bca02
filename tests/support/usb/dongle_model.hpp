// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/units.hpp"
#include "support/usb/behaviour.hpp"

namespace fmrx::test {

/// What a dongle has been set to.
struct Settings {
  double sample_rate_hz = 0;
  double tuned_hz = 0;
  std::optional<Decibels> gain;  ///< of LNA and mixer; nothing: the tuner's own AGC
  bool digital_agc = false;
  bool bias_tee = false;
  bool test_mode = false;
  bool offset_tuning = false;    ///< no intermediate frequency, though not sampled directly
  unsigned direct_sampling = 0;  ///< 0: through the tuner, 1: the I input, 2: the Q input

  friend bool operator==(const Settings&, const Settings&) = default;
};

/// In what `to` differs, for a log.
[[nodiscard]] std::string difference(const Settings& from, const Settings& to);

/// The registers of an RTL2832U and, behind its I2C bus, of an R820T or R828D: as much as
/// librtlsdr looks at, and what its settings amount to.
class DongleModel {
 public:
  DongleModel(Chip chip, double crystal_hz) : chip_(chip), crystal_hz_(crystal_hz) {}

  /// A vendor control transfer, as libusb_control_transfer() has it: value and index say where.
  /// False: nobody on the I2C bus answers.
  bool write(std::uint16_t value, std::uint16_t index, std::span<const std::uint8_t> data);
  bool read(std::uint16_t value, std::uint16_t index, std::span<std::uint8_t> data) const;

  /// Whether the tuner's PLL finds its frequency.
  void set_pll_locks(bool locks) { pll_locks_ = locks; }

  [[nodiscard]] Settings settings() const;

 private:
  [[nodiscard]] std::uint16_t tuner_address() const;
  [[nodiscard]] double intermediate_hz() const;
  [[nodiscard]] std::optional<Decibels> gain() const;

  Chip chip_;
  double crystal_hz_;
  bool pll_locks_ = true;
  std::array<std::array<std::uint8_t, 256>, 16> demodulator_{};  ///< by page and register
  std::array<std::uint8_t, 32> tuner_{};
  std::uint8_t gpio_outputs_ = 0;
};

}  // namespace fmrx::test
