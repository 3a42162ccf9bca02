// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/doctor.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/printable.hpp"
#include "rt/sleep.hpp"
#include "rt/workers.hpp"
#include "sink/portaudio_sink.hpp"
#include "source/rtlsdr.hpp"

namespace fmrx::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kListPatience = 5s;
constexpr auto kExaminePatience = 7s;
constexpr auto kSoundPatience = 5s;
/// Left to a sound card that is given back.
constexpr auto kClosePatience = 1s;

constexpr const char* kUnloadDriver =
    "sudo modprobe -r dvb_usb_rtl28xxu; and for good: echo blacklist dvb_usb_rtl28xxu | sudo tee "
    "/etc/modprobe.d/rtl-sdr.conf";

void say(const char* verdict, const std::string& what, const std::string& text) {
  std::printf("%-5s %-12s %s\n", verdict, what.c_str(), printable(text).c_str());
  std::fflush(stdout);  // now: it takes a while, and may end by _exit()
}
void say_good(const std::string& what, const std::string& text) {
  say("ok", what, text);
}
void say_wrong(const std::string& what, const std::string& text, const std::string& remedy) {
  say("WRONG", what, text);
  say("", "", "-> " + remedy);
}
void say_untested(const std::string& what) {
  say("-", what, "not tested");
}

bool has_dvb_driver() {
  return ::access("/sys/module/dvb_usb_rtl28xxu", F_OK) == 0;
}

/// Where the kernel's driver is loaded, librtlsdr mostly takes the dongle away from it.
void judge_driver(const source::DongleExamination& dongle) {
  if (dongle.open == source::DongleOpening::busy) {
    say_wrong("driver", "the dongle is held by another program or the kernel's DVB driver",
              has_dvb_driver()
                  ? kUnloadDriver
                  : std::string("end rtl_tcp, rtl_fm, gqrx and the like (sudo lsof /dev/bus/usb/*/* "
                                "shows who); or ") +
                        kUnloadDriver);
  } else if (dongle.open == source::DongleOpening::no_permission) {
    say_untested("driver");
  } else {
    say_good("driver", has_dvb_driver() ? "the DVB driver is loaded, and lets go of the dongle"
                                        : "no DVB driver holds the dongle");
  }
}

void judge_permission(const source::DongleExamination& dongle) {
  if (dongle.open != source::DongleOpening::no_permission) {
    say_good("permission", "this user may open it");
    return;
  }
  say_wrong(
      "permission", "this user may not open the dongle",
      "sudo apt install librtlsdr0 (or copy rtl-sdr.rules to /etc/udev/rules.d), sudo usermod -aG plugdev "
      "$USER, log in again, and plug the dongle in again");
}

/// An error says what was wrong, and then what to do.
void say_error(const char* what, const std::string& error) {
  const std::size_t remedy = error.find("; ");
  if (remedy == std::string::npos) {
    say_wrong(what, error, "unplug the dongle and plug it in again");
  } else {
    say_wrong(what, error.substr(0, remedy), error.substr(remedy + 2));
  }
}

void judge_tuner(const source::DongleExamination& dongle) {
  if (dongle.tuner_error.empty()) {
    say_good("tuner", dongle.name + " tunes to 98 MHz");
  } else {
    say_error("tuner", dongle.tuner_error);
  }
}

void judge_usb(const source::DongleExamination& dongle) {
  const std::string remedy =
      "use another USB port, on the machine itself instead of a hub, or a shorter cable; or a lower rate: "
      "--rate "
      "1.2M";
  if (!dongle.stream_error.empty()) {
    say_wrong("usb", dongle.stream_error, remedy);
    return;
  }
  char text[128];
  std::snprintf(text, sizeof text, "%.2f of 2.40 MS/s, by the test counter %llu gaps in %.1f s",
                dongle.samples_per_second / 1e6, static_cast<unsigned long long>(dongle.gaps),
                dongle.seconds);
  constexpr double kLeastShare = 0.99;
  if (dongle.gaps == 0 && dongle.samples_per_second > kLeastShare * dongle.rate.hz()) {
    say_good("usb", text);
  } else {
    say_wrong("usb", text, remedy);
  }
}

rt::Task<bool> check_dongle(source::DongleChoice choice, rt::Workers& workers) {
  const auto found = co_await rt::with_timeout(kListPatience, source::list_dongles(workers));
  if (!found) {
    say_wrong("dongle", "the USB does not answer", "unplug the dongle and plug it in again");
    co_return false;
  }
  if (found->empty()) {
    say_wrong("dongle", "none on the USB",
              "plug one in, or try another port or cable: lsusb must show 0bda:2838 or 0bda:2832");
    co_return false;
  }
  for (const source::DongleInfo& dongle : *found)
    say_good("dongle", std::to_string(dongle.index) + ": " + dongle.name + " " + dongle.serial);

  auto examining = source::examine_dongle(std::move(choice), workers);
  const auto dongle = co_await rt::with_timeout(kExaminePatience, std::move(examining));
  if (!dongle) {
    say_wrong("usb", "the dongle does not answer, or sends nothing",
              "unplug the dongle and plug it in again");
    co_return false;
  }
  judge_permission(*dongle);
  judge_driver(*dongle);
  if (dongle->open == source::DongleOpening::failed) say_error("tuner", dongle->tuner_error);
  if (dongle->open != source::DongleOpening::open) {
    say_untested("usb");
    co_return false;
  }
  judge_tuner(*dongle);
  judge_usb(*dongle);
  co_return dongle->is_good();
}

rt::Task<bool> check_sound() {
  const std::unique_ptr<sink::Sink> sound = sink::make_portaudio_sink();
  std::string error = "the sound server does not answer";
  bool is_open = false;
  try {
    is_open = co_await rt::with_timeout(kSoundPatience, sound->open());
  } catch (const Error& failed) {
    error = failed.what();
  }
  if (!is_open) {
    say_wrong(
        "sound", error,
        "systemctl --user restart pipewire pipewire-pulse (or: pulseaudio -k; pulseaudio --start); aplay -l "
        "shows the sound cards");
    co_return false;
  }
  say_good("sound", "the sound card opens");
  // Without audio it ends at once.
  sink::AudioChannel nothing(1);
  nothing.close();
  sound->hurry();
  try {
    [[maybe_unused]] const auto end = co_await rt::with_timeout(kClosePatience, sound->run(nothing));
  } catch (const Error& failed) {
    say_wrong("sound", failed.what(),
              "play something else, such as: aplay /usr/share/sounds/alsa/Front_Center.wav");
    co_return false;
  }
  co_return true;
}

}  // namespace

rt::Task<ExitStatus> diagnose(const cli::DoctorOptions& options) {
  rt::Workers workers;
  source::DongleChoice choice;
  choice.index = options.device.index;
  choice.serial = options.device.serial;
  const bool has_dongle = co_await check_dongle(std::move(choice), workers);
  const bool has_sound = co_await check_sound();
  if (has_dongle && has_sound) say_good("", "all is well: fmrx -f 92.7M");
  co_return !has_dongle ? ExitStatus::source : !has_sound ? ExitStatus::output : ExitStatus::done;
}

}  // namespace fmrx::app
