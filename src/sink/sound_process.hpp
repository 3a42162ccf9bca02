// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "rt/task.hpp"
#include "sink/playback.hpp"
#include "sink/shared_memory.hpp"

namespace fmrx::sink {

/// The first argument of a process that runs sound_process_main() (sound_player.hpp).
inline constexpr const char* kSoundProcessWord = "sound-process";
/// Under which that process finds the memory of the Playback.
inline constexpr int kPlaybackDescriptor = 3;

/// A process that makes all calls of PortAudio, so that it can be killed where they hang: no
/// thread can. It is this program once more. Its standard input is a pipe: when that ends,
/// because of finish() or because this process is gone, so does it, within 0.3 s. Its standard
/// output gives one line for each thing that happens, the words parted by tabs; its standard
/// error goes nowhere.
class SoundProcess {
 public:
  /// `program` is fmrx (own_program.hpp); `arguments` follow the word. Throws fmrx::Error
  /// (ExitStatus::output) if it cannot be started.
  SoundProcess(const std::string& program, const std::vector<std::string>& arguments);
  SoundProcess(const SoundProcess&) = delete;
  SoundProcess& operator=(const SoundProcess&) = delete;
  ~SoundProcess();

  [[nodiscard]] Playback& playback() const { return *playback_; }

  /// The words of the next line; nothing: it has ended.
  [[nodiscard]] rt::Task<std::optional<std::vector<std::string>>> next_line();

  /// It closes the card and ends; nobody waits for it.
  void finish() { input_.reset(); }
  /// It ends at once, whatever it hangs in.
  void kill();

 private:
  void start(const std::string& program, const std::vector<std::string>& arguments);

  SharedMemory memory_;
  Playback* playback_;  ///< in memory_
  UniqueFd input_;
  UniqueFd output_;
  std::string unread_;
  pid_t pid_ = -1;
};

}  // namespace fmrx::sink
