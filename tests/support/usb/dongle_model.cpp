// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/dongle_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fmrx::test {

namespace {

// Blocks of the RTL2832U, in the high byte of the index.
constexpr unsigned kDemodulator = 0;
constexpr unsigned kSystem = 2;
constexpr unsigned kI2c = 6;

constexpr std::uint16_t kGpioOutputs = 0x3001;

// What the tuner says of itself, from register 0 on, least significant bit first: who it is; in
// the third byte that its PLL has locked; in the fifth the middle of the oscillator's range (2)
// and the result of calibrating its filter (6).
constexpr std::array<std::uint8_t, 5> kTunerStatus{0x69, 0x00, 0x02, 0x00, 0x64};
constexpr std::size_t kLockByte = 2;

/// The crystal that librtlsdr believes an R828D to have; a Blog V4 feeds it with the dongle's.
constexpr double kR828dCrystal_Hz = 16e6;

/// What each step adds, in tenths of a decibel: measured by Steve Markgraf, in librtlsdr.
constexpr std::array kLnaSteps{0, 9, 13, 40, 38, 13, 31, 22, 26, 31, 26, 14, 19, 5, 35, 13};
constexpr std::array kMixerSteps{0, 5, 10, 10, 19, 9, 10, 25, 17, 10, 8, 16, 13, 6, 3, -8};

unsigned block_of(std::uint16_t index) {
  return index >> 8U;
}

template <std::size_t size>
int sum_to(const std::array<int, size>& steps, std::size_t last) {
  return std::accumulate(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(last) + 1, 0);
}

std::string in_khz(double hz) {
  return std::to_string(std::lround(hz / 1e3)) + " kHz";
}

}  // namespace

std::uint16_t DongleModel::tuner_address() const {
  constexpr std::uint16_t kR820t = 0x34;
  constexpr std::uint16_t kR828d = 0x74;
  return chip_ == Chip::r828d ? kR828d : kR820t;
}

bool DongleModel::write(std::uint16_t value, std::uint16_t index, std::span<const std::uint8_t> data) {
  if (data.empty()) return true;
  if (block_of(index) == kDemodulator) {
    auto& page = demodulator_[index & 0xFU];
    std::size_t at = value >> 8U;
    for (const std::uint8_t byte : data) page[at++ % page.size()] = byte;
  } else if (block_of(index) == kSystem && value == kGpioOutputs) {
    gpio_outputs_ = data.front();
  } else if (block_of(index) == kI2c) {
    if (chip_ == Chip::none || value != tuner_address()) return false;
    // The first byte is the register's number.
    std::size_t at = data.front();
    for (const std::uint8_t byte : data.subspan(1)) tuner_[at++ % tuner_.size()] = byte;
  }
  return true;
}

bool DongleModel::read(std::uint16_t value, std::uint16_t index, std::span<std::uint8_t> data) const {
  std::ranges::fill(data, std::uint8_t{0});
  if (data.empty()) return true;
  if (block_of(index) == kDemodulator) {
    const auto& page = demodulator_[index & 0xFU];
    std::size_t at = value >> 8U;
    for (std::uint8_t& byte : data) byte = page[at++ % page.size()];
  } else if (block_of(index) == kSystem && value == kGpioOutputs) {
    data.front() = gpio_outputs_;
  } else if (block_of(index) == kI2c) {
    if (chip_ == Chip::none || value != tuner_address()) return false;
    // Every read begins at register 0, whatever was asked for.
    std::copy_n(kTunerStatus.begin(), std::min(data.size(), kTunerStatus.size()), data.begin());
    if (!pll_locks_ && data.size() > kLockByte) data[kLockByte] = 0;
  }
  return true;
}

Settings DongleModel::settings() const {
  Settings settings;
  // Page 1, registers 9F to A2: the crystal's frequency over the rate, with 22 bits of fraction.
  // Registers 3E and 3F correct it,
  // in parts of 2^24.
  const auto& page = demodulator_[1];
  std::uint32_t ratio = 0;
  for (std::size_t at = 0x9F; at <= 0xA2; ++at) ratio = ratio << 8U | page[at];
  // The chip takes bit 28 from bit 27.
  ratio |= (ratio & 0x08000000U) << 1U;
  const int raw = page[0x3F] | (page[0x3E] & 0x3F) << 8;
  const int correction = raw < 0x2000 ? raw : raw - 0x4000;
  if (ratio != 0) settings.sample_rate_hz = crystal_hz_ * 4194304.0 / ratio * (1 - correction / 16777216.0);
  // Registers of the R820T: 10 the divider behind the oscillator, 14 the whole part of the
  // multiplier, 15 and 16 its fraction; the phase detector runs at twice the crystal.
  const double divider = 2 << (tuner_[0x10] >> 5U);
  const unsigned whole = 4 * (tuner_[0x14] & 0x3FU) + (tuner_[0x14] >> 6U) + 13;
  const double fraction = (tuner_[0x16] << 8U | tuner_[0x15]) / 65536.0;
  const double own_hz = chip_ == Chip::r828d ? kR828dCrystal_Hz : crystal_hz_;
  const double oscillator_hz = 2 * own_hz * (whole + fraction) / divider;
  settings.tuned_hz = oscillator_hz - intermediate_hz();
  settings.gain = gain();
  settings.test_mode = demodulator_[0][0x19] == 0x03;
  settings.digital_agc = demodulator_[0][0x19] == 0x25;
  settings.bias_tee = (gpio_outputs_ & 1U) != 0;
  const bool is_direct = demodulator_[0][0x08] == 0x4D && (page[0x15] & 1U) == 0 && page[0xB1] == 0x1A;
  if (is_direct) settings.direct_sampling = (demodulator_[0][0x06] & 0x10U) != 0 ? 2 : 1;
  settings.offset_tuning = !is_direct && chip_ != Chip::none && intermediate_hz() == 0;
  return settings;
}

double DongleModel::intermediate_hz() const {
  // Page 1, registers 19 to 1B: negative, 22 bits.
  const auto& page = demodulator_[1];
  const std::uint32_t shift =
      (page[0x19] & 0x3FU) << 16U | static_cast<std::uint32_t>(page[0x1A]) << 8U | page[0x1B];
  return shift == 0 ? 0 : ((1U << 22U) - shift) * crystal_hz_ / 4194304.0;
}

std::optional<Decibels> DongleModel::gain() const {
  // Register 5: the LNA's step, and whether it is fixed; register 7 the mixer's, the other way round.
  const bool is_fixed = (tuner_[0x05] & 0x10U) != 0 && (tuner_[0x07] & 0x10U) == 0;
  if (!is_fixed) return std::nullopt;
  return Decibels((sum_to(kLnaSteps, tuner_[0x05] & 0xFU) + sum_to(kMixerSteps, tuner_[0x07] & 0xFU)) / 10.0);
}

std::string difference(const Settings& from, const Settings& to) {
  std::string text;
  const auto add = [&](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  const auto on_off = [](bool on) { return on ? " on" : " off"; };
  if (std::abs(to.sample_rate_hz - from.sample_rate_hz) >= 0.5)
    add("rate " + std::to_string(std::lround(to.sample_rate_hz)) + " S/s");
  if (std::abs(to.tuned_hz - from.tuned_hz) >= 500) add("tuned " + in_khz(to.tuned_hz));
  if (from.gain != to.gain)
    add(to.gain ? "gain " + std::to_string(std::lround(to.gain->value() * 10)) + " tenths of dB"
                : "gain automatic");
  if (from.digital_agc != to.digital_agc) add(std::string("digital AGC") + on_off(to.digital_agc));
  if (from.bias_tee != to.bias_tee) add(std::string("bias tee") + on_off(to.bias_tee));
  if (from.test_mode != to.test_mode) add(std::string("test mode") + on_off(to.test_mode));
  if (from.direct_sampling != to.direct_sampling)
    add("direct sampling " + std::to_string(to.direct_sampling));
  if (from.offset_tuning != to.offset_tuning) add(std::string("offset tuning") + on_off(to.offset_tuning));
  return text;
}

}  // namespace fmrx::test
