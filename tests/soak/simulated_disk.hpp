// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "recording/folder.hpp"
#include "rt/event_loop.hpp"
#include "sink/writer_work.hpp"
#include "soak/numbered_frames.hpp"

namespace fmrx::test {

/// A disk on virtual time that reads WAV files of numbered frames while they are written, and keeps
/// nothing of them but what is wrong.
class SimulatedDisk {
 public:
  SimulatedDisk() = default;
  SimulatedDisk(const SimulatedDisk&) = delete;
  SimulatedDisk& operator=(const SimulatedDisk&) = delete;

  [[nodiscard]] std::unique_ptr<recording::Folder> open_folder();

  /// Makes a writer's calls on the loop, each second of virtual time twice, and later while the disk
  /// stalls. The disk must outlive it.
  [[nodiscard]] std::unique_ptr<sink::WriterRunner> make_runner();

  // Faults.

  void stall(rt::Duration time) { stalls_until_ = rt::EventLoop::current().now() + time; }
  /// So many bytes more can be written.
  void leave_room(std::uint64_t bytes) { room_ = bytes; }

  [[nodiscard]] rt::TimePoint stalls_until() const { return stalls_until_; }

  // What was written.

  [[nodiscard]] const NumberTrack& track() const { return track_; }
  [[nodiscard]] std::uint64_t files() const { return files_; }
  [[nodiscard]] std::uint64_t index_lines() const { return index_lines_; }
  /// What is wrong with the files.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  class File;
  class Directory;
  class Runner;

  void complain(const std::string& about);

  rt::TimePoint stalls_until_{};
  std::uint64_t room_ = UINT64_MAX;
  NumberTrack track_;
  std::uint64_t files_ = 0;
  std::uint64_t index_lines_ = 0;
  std::vector<std::string> complaints_;
};

}  // namespace fmrx::test
