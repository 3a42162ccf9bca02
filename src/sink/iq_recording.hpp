// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/iq.hpp"
#include "recording/folder.hpp"
#include "recording/sigmf.hpp"
#include "rt/foreign_thread.hpp"
#include "rt/task.hpp"

namespace fmrx::sink {

/// What is recorded, and how.
struct IqRecordingOptions {
  std::string stem;         ///< NAME.sigmf-data and NAME.sigmf-meta are made of it
  recording::SigMf meta{};  ///< with format and rate, without captures and gaps
  bool live = false;        ///< what finds no room is lost and listed; else write() waits
  bool overwrite = false;
};

/// Records what a source yields as a SigMF pair, so that it can be played again. A thread of its own
/// writes, behind a queue of kQueue. Both files are NAME.part until they are whole.
class IqRecording {
 public:
  IqRecording(recording::OpenFolder folder, IqRecordingOptions options);
  ~IqRecording();  ///< the thread finishes the files by itself

  static constexpr auto kQueue = std::chrono::seconds(16);

  [[nodiscard]] rt::Task<void> open();  ///< throws fmrx::Error (output)

  /// `is_gap`: zeros for what never came. False: it has failed; finish() tells why.
  [[nodiscard]] rt::Task<bool> write(IqView samples, bool is_gap);

  /// So many samples are missing before what is written next.
  void lost(std::uint64_t samples);

  /// Makes the pair whole. Throws fmrx::Error (output) if it ends early.
  [[nodiscard]] rt::Task<void> finish();

  /// Because the disk was too slow.
  [[nodiscard]] std::uint64_t samples_dropped() const { return dropped_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  struct Shared;

  void note_capture(std::uint64_t samples);
  void note_gap(std::uint64_t samples);

  std::shared_ptr<Shared> shared_;
  std::unique_ptr<rt::ForeignThread> thread_;
  std::string name_;
  bool live_;
  std::uint64_t written_ = 0;
  std::uint64_t lost_ = 0;  ///< dropped_ and what the source lost
  std::uint64_t dropped_ = 0;
  bool continues_ = false;  ///< nothing is missing since the last sample written
};

}  // namespace fmrx::sink
