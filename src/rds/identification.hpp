// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "rds/group.hpp"

namespace fmrx::rds {

/// Whose groups these are. A PI that differs from the station's is at times a wrong block, at times
/// another station that fades in: it becomes the station's only by repetition.
class Identification {
 public:
  enum class Verdict : std::uint8_t {
    station,      ///< the station's, as far as one can tell
    foreign,      ///< another PI than the station's
    new_station,  ///< with this group it is certain: another station is heard
  };

  Verdict take(std::optional<std::uint16_t> pi, Confidence confidence);

  /// Once a PI was clean, or came twice.
  [[nodiscard]] std::optional<std::uint16_t> pi() const { return station_; }

 private:
  std::optional<std::uint16_t> station_;
  std::uint16_t candidate_ = 0;
  std::uint32_t candidate_times_ = 0;
};

}  // namespace fmrx::rds
