// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "rt/foreign_thread.hpp"
#include "rt/task.hpp"

namespace fmrx::app {

/// Lines for a LineFile from a coroutine: a thread of its own writes them from a bounded queue, so
/// that a slow disk or reader holds up nothing else.
class LineOutput {
 public:
  explicit LineOutput(std::string target);
  ~LineOutput();
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  /// co_await returns once the target is open. Throws fmrx::Error where it cannot be opened.
  [[nodiscard]] rt::Task<void> open();

  /// Waits until there is room for `text`, at most kLargest bytes, and queues it.
  [[nodiscard]] rt::Task<void> write(std::string text);

  /// As write(), but does not wait: without room all of `text` is dropped, and counted.
  void try_write(std::string_view text);

  /// Nothing more will come; returns when all is written. Throws fmrx::Error where writing failed.
  [[nodiscard]] rt::Task<void> finish();

  /// The user waits: what a reader does not take is left out.
  void hurry() noexcept;

  /// The file of that path is opened anew before the next line: the former one has been renamed.
  void begin_new_file() noexcept;

  /// It takes nothing more: its reader has gone, or writing failed.
  [[nodiscard]] bool ended() const;
  [[nodiscard]] bool is_terminal() const;
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] std::uint64_t lines_dropped() const { return lines_dropped_; }

  static constexpr std::size_t kLargest = std::size_t{1} << 17;

 private:
  struct Shared;

  std::shared_ptr<Shared> shared_;
  std::unique_ptr<rt::ForeignThread> thread_;
  std::uint64_t lines_dropped_ = 0;
};

}  // namespace fmrx::app
