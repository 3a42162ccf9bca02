// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/open_data.hpp"

#include "rds/open_data_application.hpp"

namespace fmrx::rds {

namespace {

/// Table 6 of IEC 62106 (3.1.4): the types that an application may have. The others keep their meaning.
constexpr bool is_for_open_data(GroupType type) {
  if (type.version_b) return type.number >= 3 && type.number <= 13;
  return (type.number >= 5 && type.number <= 9) || (type.number >= 11 && type.number <= 13);
}

}  // namespace

OpenDataAnnouncement open_data_announcement(std::uint16_t block2, std::uint16_t block3,
                                            std::uint16_t block4) {
  constexpr unsigned kNone = 0;
  constexpr unsigned kTemporaryFault = 31;
  const unsigned code = block2 & 0x1FU;
  OpenDataAnnouncement announcement;
  announcement.application = block4;
  announcement.message = block3;
  if (code != kNone && code != kTemporaryFault)
    announcement.carrier = GroupType{static_cast<std::uint8_t>(code >> 1), (code & 1) != 0};
  return announcement;
}

void OpenData::take(const OpenDataAnnouncement& announcement) {
  if (!announcement.carrier || !is_for_open_data(*announcement.carrier)) return;
  Assignment& assignment = assignments_[announcement.carrier->code()];
  const bool is_credible = assignment.application == 0 && !application_name(announcement.application).empty();
  if (assignment.application == announcement.application) {
    assignment.candidate = 0;
  } else if (is_credible || assignment.candidate == announcement.application) {
    assignment = {announcement.application, 0};
  } else {
    assignment.candidate = announcement.application;
  }
}

std::optional<std::uint16_t> OpenData::application_in(GroupType type) const {
  const std::uint16_t application = assignments_[type.code()].application;
  if (application == 0) return std::nullopt;
  return application;
}

}  // namespace fmrx::rds
