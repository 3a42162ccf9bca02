// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/usb/behaviour.hpp"

namespace fmrx::test {

using Clock = std::chrono::steady_clock;

/// What outlives every opening of the dongle: which faults are on, what has been streamed, the
/// log. Its clock begins with the first transfer that is submitted. Not thread-safe.
class World {
 public:
  explicit World(Behaviour behaviour);

  [[nodiscard]] const Behaviour& behaviour() const { return behaviour_; }

  /// The value of a fault that is on (by default empty); nothing if it is not.
  [[nodiscard]] std::optional<std::string> fault(std::string_view name);
  [[nodiscard]] bool has(std::string_view name) { return fault(name).has_value(); }
  /// As has(), but no more often than the fault's value says.
  [[nodiscard]] bool take(std::string_view name);

  void streaming_begins();
  void count_transfer(std::uint64_t bytes);

  /// How often the first dongle has been pulled out: who has it open lost it if this changes.
  [[nodiscard]] unsigned unplugs();
  /// How often it came back at another address of the bus.
  [[nodiscard]] unsigned moves();

  void log(const std::string& event) { log_at(Clock::now(), event); }

 private:
  struct State {
    std::optional<Clock::time_point> begun;
    std::uint64_t bytes_then = 0;
    std::uint64_t transfers_then = 0;
    std::uint64_t taken = 0;
    bool is_over = false;
  };

  void update(const Fault& fault, State& state);
  [[nodiscard]] bool is_reached(const Span& span) const;
  [[nodiscard]] bool is_through(const Span& span, const State& state) const;
  void log_at(Clock::time_point when, const std::string& event);

  Behaviour behaviour_;
  std::vector<State> states_;
  std::optional<Clock::time_point> begun_;
  Clock::time_point made_ = Clock::now();
  std::uint64_t bytes_ = 0;
  std::uint64_t transfers_ = 0;
  unsigned unplugs_ = 0;
  unsigned moves_ = 0;
  UniqueFd log_;
};

}  // namespace fmrx::test
