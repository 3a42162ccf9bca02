// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/behaviour.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace fmrx::test {

namespace {

constexpr std::array<std::string_view, 14> kFaults{"open",  "claim", "driver", "unplug", "stall",
                                                   "error", "wedge", "short",  "odd",    "overflow",
                                                   "pll",   "hang",  "frozen", "control"};
constexpr std::string_view kResubmit = "resubmit";

[[noreturn]] void refuse(std::string_view word) {
  std::fprintf(stderr, "FMRX_USB: what is \"%.*s\"?\n", static_cast<int>(word.size()), word.data());
  std::abort();
}

/// What stands before the first `mark`; the rest, without the mark, stays in `text`.
std::string_view cut(std::string_view& text, char mark) {
  const std::size_t end = std::min(text.find(mark), text.size());
  const std::string_view before = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return before;
}

double number(std::string_view text, std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) refuse(word);
  return value;
}

/// "1.5s", "200ms", "65536b", "20t"
Span parse_span(std::string_view text, std::string_view word) {
  struct Unit {
    std::string_view name;
    Span::Unit unit;
    double factor;
  };
  // "ms" before "s".
  constexpr std::array kUnits{Unit{"ms", Span::Unit::nanoseconds, 1e6},
                              Unit{"s", Span::Unit::nanoseconds, 1e9}, Unit{"b", Span::Unit::bytes, 1},
                              Unit{"t", Span::Unit::transfers, 1}};
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    text.remove_suffix(unit.name.size());
    return {unit.unit, static_cast<std::uint64_t>(std::llround(number(text, word) * unit.factor))};
  }
  refuse(word);
}

Fault parse_fault(std::string_view word) {
  std::string_view rest = word;
  std::string_view what = cut(rest, '@');
  Fault fault;
  fault.name = cut(what, '=');
  fault.value = what;
  if (std::ranges::find(kFaults, fault.name) == kFaults.end() && fault.name != kResubmit) refuse(word);
  if (rest.empty()) return fault;
  fault.begin = parse_span(cut(rest, '+'), word);
  if (!rest.empty()) fault.length = parse_span(rest, word);
  return fault;
}

bool apply_iq(std::string_view value, Behaviour& behaviour) {
  constexpr std::string_view kFile = "file:";
  constexpr std::string_view kTwoStations = "sim:";
  if (value.starts_with(kFile)) {
    behaviour.iq = IqKind::file;
    behaviour.iq_path = value.substr(kFile.size());
    return true;
  }
  if (value.starts_with(kTwoStations)) {
    behaviour.iq = IqKind::simulated;
    std::string_view levels = value.substr(kTwoStations.size());
    const Decibels station(number(cut(levels, ':'), value));
    behaviour.levels = TwoLevels{station, Decibels(number(levels, value))};
    return true;
  }
  behaviour.iq = value == "sim" ? IqKind::simulated : IqKind::pattern;
  return value == "sim" || value == "pattern";
}

bool apply_chip(std::string_view value, Behaviour& behaviour) {
  behaviour.chip = value == "none" ? Chip::none : value == "r828d" ? Chip::r828d : Chip::r820t;
  return value == "none" || value == "r828d" || value == "r820t";
}

void apply(std::string_view word, Behaviour& behaviour) {
  std::string_view value = word;
  const std::string_view key = cut(value, '=');
  bool known = true;
  if (key == "dongles") {
    behaviour.dongles = std::clamp(static_cast<int>(number(value, word)), 0, Behaviour::kMostDongles);
  } else if (key == "iq") {
    known = apply_iq(value, behaviour);
  } else if (key == "pace") {
    behaviour.is_fast = value == "fast";
    known = value == "fast" || value == "real";
  } else if (key == "ppm") {
    behaviour.ppm = number(value, word);
  } else if (key == "tuner") {
    known = apply_chip(value, behaviour);
  } else if (word == "v4") {
    behaviour.is_v4 = true;
    behaviour.chip = Chip::r828d;
  } else if (key == "log") {
    behaviour.log_path = value;
  } else {
    behaviour.faults.push_back(parse_fault(word));
  }
  if (!known) refuse(word);
}

}  // namespace

Behaviour parse_behaviour(std::string_view text) {
  Behaviour behaviour;
  while (!text.empty()) apply(cut(text, ','), behaviour);
  return behaviour;
}

}  // namespace fmrx::test
