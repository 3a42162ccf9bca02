// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/rtlsdr_dongle.hpp"

#include <rtl-sdr.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"

namespace fmrx::source {

namespace {

// As librtlsdr passes libusb's codes on.
constexpr int kNoPermission = -3;
constexpr int kBusy = -6;

constexpr std::uint32_t kTransfers = 16;
constexpr std::size_t kUsbString_bytes = 256;

/// What tuners reach, from their data sheets and librtlsdr's own notes.
struct Tuner {
  rtlsdr_tuner type;
  const char* name;
  Hertz lowest;
  Hertz highest;
};
constexpr std::array kTuners{
    Tuner{RTLSDR_TUNER_E4000, "E4000", Hertz(52e6), Hertz(2200e6)},
    Tuner{RTLSDR_TUNER_FC0012, "FC0012", Hertz(22e6), Hertz(948.6e6)},
    Tuner{RTLSDR_TUNER_FC0013, "FC0013", Hertz(22e6), Hertz(1100e6)},
    Tuner{RTLSDR_TUNER_FC2580, "FC2580", Hertz(146e6), Hertz(924e6)},
    Tuner{RTLSDR_TUNER_R820T, "R820T", Hertz(24e6), Hertz(1766e6)},
    Tuner{RTLSDR_TUNER_R828D, "R828D", Hertz(24e6), Hertz(1766e6)},
};

const Tuner& tuner_of(rtlsdr_dev* device) {
  const rtlsdr_tuner type = rtlsdr_get_tuner_type(device);
  const auto* const known = std::ranges::find(kTuners, type, &Tuner::type);
  if (known == kTuners.end())
    throw Error(ExitStatus::source,
                "the dongle has no tuner that librtlsdr knows; unplug it and plug it in again");
  return *known;
}

std::string as_text(double value) {
  std::ostringstream text;
  text.precision(9);
  text << value;
  return text.str();
}
std::string in_mhz(Hertz frequency) {
  return as_text(frequency.value() / 1e6);
}

unsigned index_of(const DongleChoice& choice) {
  const std::uint32_t count = rtlsdr_get_device_count();
  if (count == 0)
    throw Error(ExitStatus::source,
                "no RTL-SDR dongle found; if one is plugged in, install librtlsdr's udev rules or unload the "
                "DVB driver (sudo modprobe -r dvb_usb_rtl28xxu); --source sim needs no dongle");
  if (!choice.serial.empty()) {
    const int index = rtlsdr_get_index_by_serial(choice.serial.c_str());
    if (index < 0)
      throw Error(ExitStatus::source, "no dongle with the serial number " + printable(choice.serial) +
                                          " found; --list-devices shows what is there");
    return static_cast<unsigned>(index);
  }
  if (choice.index >= count)
    throw Error(ExitStatus::source, "there is no dongle " + std::to_string(choice.index) +
                                        "; --list-devices shows what is there");
  return choice.index;
}

Error cannot_open(unsigned index, int code) {
  const std::string dongle = "dongle " + std::to_string(index);
  if (code == kNoPermission)
    return Error(ExitStatus::source,
                 "no permission to open " + dongle +
                     "; install librtlsdr's udev rules, then unplug it and plug it in again");
  if (code == kBusy)
    return Error(ExitStatus::source,
                 dongle +
                     " is in use: end the other program, or unload the DVB driver (sudo modprobe -r "
                     "dvb_usb_rtl28xxu)");
  return Error(ExitStatus::source, "cannot open " + dongle + " (librtlsdr error " + std::to_string(code) +
                                       "); unplug it and plug it in again");
}

std::string serial_of(rtlsdr_dev* device) {
  std::array<char, kUsbString_bytes> manufacturer{};
  std::array<char, kUsbString_bytes> product{};
  std::array<char, kUsbString_bytes> serial{};
  if (rtlsdr_get_usb_strings(device, manufacturer.data(), product.data(), serial.data()) < 0) return {};
  return printable(serial.data());
}

}  // namespace

void check_dongle_rate(SampleRate rate) {
  const std::uint32_t value = rate.value();
  const bool is_low = value > 225'000 && value <= 300'000;
  const bool is_high = value > 900'000 && value <= 3'200'000;
  if (!is_low && !is_high)
    throw Error(ExitStatus::usage, "a dongle cannot sample at " + std::to_string(value) +
                                       " S/s: give --rate from 225001 to 300k or from 900001 to 3.2M");
}

Hertz oscillator_offset(SampleRate rate) {
  // A station takes +-100 kHz, and the lower rates have no room beside it.
  constexpr std::uint32_t kLeastRate = 900'000;
  if (rate.value() < kLeastRate) return Hertz(0);
  return Hertz(std::min(300e3, rate.hz() / 4));
}

std::vector<DongleInfo> find_dongles() {
  std::vector<DongleInfo> dongles;
  const std::uint32_t count = rtlsdr_get_device_count();
  for (std::uint32_t index = 0; index < count; ++index) {
    std::array<char, kUsbString_bytes> manufacturer{};
    std::array<char, kUsbString_bytes> product{};
    std::array<char, kUsbString_bytes> serial{};
    DongleInfo dongle;
    dongle.index = index;
    dongle.name = printable(rtlsdr_get_device_name(index));
    if (rtlsdr_get_device_usb_strings(index, manufacturer.data(), product.data(), serial.data()) == 0)
      dongle.serial = printable(serial.data());
    dongles.push_back(std::move(dongle));
  }
  return dongles;
}

void Dongle::Close::operator()(rtlsdr_dev* device) const noexcept {
  rtlsdr_close(device);
}

Dongle::Dongle(const DongleChoice& choice) {
  const unsigned index = index_of(choice);
  rtlsdr_dev* device = nullptr;
  const int code = rtlsdr_open(&device, index);
  if (code < 0) throw cannot_open(index, code);
  device_.reset(device);
  tuner_ = tuner_of(device).name;
  name_ = "RTL-SDR " + serial_of(device) + " (" + tuner_ + ")";
}

Dongle::~Dongle() {
  // The dongle would go on by itself, into whatever is plugged in next.
  if (supplies_antenna_) rtlsdr_set_bias_tee(device_.get(), 0);
}

void Dongle::set_up(const RtlsdrConfig& config) {
  const int ppm = static_cast<int>(std::lround(config.ppm));
  // librtlsdr calls no change an error.
  if (ppm != rtlsdr_get_freq_correction(device_.get()))
    check(rtlsdr_set_freq_correction(device_.get(), ppm), "take the correction of its crystal");
  check(rtlsdr_set_sample_rate(device_.get(), config.rate.value()), "set the sample rate");
  set_frequency(config.station, config.rate);
  set_gain(config.gain);
  check(rtlsdr_set_agc_mode(device_.get(), 0), "switch its digital AGC off");
  if (config.bias_tee) {
    check(rtlsdr_set_bias_tee(device_.get(), 1), "supply the antenna amplifier");
    supplies_antenna_ = true;
  }
  check(rtlsdr_reset_buffer(device_.get()), "empty its buffer");
}

void Dongle::set_frequency(Hertz station, SampleRate rate) {
  const Tuner& tuner = tuner_of(device_.get());
  const Hertz centre = station + oscillator_offset(rate);
  if (centre < tuner.lowest || centre > tuner.highest)
    throw Error(ExitStatus::source, in_mhz(station) + " MHz is outside the dongle's tuner: " + tuner_ +
                                        " reaches " + in_mhz(tuner.lowest) + " to " + in_mhz(tuner.highest) +
                                        " MHz");
  check(rtlsdr_set_center_freq(device_.get(), static_cast<std::uint32_t>(std::lround(centre.value()))),
        "tune to " + in_mhz(station) + " MHz");
}

void Dongle::set_gain(std::optional<Decibels> gain) {
  check(rtlsdr_set_tuner_gain_mode(device_.get(), gain ? 1 : 0), "set the gain mode");
  if (!gain) return;
  const std::vector<Decibels> gains = this->gains();
  if (gains.empty()) throw Error(ExitStatus::source, name_ + " has no gains to choose from: use --gain auto");
  const Decibels nearest = *std::ranges::min_element(
      gains, {}, [&](Decibels have) { return std::abs(have.value() - gain->value()); });
  if (nearest != *gain)
    log::info("gain " + as_text(nearest.value()) + " dB: the nearest that the tuner has to " +
              as_text(gain->value()) + " dB");
  check(rtlsdr_set_tuner_gain(device_.get(), static_cast<int>(std::lround(nearest.value() * 10))),
        "set the gain");
}

int Dongle::stream(std::size_t transfer_bytes, Receive receive, void* context) {
  return rtlsdr_read_async(device_.get(), receive, context, kTransfers,
                           static_cast<std::uint32_t>(transfer_bytes));
}

void Dongle::cancel() noexcept {
  rtlsdr_cancel_async(device_.get());
}

SampleRate Dongle::rate() const {
  return SampleRate(rtlsdr_get_sample_rate(device_.get()));
}

Hertz Dongle::centre() const {
  return Hertz(rtlsdr_get_center_freq(device_.get()));
}

std::vector<Decibels> Dongle::gains() const {
  const int count = rtlsdr_get_tuner_gains(device_.get(), nullptr);
  std::vector<int> tenths(static_cast<std::size_t>(std::max(count, 0)));
  if (!tenths.empty()) rtlsdr_get_tuner_gains(device_.get(), tenths.data());
  std::vector<Decibels> gains;
  gains.reserve(tenths.size());
  for (const int gain : tenths) gains.push_back(Decibels(gain / 10.0));
  return gains;
}

void Dongle::check(int code, const std::string& what) const {
  if (code < 0)
    throw Error(ExitStatus::source,
                name_ + " could not " + what + " (librtlsdr error " + std::to_string(code) + ")");
}

}  // namespace fmrx::source
