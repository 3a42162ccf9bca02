// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/local_time.hpp"

namespace fmrx::recording {

/// What a name may be made of.
struct NameFields {
  std::string freq;     ///< {freq}: "92.7M"
  std::string ps;       ///< {ps}: the station's RDS name, as received
  std::string pi;       ///< {pi}: "9331"
  UtcTime start;        ///< {start:PATTERN}: local time as strftime(); {utc:PATTERN}: UTC
  unsigned number = 1;  ///< {number}: 1 for the first file of a run
};

/// A pattern for file names, such as "{freq}_{ps}_{start:%Y-%m-%dT%H%M%z}.flac". A "/" of the
/// pattern makes folders. What is filled in never adds one: see clean_for_name().
class NameTemplate {
 public:
  /// Throws fmrx::Error (usage): a field that is not known, a brace without its partner, an
  /// absolute path, "." or ".." as a folder, nothing at all.
  explicit NameTemplate(std::string_view pattern);

  /// The name that `literal` is, whatever stands in it.
  [[nodiscard]] static NameTemplate fixed(std::string literal);

  /// The literal `before`, the local time of the start with its offset, the literal `after`.
  [[nodiscard]] static NameTemplate dated(std::string before, std::string after);

  [[nodiscard]] std::string expand(const NameFields& fields) const;

  /// Whether names differ from file to file, as they must when a recording is split.
  [[nodiscard]] bool tells_time() const;

 private:
  enum class Field { literal, freq, ps, pi, start, utc, number };
  struct Piece {
    Field field;
    std::string text;  ///< the literal, or the time pattern
  };

  NameTemplate() = default;

  std::vector<Piece> pieces_;
};

/// `text` as it may stand in a file name: of letters, digits, ".", "_", "-" and "+", others become
/// "_"; at most 64 bytes; not beginning with "." or "-". What is empty becomes "unknown".
[[nodiscard]] std::string clean_for_name(std::string_view text);

}  // namespace fmrx::recording
