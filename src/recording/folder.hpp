// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_fd.hpp"
#include "recording/byte_output.hpp"

namespace fmrx::recording {

/// A file that is being written. It gets its name when it is finished; until then, and after a
/// crash, it is NAME.part.
class NewFile : public ByteOutput {
 public:
  /// Asks the disk to keep what was written. May take seconds. Throws std::system_error, with
  /// ENOENT if somebody has deleted the file.
  virtual void sync() = 0;

  /// Syncs and closes the file and gives it the name `wanted`, or, where that is taken, the next
  /// free one: "x-1.wav" for "x.wav". Gives the name. Nothing else may be called afterwards.
  virtual std::string finish(const std::string& wanted) = 0;

  /// Deletes it, instead of finish().
  virtual void discard() noexcept = 0;

  /// What it is called now: for messages when it could not be finished.
  [[nodiscard]] virtual std::string present_name() const = 0;
};

enum class Existing : std::uint8_t {
  keep,     ///< a file of that name is an error (EEXIST)
  replace,  ///< it is replaced when the new one is finished
};

/// A folder into which recordings are written. Names are relative to it, may have folders of
/// their own, which are made when needed, and never lead out of it nor through symbolic links.
/// Functions throw std::system_error.
class Folder {
 public:
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  virtual ~Folder() = default;

  /// Begins a file. A NAME.part that nobody writes any more, left by a run that was cut short, is
  /// first given a name of its own. Throws EEXIST as `existing` says, EBUSY if another process
  /// is writing it. Where NAME is a device or a named pipe, that is written to as it is.
  [[nodiscard]] virtual std::unique_ptr<NewFile> create(const std::string& name, Existing existing) = 0;

  /// Gives NAME.part, if a run that was cut short has left it, a name of its own: "x-1.wav" for "x.wav".
  /// Gives that name; nothing if there is none, or somebody still writes it.
  virtual std::optional<std::string> adopt_leftover(const std::string& name) = 0;

  /// Appends a line, which must end with a newline, to a file that is created when needed. Where the
  /// system can do that, room is kept for the next lines, so that a full disk does not cost them.
  virtual void append_line(const std::string& name, const std::string& line) = 0;

  /// All of a file; nothing if there is none.
  [[nodiscard]] virtual std::optional<std::string> read(const std::string& name) = 0;

  /// A regular file to be read.
  [[nodiscard]] virtual UniqueFd open(const std::string& name) = 0;

  /// Bytes of a regular file; nothing if there is none.
  [[nodiscard]] virtual std::optional<std::uint64_t> size_of(const std::string& name) = 0;

  virtual void remove(const std::string& name) = 0;

  /// Bytes that the disk still has room for.
  [[nodiscard]] virtual std::uint64_t room() = 0;
};

/// Opens a folder on the thread that will write to it.
using OpenFolder = std::function<std::unique_ptr<Folder>()>;

/// The folder of that path, which must exist; with `make` it is made, with all above it.
[[nodiscard]] std::unique_ptr<Folder> open_folder(const std::string& path, bool make);

}  // namespace fmrx::recording
