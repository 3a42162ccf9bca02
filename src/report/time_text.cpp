// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/time_text.hpp"

#include <cstdlib>

namespace fmrx::report {

namespace {

std::string digits(unsigned value, std::size_t width) {
  const std::string text = std::to_string(value);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

}  // namespace

std::string clock_text(unsigned hour, unsigned minute) {
  return digits(hour, 2) + ":" + digits(minute, 2);
}

std::string iso_text(const rds::ClockTime& time) {
  const rds::CivilTime local = rds::local_time(time);
  const auto half_hours = static_cast<unsigned>(std::abs(int{time.offset_half_hours}));
  std::string text = digits(static_cast<unsigned>(local.year), 4) + "-" + digits(local.month, 2) + "-" +
                     digits(local.day, 2) + "T" + clock_text(local.hour, local.minute) + ":00";
  if (half_hours == 0) return text + "Z";
  text += time.offset_half_hours < 0 ? "-" : "+";
  return text + clock_text(half_hours / 2, half_hours % 2 * 30);
}

std::string utc_text(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<milliseconds>(time - day));
  return digits(static_cast<unsigned>(static_cast<int>(date.year())), 4) + "-" +
         digits(static_cast<unsigned>(date.month()), 2) + "-" + digits(static_cast<unsigned>(date.day()), 2) +
         "T" +
         clock_text(static_cast<unsigned>(clock.hours().count()),
                    static_cast<unsigned>(clock.minutes().count())) +
         ":" + digits(static_cast<unsigned>(clock.seconds().count()), 2) + "." +
         digits(static_cast<unsigned>(clock.subseconds().count()), 3) + "Z";
}

}  // namespace fmrx::report
