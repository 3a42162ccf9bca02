// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/local_time.hpp"

#include <array>
#include <cassert>
#include <cstdio>
#include <ctime>

namespace fmrx {

namespace {

using namespace std::chrono;

constexpr std::int64_t kDay_s = 86'400;

std::time_t whole_seconds(UtcTime time) {
  return static_cast<std::time_t>(floor<seconds>(time.time_since_epoch()).count());
}

UtcTime at_second(std::int64_t second) {
  return UtcTime(seconds(second));
}

std::tm broken_down(std::time_t time) {
  std::tm local{};
  ::localtime_r(&time, &local);
  return local;
}

std::int64_t offset_s(std::int64_t time) {
  return broken_down(static_cast<std::time_t>(time)).tm_gmtoff;
}

/// Seconds from 1970 to that date and time as if it were UTC.
std::int64_t civil_seconds(const CivilTime& civil) {
  const sys_days day = year(civil.year) / civil.month / civil.day;
  return std::int64_t{day.time_since_epoch().count()} * kDay_s + civil.hour * 3600 + civil.minute * 60 +
         civil.second;
}

/// The second in (from, to] at which the offset of `from` has ended. The two must differ.
std::int64_t change_between(std::int64_t from, std::int64_t to) {
  const std::int64_t before = offset_s(from);
  while (to - from > 1) {
    const std::int64_t middle = from + (to - from) / 2;
    (offset_s(middle) == before ? from : to) = middle;
  }
  return to;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

UtcTime utc_now() {
  return time_point_cast<nanoseconds>(system_clock::now());
}

nanoseconds steady_now() {
#ifdef CLOCK_BOOTTIME
  constexpr clockid_t kClock = CLOCK_BOOTTIME;
#else
  constexpr clockid_t kClock = CLOCK_MONOTONIC;  // counts through a suspend on macOS
#endif
  timespec now{};
  ::clock_gettime(kClock, &now);
  return seconds(now.tv_sec) + nanoseconds(now.tv_nsec);
}

seconds utc_offset(UtcTime time) {
  return seconds(offset_s(whole_seconds(time)));
}

CivilTime local_time(UtcTime time) {
  const std::tm local = broken_down(whole_seconds(time));
  return {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec};
}

UtcTime from_local(const CivilTime& civil) {
  const std::int64_t wanted = civil_seconds(civil);
  // Offsets change by less than a day, and not twice within one.
  const std::int64_t before = offset_s(wanted - kDay_s);
  const std::int64_t after = offset_s(wanted + kDay_s);
  if (offset_s(wanted - before) == before) return at_second(wanted - before);
  if (offset_s(wanted - after) == after) return at_second(wanted - after);
  return at_second(change_between(wanted - kDay_s, wanted + kDay_s));
}

std::string format_local(UtcTime time, const std::string& pattern) {
  if (pattern.empty()) return {};
  const std::tm local = broken_down(whole_seconds(time));
  std::array<char, 512> text{};
  return {text.data(), std::strftime(text.data(), text.size(), pattern.c_str(), &local)};
}

std::string format_utc(UtcTime time) {
  const std::time_t second = whole_seconds(time);
  std::tm utc{};
  ::gmtime_r(&second, &utc);
  const auto fraction = time - at_second(second);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                static_cast<int>(duration_cast<milliseconds>(fraction).count()));
  return text.data();
}

std::optional<UtcTime> parse_utc(const std::string& text) {
  CivilTime civil;
  int length = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &civil.year, &civil.month, &civil.day,
                  &civil.hour, &civil.minute, &civil.second, &length) != 6) {
    return std::nullopt;
  }
  const year_month_day date = year(civil.year) / civil.month / civil.day;
  if (!date.ok() || civil.hour > 23 || civil.minute > 59 || civil.second > 60) return std::nullopt;
  nanoseconds fraction{0};
  auto at = static_cast<std::size_t>(length);
  if (at < text.size() && text[at] == '.') {
    nanoseconds digit = 100ms;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, digit /= 10)
      fraction += digit * (text[at] - '0');
  }
  if (text.substr(at) != "Z") return std::nullopt;
  return at_second(civil_seconds(civil)) + fraction;
}

std::string format_local_iso(UtcTime time) {
  const std::string compact = format_local(time, "%Y-%m-%dT%H:%M:%S%z");  // ends as in +0100
  return compact.substr(0, compact.size() - 2) + ":" + compact.substr(compact.size() - 2);
}

UtcTime next_on_clock(UtcTime time, seconds period) {
  const std::int64_t step = period.count();
  assert(step > 0 && kDay_s % step == 0);
  const std::int64_t now = whole_seconds(time);
  const auto next_multiple = [&](std::int64_t after, std::int64_t offset) {
    return (floor_divide(after + offset, step) + 1) * step - offset;
  };
  const std::int64_t offset = offset_s(now);
  const std::int64_t plain = next_multiple(now, offset);
  if (offset_s(plain) == offset) return at_second(plain);
  const std::int64_t change = change_between(now, plain);
  if (change == plain) return at_second(plain);
  const std::int64_t new_offset = offset_s(change);
  const bool passed_one = floor_divide(change + new_offset, step) > floor_divide(change - 1 + offset, step);
  const bool on_one = (change + new_offset) % step == 0;
  return at_second(passed_one || on_one ? change : next_multiple(change, new_offset));
}

}  // namespace fmrx
