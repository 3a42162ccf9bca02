// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/urgency.hpp"
#include "program/program.hpp"
#include "support/child_process.hpp"
#include "support/sound_server.hpp"

namespace fmrx::test {

/// What a PulseAudio server plays, and when: 48 kHz stereo from the monitor of its sink, with the
/// moments at which it came.
class Monitor {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Monitor(int latency_ms = 5)
      : recorder_({{"parec", "-d", "t.monitor", "--latency-msec=" + std::to_string(latency_ms),
                    "--format=s16le", "--rate=48000", "--channels=2"},
                   -1,
                   pipe_.write_end.get()}) {
    pipe_.write_end.reset();
    recorder_.hurry();
    const Time begun = std::chrono::steady_clock::now();
    read_some();
    REQUIRE(std::chrono::steady_clock::now() - begun < kSoundPatience);
    reader_ = std::thread([this] {
      hurry_this_thread();
      while (read_some()) {
      }
    });
  }
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  ~Monitor() { finish(); }

  /// After it, what was heard may be looked at.
  void finish() {
    if (!reader_.joinable()) return;
    recorder_.signal(SIGTERM);
    recorder_.wait(kSoundPatience);
    reader_.join();
  }

  [[nodiscard]] std::span<const std::int16_t> samples() const { return samples_; }
  [[nodiscard]] std::size_t frames() const { return samples_.size() / 2; }
  [[nodiscard]] int left(std::size_t frame) const { return samples_[2 * frame]; }

  /// When the server played that frame: nothing comes early, so by the arrival in the 2.5 s round it
  /// that was the least late.
  [[nodiscard]] Time time_of(std::size_t frame) const {
    constexpr std::size_t kNear_frames = 60'000;
    auto lead = std::chrono::steady_clock::duration::min();
    for (const Arrival& arrival : arrivals_) {
      if (arrival.frames + kNear_frames < frame || arrival.frames > frame + kNear_frames) continue;
      lead = std::max(lead, duration_of(arrival.frames) - arrival.time.time_since_epoch());
    }
    return Time(duration_of(frame) - lead);
  }

 private:
  struct Arrival {
    Time time;
    std::size_t frames;  ///< with it, in all
  };

  static std::chrono::steady_clock::duration duration_of(std::size_t frames) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(frames) * 1'000'000'000 / 48'000);
  }

  bool read_some() {
    std::array<char, 8192> buffer{};
    const auto got = ::read(pipe_.read_end.get(), buffer.data(), buffer.size());
    if (got <= 0) return false;
    bytes_.append(buffer.data(), static_cast<std::size_t>(got));
    const std::size_t whole = bytes_.size() / 4 * 4;
    const std::size_t before = samples_.size();
    samples_.resize(before + whole / 2);
    std::memcpy(samples_.data() + before, bytes_.data(), whole);
    bytes_.erase(0, whole);
    arrivals_.push_back({std::chrono::steady_clock::now(), frames()});
    return true;
  }

  Pipe pipe_;
  ChildProcess recorder_;
  std::string bytes_;
  std::vector<std::int16_t> samples_;
  std::vector<Arrival> arrivals_;
  std::thread reader_;
};

}  // namespace fmrx::test
