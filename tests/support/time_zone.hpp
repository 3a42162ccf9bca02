// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

namespace fmrx::test {

/// As POSIX writes it, so that no database of time zones is needed.
inline constexpr const char* kCentralEurope = "CET-1CEST,M3.5.0,M10.5.0/3";

/// The local time of this process while it lives.
class TimeZone {
 public:
  explicit TimeZone(const std::string& rule) {
    if (const char* former = std::getenv("TZ")) former_ = former;
    set(rule);
  }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;
  ~TimeZone() { set(former_); }

 private:
  static void set(const std::optional<std::string>& rule) {
    if (rule) {
      ::setenv("TZ", rule->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }

  std::optional<std::string> former_;
};

}  // namespace fmrx::test
