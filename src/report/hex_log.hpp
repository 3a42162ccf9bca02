// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "rds/group.hpp"

namespace fmrx::report {

/// Reads logs of groups, line by line: those of RDS Spy ("AAAA BBBB CCCC DDDD @2019/05/04 17:36:30.63",
/// `----` for a block that failed), and whatever resembles them: other or no time stamps, other
/// marks of failure, no blanks between blocks, comments.
class HexLogReader {
 public:
  /// The group in a line without its end; nothing for headers, comments and anything else.
  ///
  /// Its time is that of the stamps, from the first one on; without them, groups follow each other as
  /// on the air.
  [[nodiscard]] std::optional<rds::Group> read(std::string_view line);

 private:
  using Seconds = std::chrono::duration<double>;

  void advance(std::string_view rest);

  Seconds time_{0};
  std::optional<Seconds> last_stamp_;
};

}  // namespace fmrx::report
