// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The only file that knows PortAudio. Any of its calls may hang for ever: then nothing below
// returns, and the process is killed.
#include "sink/sound_player.hpp"

#include <portaudio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/urgency.hpp"
#include "sink/playback.hpp"
#include "sink/shared_memory.hpp"
#include "sink/sound_process.hpp"

namespace fmrx::sink {

namespace {

using namespace std::chrono_literals;

/// What a card that answers needs to be closed; then the process ends all the same.
constexpr auto kClosePatience = 300ms;
constexpr auto kLookInterval = 20ms;

class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One line to the process that has started this one. If it is gone, so will this one be.
void tell(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += '\t';
    for (const char c : word) line += c == '\t' || c == '\n' ? ' ' : c;
  }
  line += '\n';
  [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, line.data(), line.size());
}

std::string describe(PaError error) {
  if (error != paUnanticipatedHostError) return ::Pa_GetErrorText(error);
  return ::Pa_GetLastHostErrorInfo()->errorText;
}

void check(PaError error, const std::string& problem) {
  if (error != paNoError) throw Failure(problem + " (" + describe(error) + ")");
}

/// Standard input's end, waited for by a thread that PortAudio cannot hold up.
class EndOfInput {
 public:
  EndOfInput() {
    std::thread([this] {
      char ignored = 0;
      while (::read(STDIN_FILENO, &ignored, 1) > 0) {
      }
      has_come_.store(true);
      std::this_thread::sleep_for(kClosePatience);
      ::_exit(EXIT_SUCCESS);
    }).detach();
  }

  [[nodiscard]] bool has_come() const { return has_come_.load(); }

 private:
  std::atomic<bool> has_come_{false};
};

/// PortAudio itself, from Pa_Initialize() to Pa_Terminate().
class Library {
 public:
  Library() { check(::Pa_Initialize(), "cannot use the sound system"); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { ::Pa_Terminate(); }
};

struct Card {
  PaDeviceIndex index;
  std::string name;
  std::string interface;
  double rate_hz;
};

/// All that can play stereo.
std::vector<Card> cards() {
  std::vector<Card> all;
  for (PaDeviceIndex index = 0; index < ::Pa_GetDeviceCount(); ++index) {
    const PaDeviceInfo& info = *::Pa_GetDeviceInfo(index);
    if (info.maxOutputChannels < static_cast<int>(kAudioChannels)) continue;
    all.push_back({index, info.name, ::Pa_GetHostApiInfo(info.hostApi)->name, info.defaultSampleRate});
  }
  return all;
}

void list_cards() {
  const Library library;
  const PaDeviceIndex usual = ::Pa_GetDefaultOutputDevice();
  for (const Card& card : cards()) {
    tell({"device", std::to_string(card.index), card.name, card.interface,
          std::to_string(std::lround(card.rate_hz)), card.index == usual ? "default" : "other"});
  }
}

std::optional<int> whole_number(const std::string& text) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || parsed != end) return std::nullopt;
  return value;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The one that `wanted` names: by its index, its whole name, or by a part of it that no other
/// has. Case does not count.
Card find_card(const std::string& wanted) {
  const std::vector<Card> all = cards();
  std::vector<Card> found;
  if (wanted.empty()) {
    const PaDeviceIndex usual = ::Pa_GetDefaultOutputDevice();
    std::ranges::copy_if(all, std::back_inserter(found), [&](const Card& c) { return c.index == usual; });
    if (found.empty()) throw Failure("no sound card and no sound server found");
    return found.front();
  }
  const std::optional<int> index = whole_number(wanted);
  std::ranges::copy_if(all, std::back_inserter(found), [&](const Card& c) { return c.index == index; });
  if (found.empty()) {
    std::ranges::copy_if(all, std::back_inserter(found),
                         [&](const Card& c) { return lower_case(c.name) == lower_case(wanted); });
  }
  if (found.empty()) {
    std::ranges::copy_if(all, std::back_inserter(found), [&](const Card& c) {
      return lower_case(c.name).find(lower_case(wanted)) != std::string::npos;
    });
  }
  if (found.empty()) throw Failure("there is no sound card '" + wanted + "'; --list-audio lists them");
  if (found.size() > 1)
    throw Failure("'" + wanted + "' may be '" + found[0].name + "' or '" + found[1].name +
                  "'; write its index, see --list-audio");
  return found.front();
}

/// A stream to a card.
class Stream {
 public:
  Stream(const Card& card, double latency_s, Playback& playback) : playback_(playback) {
    PaStreamParameters output{};
    output.device = card.index;
    output.channelCount = static_cast<int>(kAudioChannels);
    output.sampleFormat = paFloat32;
    output.suggestedLatency = latency_s;
    PaError error = open(output, kAudioRate.hz());
    if (error == paInvalidSampleRate) error = open(output, card.rate_hz);
    check(error, "the sound card '" + card.name + "' does not open");
    playback.set_rate(rate());
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { ::Pa_CloseStream(stream_); }

  [[nodiscard]] SampleRate rate() const {
    return SampleRate(static_cast<std::uint32_t>(std::lround(rate_hz_)));
  }
  void start() { check(::Pa_StartStream(stream_), "the sound card does not start"); }
  [[nodiscard]] bool active() const { return ::Pa_IsStreamActive(stream_) == 1; }
  /// Drops what the card has not played yet: PulseAudio does so even where PortAudio waits.
  void stop() { ::Pa_AbortStream(stream_); }

 private:
  PaError open(const PaStreamParameters& output, double rate_hz) {
    rate_hz_ = rate_hz;
    return ::Pa_OpenStream(&stream_, nullptr, &output, rate_hz, paFramesPerBufferUnspecified, paNoFlag,
                           &Stream::fetch, &playback_);
  }
  static int fetch(const void* /*input*/, void* output, unsigned long frames,
                   const PaStreamCallbackTimeInfo* time, PaStreamCallbackFlags /*flags*/,
                   void* playback) noexcept {
    if (static_cast<Playback*>(playback)->fetches() == 0) hurry_this_thread(Urgency::callback);
    const double latency_s = std::clamp(time->outputBufferDacTime - time->currentTime, 0.0, 1.0);
    static_cast<Playback*>(playback)->fetch(
        {static_cast<float*>(output), frames * kAudioChannels}, std::chrono::steady_clock::now(),
        std::chrono::nanoseconds(static_cast<std::int64_t>(latency_s * 1e9)));
    return paContinue;
  }

  Playback& playback_;
  double rate_hz_ = 0;
  PaStream* stream_ = nullptr;
};

void play(const std::string& wanted, double latency_s, const EndOfInput& end) {
  const SharedMemory memory(kPlaybackDescriptor, sizeof(Playback));
  const Library library;
  const Card card = find_card(wanted);
  Stream stream(card, latency_s, *static_cast<Playback*>(memory.data()));
  stream.start();
  tell({"opened", std::to_string(stream.rate().value()), card.name});
  while (stream.active() && !end.has_come()) std::this_thread::sleep_for(kLookInterval);
  if (!end.has_come()) tell({"ended"});
  stream.stop();
}

}  // namespace

int sound_process_main(std::span<const std::string> words) {
  const EndOfInput end;
  try {
    if (words.size() == 1 && words[0] == "list") {
      list_cards();
    } else if (words.size() == 3 && words[0] == "play") {
      play(words[1], whole_number(words[2]).value_or(0) * 1e-3, end);
    } else {
      return EXIT_FAILURE;
    }
  } catch (const std::exception& failure) {
    tell({"failed", failure.what()});
  }
  // Without what other threads, of libraries too, would have to agree to.
  ::_exit(EXIT_SUCCESS);
}

}  // namespace fmrx::sink
