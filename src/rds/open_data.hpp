// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rds/group_type.hpp"

namespace fmrx::rds {

/// What a group 3A says (IEC 62106 3.1.5.4): an application, and which groups carry it.
struct OpenDataAnnouncement {
  std::uint16_t application = 0;
  /// Nothing: no group of its own (it is in the message), or for the moment none (code 31).
  std::optional<GroupType> carrier;
  std::optional<std::uint16_t> message;  ///< nothing: lost
};

[[nodiscard]] OpenDataAnnouncement open_data_announcement(std::uint16_t block2, std::uint16_t block3,
                                                          std::uint16_t block4);

/// Which application each type of group carries at this station. One that is not known, or contradicts
/// an earlier one, counts when it was announced twice, for a wrong block may look like an announcement.
class OpenData {
 public:
  void take(const OpenDataAnnouncement& announcement);
  /// The application in groups of this type, if one was announced.
  [[nodiscard]] std::optional<std::uint16_t> application_in(GroupType type) const;

 private:
  struct Assignment {
    std::uint16_t application = 0;  ///< 0: none
    std::uint16_t candidate = 0;
  };
  std::array<Assignment, 32> assignments_{};
};

}  // namespace fmrx::rds
