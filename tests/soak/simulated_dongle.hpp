// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <random>

#include "rt/event_loop.hpp"
#include "source/dongle_connection.hpp"

namespace fmrx::test {

/// A dongle that sends numbered frames by a crystal of its own, on virtual time, without threads. It
/// outlives its connections, and counts what became of every frame.
class SimulatedDongle {
 public:
  SimulatedDongle(double ppm, std::uint64_t seed) : rate_hz_(48e3 * (1 + ppm * 1e-6)), random_(seed) {}
  SimulatedDongle(const SimulatedDongle&) = delete;
  SimulatedDongle& operator=(const SimulatedDongle&) = delete;

  /// Begins to open it. The dongle must outlive what it gives.
  [[nodiscard]] std::unique_ptr<source::DongleConnection> connect();

  // Faults, from now on for so long.

  void unplug(rt::Duration time);
  void refuse_to_open(rt::Duration time) { refuses_until_ = now() + time; }
  /// It sends nothing; shorter than the watchdog's second, it goes on by itself.
  void fall_silent(rt::Duration time) { silent_until_ = now() + time; }
  /// It sends nothing until it is opened again.
  void wedge() { wedged_ = true; }
  /// It sends one and the same byte.
  void freeze(rt::Duration time) { frozen_until_ = now() + time; }
  /// Streaming ends by itself.
  void break_off() { ++lives_; }
  /// The chip loses samples and says nothing.
  void lose_samples(rt::Duration time) { to_lose_ += frames_in(time); }
  void hang_in_next_opening() { hangs_in_opening_ = true; }
  void hang_in_next_closing() { hangs_in_closing_ = true; }

  /// Of frames.
  struct Ledger {
    std::uint64_t handed_over = 0;  ///< into fmrx's ring
    std::uint64_t overflowed = 0;   ///< the ring was full
    std::uint64_t lost = 0;         ///< in the chip, while it streamed
    std::uint64_t unread = 0;       ///< in the ring when fmrx let go of the connection
  };
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

 private:
  class Connection;

  [[nodiscard]] static rt::TimePoint now() { return rt::EventLoop::current().now(); }
  [[nodiscard]] std::uint64_t frames_in(rt::Duration time) const;
  /// When the crystal has counted so many frames.
  [[nodiscard]] rt::TimePoint time_of(std::uint64_t frame) const;
  [[nodiscard]] bool is_plugged() const { return now() >= away_until_; }
  [[nodiscard]] rt::Duration some_time(rt::Duration least, rt::Duration most);

  double rate_hz_;
  std::mt19937_64 random_;
  rt::TimePoint away_until_{};
  rt::TimePoint refuses_until_{};
  rt::TimePoint silent_until_{};
  rt::TimePoint frozen_until_{};
  bool wedged_ = false;
  bool hangs_in_opening_ = false;
  bool hangs_in_closing_ = false;
  unsigned lives_ = 0;  ///< a connection of an earlier one is dead
  std::uint64_t to_lose_ = 0;
  Ledger ledger_;
};

}  // namespace fmrx::test
