// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/portaudio_sink.hpp"

#include <portaudio.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "base/log.hpp"
#include "rt/bridge.hpp"
#include "rt/foreign_thread.hpp"
#include "rt/sleep.hpp"
#include "sink/playback.hpp"
#include "sink/silence_sound_libraries.hpp"

namespace fmrx::sink {

namespace {

using namespace std::chrono_literals;

/// 171 ms. Playing begins when half of it is filled; a live source keeps it there.
constexpr std::size_t kRing_samples = 16'384;
/// What PortAudio and the card keep themselves, behind the ring.
constexpr PaTime kDeviceLatency_s = 0.05;

/// A server that answers at all does so within a second, even while it starts.
constexpr auto kOpenPatience = 5s;
/// A card that has fetched nothing for so long is frozen: said first, then given up.
constexpr auto kSilenceToReport = 1s;
constexpr auto kSilenceToGiveUp = 5s;
/// JACK under PipeWire has claimed a latency of a day.
constexpr PaTime kLargestLatency_s = 0.5;
/// For the card to play what it holds, and to be let go of; hurried.
constexpr auto kClosePatience = 2s;
constexpr auto kHurriedClosePatience = 150ms;

/// Half of the time that `samples` last, within limits: to look again before they are played.
rt::Duration half_of(std::size_t samples) {
  const auto frames = static_cast<std::int64_t>(samples / kAudioChannels);
  const rt::Duration half = std::chrono::nanoseconds(frames * 500'000'000 / kAudioRate.value());
  return std::clamp<rt::Duration>(half, 2ms, 50ms);
}

[[noreturn]] void throw_no_card(const std::string& problem) {
  throw Error(ExitStatus::output,
              problem + ": use -o x.wav to record, or -o - to pipe the audio to another program");
}

std::string describe(PaError error) {
  if (error != paUnanticipatedHostError) return ::Pa_GetErrorText(error);
  return ::Pa_GetLastHostErrorInfo()->errorText;
}

void check(PaError error, const char* problem) {
  if (error != paNoError) throw_no_card(problem + (" (" + describe(error)) + ")");
}

/// PortAudio itself, from Pa_Initialize() to Pa_Terminate().
class Library {
 public:
  Library() {
    silence_sound_libraries();
    check(::Pa_Initialize(), "cannot use the sound system");
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { ::Pa_Terminate(); }
};

/// What the loop, PortAudio's thread and its callback share. The thread writes `failure`
/// before it ends or closes `opened`; the loop reads it afterwards.
struct Shared {
  Playback playback{kRing_samples};
  std::atomic<bool> stream_ended{false};  ///< the card has ended it, or we have
  rt::Inbound<PaTime> opened{1};          ///< the latency, in seconds, of what lies behind the ring
  rt::Outbound<bool> start{1};            ///< one item: begin; closed: end
  std::string failure;

  void play_until_closed() noexcept;
};

/// A stream to the default sound card. All calls may hang.
class Stream {
 public:
  explicit Stream(Shared& shared) {
    const PaDeviceIndex device = ::Pa_GetDefaultOutputDevice();
    if (device == paNoDevice) throw_no_card("no sound card and no sound server found");
    PaStreamParameters output{};
    output.device = device;
    output.channelCount = static_cast<int>(kAudioChannels);
    output.sampleFormat = paFloat32;
    output.suggestedLatency = kDeviceLatency_s;
    check(::Pa_OpenStream(&stream_, nullptr, &output, kAudioRate.hz(), paFramesPerBufferUnspecified, paNoFlag,
                          &Stream::fetch, &shared),
          "the default sound card does not play 48 kHz stereo");
    ::Pa_SetStreamFinishedCallback(stream_, &Stream::ended);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { ::Pa_CloseStream(stream_); }

  void start() { check(::Pa_StartStream(stream_), "the sound card does not start"); }
  /// Drops what the card has not played yet: PulseAudio does so even where PortAudio waits.
  void stop() { ::Pa_AbortStream(stream_); }

  [[nodiscard]] PaTime latency_s() const {
    return std::clamp(::Pa_GetStreamInfo(stream_)->outputLatency, 0.0, kLargestLatency_s);
  }

 private:
  static int fetch(const void* /*input*/, void* output, unsigned long frames,
                   const PaStreamCallbackTimeInfo* /*time*/, PaStreamCallbackFlags /*flags*/,
                   void* shared) noexcept {
    static_cast<Shared*>(shared)->playback.fetch({static_cast<float*>(output), frames * kAudioChannels});
    return paContinue;
  }
  static void ended(void* shared) noexcept { static_cast<Shared*>(shared)->stream_ended.store(true); }

  PaStream* stream_ = nullptr;
};

/// The thread's whole life.
void Shared::play_until_closed() noexcept {
  try {
    const Library library;
    Stream stream(*this);
    opened.push(stream.latency_s());
    bool order = false;
    while (start.wait()) {
      start.read({&order, 1});
      stream.start();
    }
    stream.stop();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  opened.close();
}

rt::Task<bool> until_open(Shared& shared) {
  const bool is_open = co_await shared.opened.data();
  co_return is_open;
}

rt::Task<void> until_ended(const rt::ForeignThread& thread) {
  co_await thread.end();
}

class PortAudioSink final : public Sink {
 public:
  ~PortAudioSink() override { shared_->start.close(); }

  [[nodiscard]] std::string name() const override { return "sound card"; }

  [[nodiscard]] rt::Task<void> open() override {
    const std::shared_ptr<Shared> shared = shared_;
    thread_ = std::make_unique<rt::ForeignThread>([shared] { shared->play_until_closed(); });
    const std::optional<bool> is_open = co_await rt::with_timeout(kOpenPatience, until_open(*shared_));
    if (!is_open) throw_no_card("the sound server does not answer");
    if (!*is_open) throw Error(ExitStatus::output, shared_->failure);
    PaTime latency_s = 0;
    shared_->opened.read({&latency_s, 1});
    latency_frames_ = static_cast<std::uint64_t>(latency_s * kAudioRate.hz());
  }

  [[nodiscard]] rt::Task<SinkEnd> run(AudioChannel& audio) override;

  void hurry() noexcept override {
    hurried_ = true;
    shared_->playback.fade_out();
  }

  [[nodiscard]] std::chrono::milliseconds buffered() const override {
    const std::size_t frames = shared_->playback.size() / kAudioChannels;
    return std::chrono::milliseconds(frames * 1000 / kAudioRate.value());
  }

 private:
  rt::Task<void> play(AudioChannel& audio);
  rt::Task<void> let_it_play();
  rt::Task<void> until_heard();
  [[nodiscard]] rt::Duration close_patience() const {
    return hurried_ ? rt::Duration(kHurriedClosePatience) : rt::Duration(kClosePatience);
  }
  void start();
  void look_after_card(rt::Duration since_last_look);

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::unique_ptr<rt::ForeignThread> thread_;
  std::uint64_t latency_frames_ = 0;  ///< of PortAudio and the card, behind the ring
  bool started_ = false;
  bool hurried_ = false;
  std::uint64_t fetches_seen_ = 0;
  rt::Duration silence_{};  ///< how long the card has fetched nothing
};

rt::Task<SinkEnd> PortAudioSink::run(AudioChannel& audio) {
  // However this frame ends, the thread is told to end as well, without a click.
  struct LetGo {
    Shared& shared;
    ~LetGo() {
      shared.playback.fade_out();
      shared.start.close();
    }
  };
  bool complete = false;
  {
    const LetGo let_go{*shared_};
    co_await play(audio);
    complete = shared_->playback.size() == 0;
    if (started_) co_await rt::with_timeout(close_patience(), until_heard());
  }
  const bool ended = co_await rt::with_timeout(close_patience(), until_ended(*thread_));
  if (!ended) log::debug("the sound card does not answer; left behind");
  if (const std::uint64_t gaps = shared_->playback.underruns(); gaps > 0) {
    log::info(name() + ": " + std::to_string(gaps) + " gaps, audio came too late");
  }
  co_return complete ? SinkEnd::finished : SinkEnd::gave_up;
}

/// Plays until the channel's end, or until hurried.
rt::Task<void> PortAudioSink::play(AudioChannel& audio) {
  Playback& playback = shared_->playback;
  while (!hurried_) {
    // Only what there is room for is taken from the channel: a source that can wait is so
    // paced by the sound card.
    while (playback.space() < kAudioChannels && !hurried_) co_await let_it_play();
    const std::optional<AudioBlock> block = co_await audio.pop();
    if (!block) break;
    std::span<const float> rest = block->samples();
    while (!rest.empty() && !hurried_) {
      rest = rest.subspan(playback.write(rest));
      if (playback.size() >= playback.capacity() / 2) start();
      if (!rest.empty()) co_await let_it_play();
    }
  }
  playback.expect_end();
  if (playback.size() > 0) start();
  while (playback.size() > 0 && !hurried_) co_await let_it_play();
}

/// Waits until the card has fetched so much silence that all audio before it has been played.
rt::Task<void> PortAudioSink::until_heard() {
  while (shared_->playback.silent_frames() <= latency_frames_) co_await let_it_play();
}

void PortAudioSink::start() {
  if (started_) return;
  started_ = true;
  const bool order = true;
  shared_->start.write({&order, 1});
}

/// Sleeps while the card plays half of what the ring holds.
rt::Task<void> PortAudioSink::let_it_play() {
  const rt::Duration pause = half_of(shared_->playback.size());
  co_await rt::sleep_for(pause);
  look_after_card(pause);
}

/// Throws if the card has gone. Time is counted in pauses made, not by the clock, which runs
/// on while the program is stopped (Ctrl-Z) and the card fetches nothing.
void PortAudioSink::look_after_card(rt::Duration since_last_look) {
  if (thread_->ended()) throw Error(ExitStatus::output, shared_->failure);
  if (shared_->stream_ended.load()) throw_no_card("the sound card or its server has gone");
  const std::uint64_t fetches = shared_->playback.fetches();
  if (fetches != fetches_seen_) {
    fetches_seen_ = fetches;
    silence_ = {};
    return;
  }
  const bool reported = silence_ >= kSilenceToReport;
  silence_ += since_last_look;
  if (!reported && silence_ >= kSilenceToReport) log::warn("the sound card takes no audio");
  if (silence_ >= kSilenceToGiveUp) throw_no_card("the sound card has taken no audio for 5 s");
}

}  // namespace

std::unique_ptr<Sink> make_portaudio_sink() {
  return std::make_unique<PortAudioSink>();
}

}  // namespace fmrx::sink
