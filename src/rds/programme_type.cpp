// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/programme_type.hpp"

#include <array>

namespace fmrx::rds {
namespace {

using Names = std::array<std::string_view, 32>;

constexpr Names kRds{
    "No PTY",
    "News",
    "Current affairs",
    "Information",
    "Sport",
    "Education",
    "Drama",
    "Culture",
    "Science",
    "Varied",
    "Pop music",
    "Rock music",
    "Easy listening",
    "Light classical",
    "Serious classical",
    "Other music",
    "Weather",
    "Finance",
    "Children's programmes",
    "Social affairs",
    "Religion",
    "Phone-in",
    "Travel",
    "Leisure",
    "Jazz music",
    "Country music",
    "National music",
    "Oldies music",
    "Folk music",
    "Documentary",
    "Alarm test",
    "Alarm",
};

constexpr Names kRbds{
    "No PTY",
    "News",
    "Information",
    "Sports",
    "Talk",
    "Rock",
    "Classic rock",
    "Adult hits",
    "Soft rock",
    "Top 40",
    "Country",
    "Oldies",
    "Soft",
    "Nostalgia",
    "Jazz",
    "Classical",
    "Rhythm and blues",
    "Soft rhythm and blues",
    "Language",
    "Religious music",
    "Religious talk",
    "Personality",
    "Public",
    "College",
    "Spanish talk",
    "Spanish music",
    "Hip hop",
    "",
    "",
    "Weather",
    "Emergency test",
    "Emergency",
};

}  // namespace

std::string_view programme_type_name(std::uint8_t pty, System system) {
  const Names& names = system == System::rbds ? kRbds : kRds;
  return pty < names.size() ? names[pty] : std::string_view();
}

}  // namespace fmrx::rds
