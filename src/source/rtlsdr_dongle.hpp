// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/units.hpp"
#include "source/dongle_connection.hpp"
#include "source/rtlsdr.hpp"

struct rtlsdr_dev;

namespace fmrx::source {

/// It is there, but librtlsdr could not open it.
class DongleNotOpened : public Error {
 public:
  DongleNotOpened(DongleOpening why, const std::string& line) : Error(ExitStatus::source, line), why_(why) {}

  [[nodiscard]] DongleOpening why() const { return why_; }

 private:
  DongleOpening why_;
};

/// librtlsdr as the project sees it: one open dongle. Everything blocks, but cancel(), and all
/// but cancel() and set_gain() belongs to one thread. Throws fmrx::Error with a line for the
/// user.
class Dongle {
 public:
  using Receive = void (*)(unsigned char* bytes, std::uint32_t count, void* context);

  explicit Dongle(const DongleChoice& choice);
  Dongle(const Dongle&) = delete;
  Dongle& operator=(const Dongle&) = delete;
  ~Dongle();

  void set_up(const RtlsdrConfig& config);

  /// Calls `receive` for each transfer, until cancelled or lost. Gives librtlsdr's code, which
  /// tells nothing reliable: who did not cancel has lost the dongle.
  [[nodiscard]] int stream(std::size_t transfer_bytes, Receive receive, void* context);

  /// Ends stream(), from any thread or from `receive`, without blocking. False: streaming has
  /// not quite begun, or has ended; who waits for its end must ask again. Once it was true it
  /// must not be called again: librtlsdr would then free transfers that are in flight.
  [[nodiscard]] bool cancel() noexcept;

  /// Also beside stream(), from one other thread. The nearest one that the tuner has; nothing:
  /// its own AGC.
  void set_gain(std::optional<Decibels> gain);

  /// Streams the chip's test counter for a while, into the examination.
  void count(DongleExamination& examination);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const DongleChoice& choice() const { return choice_; }
  [[nodiscard]] SampleRate rate() const;
  [[nodiscard]] Hertz centre() const;
  [[nodiscard]] std::vector<Decibels> gains() const;

 private:
  struct Close {
    void operator()(rtlsdr_dev* device) const noexcept;
  };

  void set_frequency(Hertz station, SampleRate rate);
  void refuse_old_driver() const;
  void check(int code, const std::string& what) const;

  std::unique_ptr<rtlsdr_dev, Close> device_;
  bool supplies_antenna_ = false;
  std::string tuner_;
  std::string name_;
  DongleChoice choice_;
};

/// Throws fmrx::Error (usage) for a rate that librtlsdr refuses.
void check_dongle_rate(SampleRate rate);

/// How far beside the station the oscillator is set.
[[nodiscard]] Hertz oscillator_offset(SampleRate rate);

/// examine_dongle(), blocking.
[[nodiscard]] DongleExamination examine(const DongleChoice& choice);

/// Whoever is attached. Blocks.
[[nodiscard]] std::vector<DongleInfo> find_dongles();

}  // namespace fmrx::source
