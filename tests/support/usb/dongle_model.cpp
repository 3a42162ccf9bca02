// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/dongle_model.hpp"

#include <algorithm>

namespace fmrx::test {

namespace {

constexpr double kCrystal_Hz = 28.8e6;

// Blocks of the RTL2832U, in the high byte of the index.
constexpr unsigned kDemodulator = 0;
constexpr unsigned kSystem = 2;
constexpr unsigned kI2c = 6;

constexpr std::uint16_t kGpioOutputs = 0x3001;

constexpr std::uint16_t kTunerAddress = 0x34;

/// What the tuner says of itself, from register 0 on, least significant bit first: who it is;
/// in the third byte that its PLL has locked; in the fifth the middle of the oscillator's
/// range (2) and the result of calibrating its filter (6).
constexpr std::array<std::uint8_t, 5> kTunerStatus{0x69, 0x00, 0x02, 0x00, 0x64};

unsigned block_of(std::uint16_t index) {
  return index >> 8U;
}

}  // namespace

void DongleModel::write(std::uint16_t value, std::uint16_t index, std::span<const std::uint8_t> data) {
  if (block_of(index) == kDemodulator) {
    auto& page = demodulator_[index & 0xFU];
    std::size_t at = value >> 8U;
    for (const std::uint8_t byte : data) page[at++ % page.size()] = byte;
  } else if (block_of(index) == kSystem && value == kGpioOutputs && !data.empty()) {
    gpio_outputs_ = data.front();
  } else if (block_of(index) == kI2c && value == kTunerAddress && !data.empty()) {
    // The first byte is the register's number.
    std::size_t at = data.front();
    for (const std::uint8_t byte : data.subspan(1)) tuner_[at++ % tuner_.size()] = byte;
  }
}

void DongleModel::read(std::uint16_t value, std::uint16_t index, std::span<std::uint8_t> data) const {
  std::ranges::fill(data, std::uint8_t{0});
  if (block_of(index) == kDemodulator) {
    const auto& page = demodulator_[index & 0xFU];
    std::size_t at = value >> 8U;
    for (std::uint8_t& byte : data) byte = page[at++ % page.size()];
  } else if (block_of(index) == kSystem && value == kGpioOutputs && !data.empty()) {
    data.front() = gpio_outputs_;
  } else if (block_of(index) == kI2c && value == kTunerAddress) {
    // Every read begins at register 0, whatever was asked for.
    std::copy_n(kTunerStatus.begin(), std::min(data.size(), kTunerStatus.size()), data.begin());
  }
}

double DongleModel::sample_rate_hz() const {
  // Page 1, registers 9F to A2: the crystal's frequency over the rate, with 22 bits of fraction.
  const auto& page = demodulator_[1];
  std::uint32_t ratio = 0;
  for (std::size_t at = 0x9F; at <= 0xA2; ++at) ratio = ratio << 8U | page[at];
  return ratio == 0 ? 0 : kCrystal_Hz * 4194304.0 / ratio;
}

double DongleModel::tuned_hz() const {
  // Registers of the R820T: 10 the divider behind the oscillator, 14 the whole part of the
  // multiplier, 15 and 16 its fraction; the phase detector runs at twice the crystal.
  const double divider = 2 << (tuner_[0x10] >> 5U);
  const unsigned whole = 4 * (tuner_[0x14] & 0x3FU) + (tuner_[0x14] >> 6U) + 13;
  const double fraction = (tuner_[0x16] << 8U | tuner_[0x15]) / 65536.0;
  const double oscillator_hz = 2 * kCrystal_Hz * (whole + fraction) / divider;
  // Page 1, registers 19 to 1B: the intermediate frequency, negative, 22 bits.
  const auto& page = demodulator_[1];
  const std::uint32_t shift =
      (page[0x19] & 0x3FU) << 16U | static_cast<std::uint32_t>(page[0x1A]) << 8U | page[0x1B];
  const double intermediate_hz = ((1U << 22U) - shift) * kCrystal_Hz / 4194304.0;
  return oscillator_hz - intermediate_hz;
}

bool DongleModel::supplies_antenna() const {
  constexpr unsigned kBiasTee = 1U << 0U;
  return (gpio_outputs_ & kBiasTee) != 0;
}

bool DongleModel::counts() const {
  constexpr std::uint8_t kTestMode = 0x03;
  return demodulator_[0][0x19] == kTestMode;
}

}  // namespace fmrx::test
