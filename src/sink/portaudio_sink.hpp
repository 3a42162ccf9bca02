// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "rt/task.hpp"
#include "sink/own_program.hpp"
#include "sink/sink.hpp"

namespace fmrx::sink {

struct SoundConfig {
  std::string card;  ///< its index, its name or a part of it; empty: the default one
  /// From the antenna until it is heard. The card may force more.
  std::chrono::milliseconds latency{70};
  /// What of that lies before the sink.
  std::chrono::nanoseconds latency_before{0};
  /// The audio comes at the pace of a clock of its own, as a dongle's: that, and not the card, sets
  /// the pace, and where there is no room audio is dropped. Else the card sets it.
  bool live = false;
  std::string program = own_program();  ///< fmrx, which is run once more to call PortAudio
};

/// Plays on a sound card or server through PortAudio, in a process of its own (SoundProcess), so
/// that nothing hangs where a sound server does. If the card goes, or takes no audio for a second,
/// that process is ended and started again until the card is back; what comes meanwhile is
/// dropped if it is live, else it waits.
[[nodiscard]] std::unique_ptr<Sink> make_portaudio_sink(SoundConfig config = {});

struct AudioCard {
  std::string index;
  std::string name;
  std::string interface;  ///< as PortAudio calls it: "ALSA"
  std::string rate_hz;
  bool is_default;
};

/// All that can play stereo. Throws fmrx::Error (ExitStatus::output), also if a sound server does
/// not answer.
[[nodiscard]] rt::Task<std::vector<AudioCard>> list_audio_cards(std::string program = own_program());

}  // namespace fmrx::sink
