// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/portaudio_sink.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "dsp/fractional_resampler.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "sink/delay_control.hpp"
#include "sink/sound_process.hpp"
#include "sink/splice.hpp"

namespace fmrx::sink {

namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

/// A server that answers at all does so within a second, even while it starts.
constexpr auto kOpenPatience = 5s;
/// A card that has fetched nothing for so long is frozen. Counted in looks, lest a program that
/// was stopped (Ctrl-Z) find its card frozen.
constexpr auto kLookInterval = 250ms;
constexpr int kLooksWithoutFetch = 4;
/// Between two attempts to open it again.
constexpr auto kFirstPause = 250ms;
constexpr auto kLongestPause = 1000ms;
/// For the card to play what it holds; hurried.
constexpr auto kPlayOutPatience = 2s;
constexpr auto kHurriedPatience = 150ms;
/// Of audio that waits for the card, this much is kept before it, and that much in it.
constexpr auto kAhead = 120ms;
constexpr auto kUnhurriedCardLatency = 60ms;
/// The largest block that the resampler takes at once.
constexpr std::size_t kPiece_frames = 4096;

/// What the card's own buffers are asked to hold: of a latency that is given, a part; the rest is
/// in the ring.
std::chrono::milliseconds card_share(const SoundConfig& config) {
  return config.live ? config.latency * 28 / 100 : kUnhurriedCardLatency;
}

std::size_t frames_in(std::chrono::nanoseconds time, SampleRate rate) {
  return static_cast<std::size_t>(std::chrono::duration<double>(time).count() * rate.hz());
}

/// The longest delay for which the ring has room, and for what comes late.
std::chrono::nanoseconds longest_delay(SampleRate rate) {
  constexpr std::int64_t kFrames = Playback::kCapacity_samples / kAudioChannels * 7 / 8;
  return std::chrono::nanoseconds(kFrames * 1'000'000'000 / rate.value());
}

std::string counted(std::uint64_t count, const std::string& what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

[[noreturn]] void throw_no_card(const std::string& problem) {
  throw Error(ExitStatus::output,
              problem + ": use -o x.wav to record, or -o - to pipe the audio to another program");
}

/// A process that plays, and what the sink knows of its card.
class Player {
 public:
  Player(const SoundConfig& config, const std::string& card)
      : process_(config.program, {"play", card, std::to_string(card_share(config).count())}) {}

  /// Nothing: the card is open. Else why not.
  rt::Task<std::optional<std::string>> until_open() {
    const std::optional<Words> line = co_await process_.next_line();
    if (!line) co_return "the process that plays has ended";
    if (line->size() == 2 && line->front() == "failed") co_return printable(line->back());
    if (line->size() != 3 || line->front() != "opened") co_return "the process that plays talks nonsense";
    rate_ = SampleRate(static_cast<std::uint32_t>(std::stoul((*line)[1])));
    card_ = (*line)[2];
    co_return std::nullopt;
  }

  /// Returns when the card, or its process, has gone.
  rt::Task<void> until_gone() { co_await process_.next_line(); }

  [[nodiscard]] Playback& playback() const { return process_.playback(); }
  [[nodiscard]] SampleRate rate() const { return rate_; }
  [[nodiscard]] const std::string& card() const { return card_; }
  void finish() { process_.finish(); }
  void kill() { process_.kill(); }

 private:
  SoundProcess process_;
  SampleRate rate_ = kAudioRate;
  std::string card_;
};

class PortAudioSink final : public Sink {
 public:
  explicit PortAudioSink(SoundConfig config)
      : config_(std::move(config)), control_(kAudioRate, config_.latency) {}

  [[nodiscard]] std::string name() const override { return "sound card"; }
  [[nodiscard]] rt::Task<void> open() override;
  [[nodiscard]] rt::Task<SinkEnd> run(AudioChannel& audio) override;

  void hurry() noexcept override {
    hurried_ = true;
    if (player_) player_->playback().fade_out();
  }

  [[nodiscard]] std::chrono::milliseconds buffered() const override;
  [[nodiscard]] std::optional<SoundState> sound() const override;

 private:
  rt::Task<std::optional<std::string>> try_to_open();
  rt::Task<void> keep_card();
  rt::Task<std::string> until_lost();
  rt::Task<void> reopen();
  void lose_card();

  rt::Task<void> play(AudioChannel& audio);
  rt::Task<void> until_room();
  rt::Task<void> write_all(std::span<const float> samples);
  void write_live(std::span<const float> samples);
  rt::Task<void> play_out();
  rt::Task<void> until_heard();

  void steer();
  void read_notes();
  [[nodiscard]] std::span<const float> at_card_rate(std::span<const float> samples);
  [[nodiscard]] std::chrono::nanoseconds latency_before_ring() const;
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] std::uint64_t underruns() const;
  void report_clocks() const;
  void report() const;

  SoundConfig config_;
  std::unique_ptr<Player> player_;  ///< null while there is no card
  std::string card_;                ///< of the first opening; else empty
  std::optional<dsp::FractionalResampler> resampler_;
  Splice splice_;
  DelayControl control_;
  std::uint64_t received_ = 0;  ///< frames, since this player is there
  std::uint64_t written_ = 0;   ///< of what has become of them, to this player
  rt::TimePoint steered_{};
  std::uint64_t underruns_before_ = 0;  ///< of players that are gone
  std::uint64_t underruns_said_ = 0;
  double left_out_s_ = 0;  ///< because the card was late
  unsigned losses_ = 0;
  bool hurried_ = false;
};

// --- the card, open, lost and opened again ----------------------------------------------------

rt::Task<void> PortAudioSink::open() {
  const std::optional<std::string> problem = co_await try_to_open();
  if (problem) throw_no_card(*problem);
  // The same card after a loss, even if its index has gone to another by then.
  if (!config_.card.empty()) card_ = player_->card();
  log::debug("sound card: " + printable(player_->card()) + ", " + std::to_string(player_->rate().value()) +
             " Hz");
}

/// Nothing: it is open. Else why not.
rt::Task<std::optional<std::string>> PortAudioSink::try_to_open() {
  auto player = std::make_unique<Player>(config_, card_.empty() ? config_.card : card_);
  std::optional<std::optional<std::string>> problem =
      co_await rt::with_timeout(kOpenPatience, player->until_open());
  if (!problem) {
    player->kill();
    co_return "the sound server does not answer";
  }
  if (*problem) co_return *problem;
  player_ = std::move(player);
  received_ = 0;
  written_ = 0;
  resampler_.reset();
  if (config_.live || player_->rate() != kAudioRate) resampler_.emplace(player_->rate(), kPiece_frames);
  control_.restart(player_->rate(),
                   std::min(config_.latency - latency_before_ring(), longest_delay(player_->rate())));
  co_return std::nullopt;
}

rt::Task<void> PortAudioSink::keep_card() {
  for (;;) {
    const std::string loss = co_await until_lost();
    log::warn("sound card: " + loss + "; it will play on when that is back");
    const rt::TimePoint since = rt::EventLoop::current().now();
    lose_card();
    co_await reopen();
    const auto away = std::chrono::round<std::chrono::milliseconds>(rt::EventLoop::current().now() - since);
    log::info("sound card: back after " + std::to_string(away.count()) + " ms");
  }
}

/// Why it was lost.
rt::Task<std::string> PortAudioSink::until_lost() {
  std::uint64_t fetches_seen = 0;
  for (int looks = 0; looks < kLooksWithoutFetch; ++looks) {
    const bool gone = co_await rt::with_timeout(kLookInterval, player_->until_gone());
    if (gone) co_return "the card or its server has gone";
    const std::uint64_t fetches = player_->playback().fetches();
    if (fetches != std::exchange(fetches_seen, fetches)) looks = 0;
  }
  co_return "it takes no audio";
}

void PortAudioSink::lose_card() {
  underruns_before_ = underruns();
  ++losses_;
  player_->kill();
  player_.reset();
}

rt::Task<void> PortAudioSink::reopen() {
  for (rt::Duration pause = kFirstPause;; pause = std::min<rt::Duration>(2 * pause, kLongestPause)) {
    co_await rt::sleep_for(pause);
    const std::optional<std::string> problem = co_await try_to_open();
    if (!problem) co_return;
    log::debug("sound card: " + *problem);
  }
}

// --- the audio -----------------------------------------------------------------------------

rt::Task<SinkEnd> PortAudioSink::run(AudioChannel& audio) {
  // However this frame ends, the card fades out, without a click.
  struct FadeOut {
    PortAudioSink& sink;
    ~FadeOut() {
      if (!sink.player_) return;
      sink.player_->playback().fade_out();
      sink.player_->finish();
    }
  } fade_out{*this};

  rt::Scope beside;
  beside.spawn(keep_card());
  co_await play(audio);
  report_clocks();
  const rt::Duration patience = hurried_ ? rt::Duration(kHurriedPatience) : rt::Duration(kPlayOutPatience);
  const bool complete = co_await rt::with_timeout(patience, play_out());
  beside.stop();
  co_await beside.join();
  report();
  co_return complete && !hurried_ ? SinkEnd::finished : SinkEnd::gave_up;
}

/// Until the channel's end or, if the card sets the pace, until hurried.
rt::Task<void> PortAudioSink::play(AudioChannel& audio) {
  for (;;) {
    // Only what there is room for is taken from the channel: a source that can wait is so
    // paced by the sound card.
    if (!config_.live) co_await until_room();
    const std::optional<AudioBlock> block = co_await audio.pop();
    if (!block) break;
    if (config_.live) {
      write_live(block->samples());
    } else {
      co_await write_all(block->samples());
    }
    if (hurried_ && !config_.live) break;
  }
}

rt::Task<void> PortAudioSink::until_room() {
  while (!has_room() && !hurried_) co_await rt::sleep_for(5ms);
}

bool PortAudioSink::has_room() const {
  return player_ && player_->playback().size() < kAudioChannels * frames_in(kAhead, player_->rate());
}

rt::Task<void> PortAudioSink::write_all(std::span<const float> samples) {
  while (!samples.empty() && !hurried_) {
    const std::size_t count = std::min(samples.size(), kAudioChannels * kPiece_frames);
    co_await until_room();
    if (!player_) continue;
    player_->playback().write(at_card_rate(samples.first(count)));
    samples = samples.subspan(count);
    read_notes();
    if (!has_room()) player_->playback().begin();
  }
}

void PortAudioSink::write_live(std::span<const float> samples) {
  if (!player_) return;
  Playback& playback = player_->playback();
  received_ += samples.size() / kAudioChannels;
  for (std::span<const float> rest = splice_.process(samples); !rest.empty();) {
    const std::size_t count = std::min(rest.size(), kAudioChannels * kPiece_frames);
    const std::span<const float> piece = at_card_rate(rest.first(count));
    const std::size_t taken = playback.write(piece);
    written_ += taken / kAudioChannels;
    left_out_s_ += static_cast<double>((piece.size() - taken) / kAudioChannels) / player_->rate().hz();
    rest = rest.subspan(count);
  }
  steer();
}

std::span<const float> PortAudioSink::at_card_rate(std::span<const float> samples) {
  return resampler_ ? resampler_->process(samples) : samples;
}

std::chrono::nanoseconds PortAudioSink::latency_before_ring() const {
  const double resampler_s = resampler_ ? resampler_->delay_s() : 0;
  return config_.latency_before +
         std::chrono::round<std::chrono::nanoseconds>(std::chrono::duration<double>(resampler_s));
}

/// After each block of live audio.
void PortAudioSink::steer() {
  // What the card notes is by this clock and no other, so virtual time ends here.
  const rt::TimePoint now = rt::Clock::now();
  Playback& playback = player_->playback();
  read_notes();
  control_.card_holds(now, playback.holds());
  control_.wrote(now, received_, written_);
  if (underruns() != std::exchange(underruns_said_, underruns()))
    log::debug(name() + ": a gap, audio came too late");
  if (playback.holds()) {
    const std::optional<std::int64_t> lag = control_.lag_to_begin();
    if (lag) playback.begin_with_lag(*lag);
  }
  if (now - steered_ < kLookInterval) return;
  steered_ = now;
  control_.update(now);
  resampler_->set_speed(control_.speed_ppm());
  const std::chrono::nanoseconds excess = control_.excess_to_leave_out();
  if (excess > 0ns) {
    splice_.leave_out(frames_in(excess, kAudioRate));
    left_out_s_ += std::chrono::duration<double>(excess).count();
  }
}

void PortAudioSink::read_notes() {
  Fetch note{};
  while (player_->playback().read_note(note)) control_.fetched(note);
}

/// What is in the ring, until it is heard.
rt::Task<void> PortAudioSink::play_out() {
  if (!player_) co_return;
  Playback& playback = player_->playback();
  playback.expect_end();
  if (playback.size() > 0) playback.begin();
  while (player_ && player_->playback().size() > 0 && !hurried_) co_await rt::sleep_for(5ms);
  co_await until_heard();
}

/// Waits until the card has fetched so much silence that all audio before it has been played.
rt::Task<void> PortAudioSink::until_heard() {
  while (player_) {
    read_notes();
    const std::size_t in_card = frames_in(control_.card_latency(), player_->rate());
    if (player_->playback().silent_frames() > in_card) break;
    co_await rt::sleep_for(5ms);
  }
}

// --- what the user is told ------------------------------------------------------------------

std::chrono::milliseconds PortAudioSink::buffered() const {
  if (!player_) return {};
  const std::size_t frames = player_->playback().size() / kAudioChannels;
  return std::chrono::milliseconds(frames * 1000 / player_->rate().value());
}

std::uint64_t PortAudioSink::underruns() const {
  return underruns_before_ + (player_ ? player_->playback().underruns() : 0);
}

std::optional<SoundState> PortAudioSink::sound() const {
  SoundState state;
  state.playing = player_ != nullptr;
  state.underruns = underruns();
  if (config_.live) {
    state.drift_ppm = control_.drift_ppm();
    if (const auto delay = control_.delay(); player_ && delay)
      state.latency = std::chrono::round<std::chrono::milliseconds>(*delay + latency_before_ring());
  }
  return state;
}

/// While it plays: at its end there is no delay any more.
void PortAudioSink::report_clocks() const {
  if (const std::optional<SoundState> state = sound(); state->drift_ppm && state->latency) {
    log::debug(name() + ": the source is " + std::to_string(std::lround(*state->drift_ppm)) +
               " ppm faster; " + std::to_string(state->latency->count()) + " ms from the antenna; " +
               counted(state->underruns, "gap"));
  }
}

void PortAudioSink::report() const {
  if (const std::uint64_t gaps = underruns(); gaps > 0)
    log::info(name() + ": " + counted(gaps, "gap") + ", audio came too late");
  if (left_out_s_ > 0)
    log::info(name() + ": " + std::to_string(std::lround(left_out_s_ * 1e3)) +
              " ms left out, the card had been late");
  if (losses_ > 0)
    log::info(name() + ": lost " + counted(losses_, "time") +
              (player_ ? ", and found again" : ", and away in the end"));
}

}  // namespace

std::unique_ptr<Sink> make_portaudio_sink(SoundConfig config) {
  return std::make_unique<PortAudioSink>(std::move(config));
}

namespace {

rt::Task<std::vector<AudioCard>> read_list(SoundProcess& process) {
  std::vector<AudioCard> cards;
  for (;;) {
    const std::optional<Words> line = co_await process.next_line();
    if (!line) break;
    if (line->size() == 2 && line->front() == "failed")
      throw Error(ExitStatus::output, printable(line->back()));
    if (line->size() != 6) continue;
    AudioCard card;
    card.index = (*line)[1];
    card.name = (*line)[2];
    card.interface = (*line)[3];
    card.rate_hz = (*line)[4];
    card.is_default = (*line)[5] == "default";
    cards.push_back(card);
  }
  co_return cards;
}

}  // namespace

rt::Task<std::vector<AudioCard>> list_audio_cards(std::string program) {
  SoundProcess process(program, {"list"});
  const std::optional<std::vector<AudioCard>> cards =
      co_await rt::with_timeout(kOpenPatience, read_list(process));
  if (!cards) {
    process.kill();
    throw Error(ExitStatus::output, "the sound server does not answer");
  }
  co_return *cards;
}

}  // namespace fmrx::sink
