// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/rtlsdr_dongle.hpp"

#include <rtl-sdr.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

#include "base/library_messages.hpp"
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

struct UsbStrings {
  std::string manufacturer;
  std::string product;
  std::string serial;
};

/// Nothing: in use, no permission, or gone.
std::optional<UsbStrings> usb_strings(std::uint32_t index) {
  std::array<char, kUsbString_bytes> manufacturer{};
  std::array<char, kUsbString_bytes> product{};
  std::array<char, kUsbString_bytes> serial{};
  if (rtlsdr_get_device_usb_strings(index, manufacturer.data(), product.data(), serial.data()) != 0)
    return std::nullopt;
  return UsbStrings{printable(manufacturer.data()), printable(product.data()), printable(serial.data())};
}

/// Of several dongles with the serial number, as from the factory, the one of the index.
unsigned index_by_serial(const DongleChoice& choice, std::uint32_t count) {
  const auto has_serial = [&](std::uint32_t index) {
    const std::optional<UsbStrings> strings = usb_strings(index);
    return strings && strings->serial == printable(choice.serial);
  };
  if (choice.index < count && has_serial(choice.index)) return choice.index;
  for (std::uint32_t index = 0; index < count; ++index) {
    if (has_serial(index)) return index;
  }
  throw NoSuchDongle(ExitStatus::source, "no dongle with the serial number " + printable(choice.serial) +
                                             " found; --list-devices shows what is there");
}

unsigned index_of(const DongleChoice& choice) {
  const std::uint32_t count = rtlsdr_get_device_count();
  if (count == 0)
    throw NoSuchDongle(
        ExitStatus::source,
        "no RTL-SDR dongle found; plug one in, or try --source sim, which needs none (fmrx doctor helps)");
  if (!choice.serial.empty()) return index_by_serial(choice, count);
  if (choice.index >= count)
    throw NoSuchDongle(ExitStatus::source, "there is no dongle " + std::to_string(choice.index) +
                                               "; --list-devices shows what is there");
  return choice.index;
}

DongleNotOpened cannot_open(unsigned index, int code) {
  const std::string dongle = "dongle " + std::to_string(index);
  if (code == kNoPermission)
    return {DongleOpening::no_permission,
            "no permission to open " + dongle +
                "; install librtlsdr's udev rules, then unplug it and plug it in again"};
  if (code == kBusy)
    return {DongleOpening::busy, dongle +
                                     " is in use: end the other program, or unload the DVB driver (sudo "
                                     "modprobe -r dvb_usb_rtl28xxu)"};
  return {DongleOpening::failed, "cannot open " + dongle + " (librtlsdr error " + std::to_string(code) +
                                     "); unplug it and plug it in again"};
}

/// Looks for breaks in the chip's counter.
class CounterCheck {
 public:
  using Clock = std::chrono::steady_clock;

  explicit CounterCheck(Dongle& dongle) : dongle_(dongle) {}

  static void receive(unsigned char* bytes, std::uint32_t count, void* context) {
    static_cast<CounterCheck*>(context)->take({bytes, count});
  }

  void report(DongleExamination& examination) const {
    examination.gaps = gaps_;
    examination.seconds = std::chrono::duration<double>(last_ - begun_).count();
    if (examination.seconds > 0)
      examination.samples_per_second = static_cast<double>(bytes_) / 2 / examination.seconds;
  }
  [[nodiscard]] bool is_through() const { return cancelled_; }

 private:
  static constexpr auto kDuration = std::chrono::seconds(3);
  /// Until what was in the buffers before has gone by.
  static constexpr auto kLeadIn = std::chrono::milliseconds(300);

  void take(std::span<const unsigned char> bytes) {
    last_ = Clock::now();
    if (first_ == Clock::time_point()) first_ = last_;
    if (last_ - first_ < kLeadIn) {
      begun_ = last_;
      if (!bytes.empty()) expected_ = static_cast<unsigned char>(bytes.back() + 1);
      return;
    }
    for (const unsigned char byte : bytes) {
      gaps_ += static_cast<std::uint64_t>(byte != expected_);
      expected_ = static_cast<unsigned char>(byte + 1);
    }
    bytes_ += bytes.size();
    if (last_ - begun_ >= kDuration && !cancelled_) cancelled_ = dongle_.cancel();
  }

  Dongle& dongle_;
  Clock::time_point first_;
  Clock::time_point begun_;
  Clock::time_point last_;
  unsigned char expected_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t gaps_ = 0;
  bool cancelled_ = false;
};

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
    DongleInfo dongle;
    dongle.index = index;
    dongle.name = printable(rtlsdr_get_device_name(index));
    if (const std::optional<UsbStrings> strings = usb_strings(index)) dongle.serial = strings->serial;
    dongles.push_back(std::move(dongle));
  }
  return dongles;
}

void Dongle::Close::operator()(rtlsdr_dev* device) const noexcept {
  if (rtlsdr_close(device) != 0) log::debug("librtlsdr could not close the dongle");
}

Dongle::Dongle(const DongleChoice& choice) {
  const unsigned index = index_of(choice);
  rtlsdr_dev* device = nullptr;
  const int code = rtlsdr_open(&device, index);
  // Without a device, though with success, where the kernel's driver could not be detached.
  if (code < 0 || device == nullptr) throw cannot_open(index, code == 0 ? kBusy : code);
  device_.reset(device);
  tuner_ = tuner_of(device).name;
  choice_ = {index, {}};
  std::array<char, kUsbString_bytes> serial{};
  if (rtlsdr_get_usb_strings(device, nullptr, nullptr, serial.data()) == 0)
    choice_.serial = printable(serial.data());
  name_ = "RTL-SDR " + choice_.serial + " (" + tuner_ + ")";
  refuse_old_driver();
}

/// A Blog V4 feeds its R828D with 28.8 MHz. librtlsdr before 2.0.2 takes it for the usual 16 MHz,
/// and tunes to 1.8 times the frequency.
void Dongle::refuse_old_driver() const {
  std::array<char, kUsbString_bytes> manufacturer{};
  std::array<char, kUsbString_bytes> product{};
  if (rtlsdr_get_usb_strings(device_.get(), manufacturer.data(), product.data(), nullptr) != 0) return;
  if (std::string_view(manufacturer.data()) != "RTLSDRBlog" || std::string_view(product.data()) != "Blog V4")
    return;
  std::uint32_t chip_hz = 0;
  std::uint32_t tuner_hz = 0;
  if (rtlsdr_get_xtal_freq(device_.get(), &chip_hz, &tuner_hz) != 0 || tuner_hz == chip_hz) return;
  throw Error(ExitStatus::source,
              name_ +
                  " is a Blog V4, which this librtlsdr does not know: it would tune to a wrong frequency; "
                  "install librtlsdr 2.0.2 or newer, or RTL-SDR Blog's own");
}

Dongle::~Dongle() {
  // The dongle would go on by itself, into whatever is plugged in next.
  if (supplies_antenna_ && rtlsdr_set_bias_tee(device_.get(), 0) != 0)
    log::debug(name_ + ": the supply of the antenna amplifier could not be switched off");
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
  const auto centre_hz = static_cast<std::uint32_t>(std::lround(centre.value()));
  // librtlsdr calls it a success, and only prints that the PLL has not locked. It may at the
  // second try.
  constexpr int kTries = 2;
  for (int i = 0; i < kTries; ++i) {
    const LibraryMessages messages;
    check(rtlsdr_set_center_freq(device_.get(), centre_hz), "tune to " + in_mhz(station) + " MHz");
    if (!messages.contain("PLL not locked") && !messages.contain("alid PLL")) return;
  }
  throw Error(ExitStatus::source, name_ + ": the tuner's PLL does not lock on " + in_mhz(centre) +
                                      " MHz; let the dongle cool down, unplug it and plug it in again");
}

void Dongle::set_gain(std::optional<Decibels> gain) {
  check(rtlsdr_set_tuner_gain_mode(device_.get(), gain ? 1 : 0), "set the gain mode");
  if (!gain) return;
  const std::vector<Decibels> gains = this->gains();
  if (gains.empty()) throw Error(ExitStatus::source, name_ + " has no gains to choose from");
  const Decibels nearest = *std::ranges::min_element(
      gains, {}, [&](Decibels have) { return std::abs(have.value() - gain->value()); });
  check(rtlsdr_set_tuner_gain(device_.get(), static_cast<int>(std::lround(nearest.value() * 10))),
        "set the gain");
}

int Dongle::stream(std::size_t transfer_bytes, Receive receive, void* context) {
  return rtlsdr_read_async(device_.get(), receive, context, kTransfers,
                           static_cast<std::uint32_t>(transfer_bytes));
}

void Dongle::count(DongleExamination& examination) {
  check(rtlsdr_set_testmode(device_.get(), 1), "switch its test counter on");
  check(rtlsdr_reset_buffer(device_.get()), "empty its buffer");
  constexpr std::size_t kTransfer_bytes = 65'536;
  CounterCheck counter(*this);
  const int code = stream(kTransfer_bytes, &CounterCheck::receive, &counter);
  counter.report(examination);
  if (!counter.is_through())
    throw Error(ExitStatus::source,
                name_ + " stopped streaming (librtlsdr's code " + std::to_string(code) + ")");
  check(rtlsdr_set_testmode(device_.get(), 0), "switch its test counter off");
}

DongleExamination examine(const DongleChoice& choice) {
  DongleExamination examination;
  try {
    Dongle dongle(choice);
    examination.open = DongleOpening::open;
    examination.name = dongle.name();
    RtlsdrConfig config;
    config.station = Hertz(98e6);
    config.rate = examination.rate;
    try {
      dongle.set_up(config);
    } catch (const Error& error) {
      examination.tuner_error = error.what();
    }
    try {
      dongle.count(examination);
    } catch (const Error& error) {
      examination.stream_error = error.what();
    }
  } catch (const DongleNotOpened& error) {
    examination.open = error.why();
    examination.tuner_error = error.what();
  } catch (const NoSuchDongle&) {
    throw;
  } catch (const Error& error) {
    examination.tuner_error = error.what();  // opened, but of no use
  }
  return examination;
}

bool Dongle::cancel() noexcept {
  return rtlsdr_cancel_async(device_.get()) == 0;
}

SampleRate Dongle::rate() const {
  const std::uint32_t rate = rtlsdr_get_sample_rate(device_.get());
  if (rate == 0) throw Error(ExitStatus::source, name_ + " does not tell its sample rate");
  return SampleRate(rate);
}

Hertz Dongle::centre() const {
  const std::uint32_t hertz = rtlsdr_get_center_freq(device_.get());
  if (hertz == 0) throw Error(ExitStatus::source, name_ + " does not tell its frequency");
  return Hertz(hertz);
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
