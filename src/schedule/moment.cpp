// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "schedule/moment.hpp"

#include <array>
#include <cstddef>
#include <string>

#include "base/error.hpp"
#include "base/printable.hpp"

namespace fmrx::schedule {

namespace {

using namespace std::chrono;

/// Removes `count` digits from the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text[0] != wanted) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, CivilTime& civil) {
  std::string_view rest = text;
  const auto year_number = take_digits(rest, 4);
  if (!year_number || !take(rest, '-')) return false;
  const auto month_number = take_digits(rest, 2);
  if (!month_number || !take(rest, '-')) return false;
  const auto day_number = take_digits(rest, 2);
  if (!day_number || !(take(rest, 'T') || take(rest, ' '))) return false;
  const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number))};
  if (!date.ok()) return false;
  civil.year = *year_number;
  civil.month = *month_number;
  civil.day = *day_number;
  text = rest;
  return true;
}

bool take_time(std::string_view& text, CivilTime& civil) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return false;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return false;
  civil.hour = *hour;
  civil.minute = *minute;
  civil.second = 0;
  if (!take(text, ':')) return true;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return false;
  civil.second = *second;
  return true;
}

std::optional<seconds> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return seconds(0);
  const bool is_west = !text.empty() && text[0] == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  take(text, ':');
  const auto minute = take_digits(text, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  const seconds offset = hours(*hour) + minutes(*minute);
  return is_west ? -offset : offset;
}

sys_days date_of(const CivilTime& civil) {
  return year(civil.year) / civil.month / civil.day;
}

}  // namespace

Moment parse_moment(std::string_view text) {
  Moment moment;
  std::string_view rest = text;
  moment.has_date = take_date(rest, moment.civil);
  bool good = take_time(rest, moment.civil);
  if (good && moment.has_date && !rest.empty()) {
    moment.utc_offset = take_offset(rest);
    good = moment.utc_offset.has_value();
  }
  if (!good || !rest.empty()) {
    throw Error(ExitStatus::usage,
                "'" + printable(text) +
                    "' is not a time; write 20:00, 20:00:30 or 2026-11-21T20:00, which may end "
                    "in Z or +01:00");
  }
  return moment;
}

UtcTime on_day(const CivilTime& day, int days_later, const CivilTime& time_of_day) {
  const year_month_day date = date_of(day) + days(days_later);
  return from_local({static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                     static_cast<int>(static_cast<unsigned>(date.day())), time_of_day.hour,
                     time_of_day.minute, time_of_day.second});
}

UtcTime resolve(const Moment& moment, UtcTime from) {
  if (moment.utc_offset) {
    const CivilTime& civil = moment.civil;
    return UtcTime(date_of(civil).time_since_epoch()) + hours(civil.hour) + minutes(civil.minute) +
           seconds(civil.second) - *moment.utc_offset;
  }
  if (moment.has_date) return from_local(moment.civil);
  const CivilTime today = local_time(from);
  const UtcTime later_today = on_day(today, 0, moment.civil);
  return later_today >= from ? later_today : on_day(today, 1, moment.civil);
}

int weekday_of(const CivilTime& day) {
  return static_cast<int>(weekday(date_of(day)).iso_encoding()) - 1;
}

}  // namespace fmrx::schedule
