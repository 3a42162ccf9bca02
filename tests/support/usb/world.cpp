// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/world.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace fmrx::test {

World::World(Behaviour behaviour) : behaviour_(std::move(behaviour)), states_(behaviour_.faults.size()) {
  if (behaviour_.log_path.empty()) return;
  log_ = UniqueFd(::open(behaviour_.log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!log_) {
    std::perror("FMRX_USB: log");
    std::abort();
  }
}

std::optional<std::string> World::fault(std::string_view name) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Fault& fault = behaviour_.faults[i];
    if (fault.name != name) continue;
    update(fault, states_[i]);
    if (states_[i].begun && !states_[i].is_over) return fault.value;
  }
  return std::nullopt;
}

bool World::take(std::string_view name) {
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Fault& fault = behaviour_.faults[i];
    State& state = states_[i];
    if (fault.name != name) continue;
    update(fault, state);
    if (!state.begun || state.is_over) continue;
    const auto most = fault.value.empty() ? UINT64_MAX : std::strtoull(fault.value.c_str(), nullptr, 10);
    if (state.taken >= most) continue;
    ++state.taken;
    return true;
  }
  return false;
}

void World::update(const Fault& fault, State& state) {
  if (!state.begun && is_reached(fault.begin)) {
    state.begun = Clock::now();
    // By the description, not by when somebody looked.
    if (fault.begin.unit == Span::Unit::nanoseconds && begun_)
      state.begun = *begun_ + std::chrono::nanoseconds(fault.begin.count);
    state.bytes_then = bytes_;
    state.transfers_then = transfers_;
    if (fault.name == "unplug") ++unplugs_;
    log_at(*state.begun, "fault " + fault.name + " begins");
  }
  if (state.begun && !state.is_over && is_through(fault.length, state)) {
    state.is_over = true;
    if (fault.name == "unplug" && fault.value != "same") ++moves_;
    const bool is_timed = fault.length.unit == Span::Unit::nanoseconds;
    log_at(is_timed ? *state.begun + std::chrono::nanoseconds(fault.length.count) : Clock::now(),
           "fault " + fault.name + " ends");
  }
}

bool World::is_reached(const Span& span) const {
  switch (span.unit) {
    case Span::Unit::bytes:
      return bytes_ >= span.count;
    case Span::Unit::transfers:
      return transfers_ >= span.count;
    case Span::Unit::nanoseconds:
      return span.count == 0 || (begun_ && Clock::now() - *begun_ >= std::chrono::nanoseconds(span.count));
  }
  return false;
}

bool World::is_through(const Span& span, const State& state) const {
  if (span.count == Fault::kForGood) return false;
  switch (span.unit) {
    case Span::Unit::bytes:
      return bytes_ - state.bytes_then >= span.count;
    case Span::Unit::transfers:
      return transfers_ - state.transfers_then >= span.count;
    case Span::Unit::nanoseconds:
      return Clock::now() - *state.begun >= std::chrono::nanoseconds(span.count);
  }
  return false;
}

void World::streaming_begins() {
  if (!begun_) begun_ = Clock::now();
}

void World::count_transfer(std::uint64_t bytes) {
  bytes_ += bytes;
  ++transfers_;
}

unsigned World::unplugs() {
  [[maybe_unused]] const auto now = fault("unplug");
  return unplugs_;
}

unsigned World::moves() {
  [[maybe_unused]] const auto now = fault("unplug");
  return moves_;
}

void World::log_at(Clock::time_point when, const std::string& event) {
  if (!log_) return;
  std::array<char, 32> time{};
  std::snprintf(time.data(), time.size(), "%.4f ", std::chrono::duration<double>(when - made_).count());
  const std::string line = time.data() + event + '\n';
  [[maybe_unused]] const ssize_t written = ::write(log_.get(), line.data(), line.size());
}

}  // namespace fmrx::test
