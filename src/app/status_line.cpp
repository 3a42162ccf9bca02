// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/status_line.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/printable.hpp"
#include "cli/duration.hpp"
#include "cli/frequency.hpp"

namespace fmrx::app {
namespace {

constexpr std::size_t kSmallestBar = 10;
constexpr std::size_t kLargestBar = 30;
/// Less of a RadioText says nothing.
constexpr std::size_t kLeastText = 12;

/// A piece of the line. Where it is too long, fields with the highest `rank` go
/// first.
struct Field {
  std::string text;
  int rank = 0;
};

/// Fixed-width numbers keep the fields behind them in place.
std::string padded(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string one_decimal(double value) {
  if (!std::isfinite(value)) return "?";
  const long long tenths = std::llround(value * 10);
  const std::string digits =
      std::to_string(std::abs(tenths) / 10) + "." + std::to_string(std::abs(tenths) % 10);
  return tenths < 0 ? "-" + digits : digits;
}

std::string ascii(std::string text) {
  text = printable(text);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

/// How many characters UTF-8 text has. None of RDS's is wider than one column.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// The first `most` characters.
std::string cut(const std::string& text, std::size_t most) {
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if ((text[end] & 0xC0) != 0x80 && ++seen > most) break;
  }
  return text.substr(0, end);
}

/// PS has eight characters; the fields behind it stay in place.
void add_rds(const Status::Rds& rds, std::vector<Field>& all) {
  constexpr std::size_t kPsWidth = 8;
  const std::string ps = printable(rds.ps);
  all.push_back({ps + std::string(kPsWidth - std::min(kPsWidth, columns_of(ps)), ' '), 1});
  if (!rds.type.empty()) all.push_back({ascii(rds.type), 5});
  if (rds.traffic_programme) all.push_back({rds.traffic_announcement ? "TA" : "TP", 4});
}

/// What a station sounds like beyond its noise.
void add_channel(const Status& status, std::vector<Field>& all) {
  constexpr double kWorthSaying = 0.1;  // of the direct wave: -20 dB is heard
  const auto in_khz = [](Hertz f) { return padded(std::to_string(std::llround(f.value() / 1e3)), 3); };
  if (status.deviation) all.push_back({"dev " + in_khz(*status.deviation) + " kHz", 7});
  if (status.bandwidth) all.push_back({"BW " + in_khz(*status.bandwidth) + " kHz", 7});
  if (status.multipath >= kWorthSaying) {
    const auto percent = std::min(std::llround(status.multipath * 100), 999LL);
    all.push_back({"echoes " + padded(std::to_string(percent), 2) + " %", 7});
  }
}

double fraction_done(const Status& status) {
  if (!status.length || status.length->count() <= 0) return 0;
  const double fraction =
      static_cast<double>(status.elapsed.count()) / static_cast<double>(status.length->count());
  return std::clamp(fraction, 0.0, 1.0);
}

std::string time_left(const Status& status) {
  const double done = fraction_done(status);
  if (done <= 0) return "?:?? left";
  // A century is more than anybody waits for; without the limit the first
  // moments of a long run could overflow.
  constexpr double kMost_ns = 3.15e18;
  const double left_ns = std::min(static_cast<double>(status.running.count()) * (1 - done) / done, kMost_ns);
  return cli::format_duration(std::chrono::nanoseconds(std::llround(left_ns))) + " left";
}

std::string bar(double fraction, std::size_t width) {
  const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(width));
  return "[" + std::string(filled, '=') + std::string(width - filled, ' ') + "]";
}

void add_sink(const Status::Sink& sink, std::vector<Field>& all) {
  const std::string name = ascii(sink.name);
  if (!sink.sound) {
    all.push_back({name + " " + padded(std::to_string(sink.buffered.count()), 4) + " ms", 5});
    return;
  }
  const sink::SoundState& sound = *sink.sound;
  if (!sound.playing) {
    all.push_back({name + " lost", 0});
    return;
  }
  const std::chrono::milliseconds shown = sound.latency.value_or(sink.buffered);
  all.push_back({name + " " + padded(std::to_string(shown.count()), 4) + " ms", 5});
  if (sound.drift_ppm) all.push_back({padded(one_decimal(*sound.drift_ppm), 6) + " ppm", 6});
  if (sound.underruns > 0) all.push_back({"gaps " + std::to_string(sound.underruns), 0});
}

std::vector<Field> fields(const Status& status) {
  std::vector<Field> all;
  if (status.station) all.push_back({cli::format_frequency(*status.station), 0});
  if (status.rds) add_rds(*status.rds, all);
  if (status.carrier_dbfs) {
    all.push_back({padded(one_decimal(status.carrier_dbfs->value()), 5) + " dBFS", 4});
  }
  if (status.carrier_to_noise) {
    all.push_back({"C/N " + padded(one_decimal(status.carrier_to_noise->value()), 4) + " dB", 2});
  }
  all.push_back({status.stereo ? "stereo" : "mono  ", 1});
  add_channel(status, all);
  for (const Status::Sink& sink : status.sinks) add_sink(sink, all);
  all.push_back({"drops " + std::to_string(status.drops), status.drops == 0 ? 3 : 0});
  all.push_back({cli::format_duration(status.elapsed), 0});
  if (status.length) {
    const auto percent = static_cast<int>(fraction_done(status) * 100);
    all.push_back({padded(std::to_string(percent), 3) + " %", 2});
    all.push_back({time_left(status), 0});
  }
  return all;
}

std::string joined(const std::vector<Field>& all) {
  std::string line;
  for (const Field& field : all) {
    if (!line.empty()) line += "  ";
    line += field.text;
  }
  return line;
}

}  // namespace

std::string format_status(const Status& status, std::size_t columns) {
  const std::size_t room = columns > 0 ? columns - 1 : 0;
  std::vector<Field> all = fields(status);
  std::string line = joined(all);
  while (columns_of(line) > room) {
    const auto least = std::max_element(all.rbegin(), all.rend(),
                                        [](const Field& a, const Field& b) { return a.rank < b.rank; });
    if (least->rank == 0) break;
    all.erase(std::next(least).base());
    line = joined(all);
  }

  const std::size_t used = columns_of(line) + 2;  // and two blanks
  const std::string radiotext = status.rds ? printable(status.rds->radiotext) : "";
  if (!radiotext.empty() && room >= used + kLeastText) return line + "  " + cut(radiotext, room - used);

  constexpr std::size_t kBrackets = 2;
  if (status.length && room >= used + kBrackets + kSmallestBar) {
    line += "  " + bar(fraction_done(status), std::min(room - used - kBrackets, kLargestBar));
  }
  return cut(line, room);
}

}  // namespace fmrx::app
