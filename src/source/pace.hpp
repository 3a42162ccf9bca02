// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "base/units.hpp"
#include "rt/event_loop.hpp"

namespace fmrx::source {

/// When samples that are there already would have come from a dongle, by the loop's clock.
class Pace {
 public:
  explicit Pace(SampleRate rate) : rate_(rate) {}

  /// The moment at which the next `samples` are complete. The first ones begin now. Whoever
  /// falls behind by more than a hiccup (the program was suspended, a sink blocked) goes on
  /// from now on, instead of catching up with a burst.
  [[nodiscard]] rt::TimePoint due(std::uint64_t samples) {
    const rt::TimePoint now = rt::EventLoop::current().now();
    if (samples_ == 0 || now - (beginning_ + length(samples_)) > kHiccup) {
      beginning_ = now;
      samples_ = 0;
    }
    samples_ += samples;
    return beginning_ + length(samples_);
  }

 private:
  static constexpr rt::Duration kHiccup = std::chrono::milliseconds(250);

  /// Exact for any number of samples: whole seconds first, so that nothing overflows.
  [[nodiscard]] rt::Duration length(std::uint64_t samples) const {
    const std::uint64_t rate = rate_.value();
    const auto whole = std::chrono::seconds(samples / rate);
    const auto rest = std::chrono::nanoseconds(samples % rate * 1'000'000'000 / rate);
    return whole + std::chrono::duration_cast<rt::Duration>(rest);
  }

  SampleRate rate_;
  rt::TimePoint beginning_;
  std::uint64_t samples_ = 0;
};

}  // namespace fmrx::source
