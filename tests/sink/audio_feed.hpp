// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "rt/foreign_thread.hpp"
#include "rt/gather.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "sink/sink.hpp"

namespace fmrx::test {

/// White noise, the same in every run, within +-peak; interleaved stereo.
inline std::vector<float> noise(std::size_t frames, float peak = 0.5F) {
  std::vector<float> samples(frames * kAudioChannels);
  std::uint32_t state = 1;
  for (float& sample : samples) {
    state = state * 1'664'525 + 1'013'904'223;  // Numerical Recipes' generator; its upper bits are good
    sample = peak * (static_cast<float>(state >> 8) / 8'388'608.0F - 1.0F);
  }
  return samples;
}

inline sink::AudioBlock block_of(std::span<const float> samples) {
  return sink::AudioBlock(std::make_shared<const std::vector<float>>(samples.begin(), samples.end()));
}

/// Writes all samples in blocks of 20 ms, as a pipeline does, and closes the channel.
inline rt::Task<void> feed(sink::AudioChannel& audio, const std::vector<float>& samples) {
  constexpr std::size_t kBlock_samples = 960 * kAudioChannels;
  std::span<const float> rest = samples;
  while (!rest.empty()) {
    const std::size_t count = std::min(kBlock_samples, rest.size());
    const bool wanted = co_await audio.push(block_of(rest.first(count)));
    if (!wanted) break;
    rest = rest.subspan(count);
  }
  audio.close();
}

inline rt::Task<void> run_sink(sink::Sink& sink, sink::AudioChannel& audio, sink::SinkEnd& end) {
  end = co_await sink.run(audio);
  audio.abandon();
}

/// Opens the sink and has it deliver `samples`.
inline rt::Task<sink::SinkEnd> deliver(sink::Sink& sink, const std::vector<float>& samples) {
  co_await sink.open();
  sink::AudioChannel audio(4);
  sink::SinkEnd end{};
  rt::Scope scope;
  scope.spawn(feed(audio, samples));
  scope.spawn(run_sink(sink, audio, end));
  co_await scope.join();
  co_return end;
}

/// Waits until the sink takes nothing any more, because whoever it delivers to does not.
inline rt::Task<void> until_stuck(const sink::AudioChannel& audio) {
  while (!audio.full()) co_await rt::sleep_for(std::chrono::milliseconds(1));
}

/// As when the user presses Ctrl-C while nothing moves: the source stops, the sink is hurried.
/// `samples` must be more than the sink can get rid of.
inline rt::Task<sink::SinkEnd> deliver_until_stuck_then_hurry(sink::Sink& sink,
                                                              const std::vector<float>& samples) {
  co_await sink.open();
  sink::AudioChannel audio(4);
  sink::SinkEnd end{};
  rt::Scope feeding;
  rt::Scope running;
  feeding.spawn(feed(audio, samples));
  running.spawn(run_sink(sink, audio, end));
  co_await until_stuck(audio);
  feeding.stop();
  co_await feeding.join();
  audio.close();
  sink.hurry();
  co_await running.join();
  co_return end;
}

/// Cancels the sink's run() in the midst of it.
inline rt::Task<void> deliver_until_stuck_then_cancel(sink::Sink& sink, const std::vector<float>& samples) {
  co_await sink.open();
  sink::AudioChannel audio(4);
  sink::SinkEnd end{};
  rt::Scope scope;
  scope.spawn(feed(audio, samples));
  scope.spawn(run_sink(sink, audio, end));
  co_await until_stuck(audio);
  scope.stop();
  co_await scope.join();
}

/// What a program does before it leaves: threads that were left behind finish their files.
inline void wait_for_threads_left_behind() {
  while (rt::ForeignThread::left_behind() > 0) std::this_thread::yield();
}

}  // namespace fmrx::test
