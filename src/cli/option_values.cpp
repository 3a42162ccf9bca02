// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/option_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/decimal.hpp"
#include "cli/duration.hpp"
#include "cli/frequency.hpp"
#include "cli/hook_command.hpp"
#include "cli/recording_words.hpp"
#include "cli/refuse.hpp"
#include "cli/words.hpp"
#include "recording/name_template.hpp"
#include "recording/sigmf.hpp"

namespace fmrx::cli {
namespace {

constexpr Hertz kNarrowest{40e3};
constexpr Hertz kWidest{400e3};

constexpr double kSoftest_dB = -60;
constexpr double kLoudest_dB = 20;
constexpr double kLowestGain_dB = -10;
constexpr double kHighestGain_dB = 60;
constexpr double kLargestError_ppm = 1000;
constexpr double kLowestLatency_ms = 50;
constexpr double kHighestLatency_ms = 1000;

/// A number of `unit`, which may stand behind it, from `low` to `high`.
double parse_within(std::string_view text, std::string_view unit, double low, double high,
                    std::string_view accepted) {
  std::string_view number = text;
  if (ends_with_ignoring_case(number, unit)) number.remove_suffix(unit.size());
  const std::optional<double> value = signed_decimal(number);
  if (!value || *value < low || *value > high) refuse(in_quotes(text) + " is not " + std::string(accepted));
  return *value;
}

template <class Integer>
std::optional<Integer> whole_number(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// One of a few fixed words.
template <class Value, std::size_t size>
Value parse_choice(std::string_view text,
                   const std::array<std::pair<std::string_view, Value>, size>& choices) {
  std::string known;
  for (std::size_t i = 0; i < size; ++i) {
    if (choices[i].first == text) return choices[i].second;
    if (i > 0) known += i + 1 < size ? ", " : " or ";
    known += choices[i].first;
  }
  refuse(in_quotes(text) + " is not known; write " + known);
}

constexpr std::array kIqFormats{std::pair(std::string_view("cu8"), IqFormat::cu8),
                                std::pair(std::string_view("cs16"), IqFormat::cs16),
                                std::pair(std::string_view("cf32"), IqFormat::cf32)};

}  // namespace

bool ends_with_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() > end.size() && same_ignoring_case(text.substr(text.size() - end.size()), end);
}

bool is_wav(std::string_view path) {
  return ends_with_ignoring_case(std::filesystem::path(path).filename().string(), ".wav");
}

Decibels parse_volume(std::string_view text) {
  return Decibels(parse_within(text, "dB", kSoftest_dB, kLoudest_dB, "a number of dB from -60 to 20"));
}

Decibels parse_gain(std::string_view text) {
  return Decibels(parse_within(text, "dB", kLowestGain_dB, kHighestGain_dB,
                               "a gain; write auto, list or a number of dB from -10 to 60"));
}

double parse_ppm(std::string_view text) {
  return parse_within(text, "ppm", -kLargestError_ppm, kLargestError_ppm,
                      "a number of parts per million from -1000 to 1000");
}

std::chrono::milliseconds parse_latency(std::string_view text) {
  return std::chrono::milliseconds(std::lround(parse_within(text, "ms", kLowestLatency_ms, kHighestLatency_ms,
                                                            "a number of milliseconds from 50 to 1000")));
}

std::string parse_audio_device(std::string_view text) {
  if (text.find_first_not_of(" \t\n\r") == std::string_view::npos)
    refuse(in_quotes(text) + " is no sound card; --list-audio lists them");
  return std::string(text);
}

std::uint64_t parse_seed(std::string_view text) {
  const auto seed = whole_number<std::uint64_t>(text);
  if (!seed) refuse(in_quotes(text) + " is not a whole number from 0 to 18446744073709551615");
  return *seed;
}

Device parse_device(std::string_view text) {
  if (text.size() > 1 && text[0] == ':') return Device{0, std::string(text.substr(1))};
  const bool serial = text.size() > 1 && text[0] == '0';
  const auto index = whole_number<std::uint8_t>(text);
  if (serial && whole_number<std::uint64_t>(text)) {
    refuse(in_quotes(text) + " looks like a serial number; write :" + printable(text));
  }
  if (!index) refuse(in_quotes(text) + " is not a dongle; write its index, such as 0, or :SERIAL");
  return Device{*index, {}};
}

IqFormat parse_iq_format(std::string_view text) {
  return parse_choice(text, kIqFormats);
}

SampleFormat parse_sample_format(std::string_view text) {
  static constexpr std::array kFormats{std::pair(std::string_view("s16"), SampleFormat::s16),
                                       std::pair(std::string_view("s24"), SampleFormat::s24),
                                       std::pair(std::string_view("f32"), SampleFormat::f32)};
  return parse_choice(text, kFormats);
}

std::string parse_name_pattern(std::string_view text) {
  const recording::NameTemplate checked(text);
  return std::string(text);
}

bool parse_on_signal_lost(std::string_view text) {
  static constexpr std::array kChoices{std::pair(std::string_view("mark"), false),
                                       std::pair(std::string_view("exit"), true)};
  return parse_choice(text, kChoices);
}

std::string parse_iq_path(std::string_view text) {
  if (!recording::sigmf_stem(text)) refuse("the name " + in_quotes(text) + " must end in .sigmf-data");
  return std::string(text);
}

std::string parse_file_command(std::string_view text) {
  const HookCommand checked(text, kFileFields);
  return std::string(text);
}

std::string parse_event_command(std::string_view text) {
  const HookCommand checked(text, kEventFields);
  return std::string(text);
}

unsigned parse_deemphasis(std::string_view text) {
  static constexpr std::array kTimes_us{std::pair(std::string_view("50"), 50U),
                                        std::pair(std::string_view("75"), 75U),
                                        std::pair(std::string_view("0"), 0U)};
  return parse_choice(text, kTimes_us);
}

std::chrono::nanoseconds parse_positive_duration(std::string_view text) {
  const std::chrono::nanoseconds duration = parse_duration(text);
  if (duration.count() == 0) refuse(in_quotes(text) + " is no time at all");
  return duration;
}

SampleRate parse_mpx_rate(std::string_view text) {
  static constexpr std::array kRates{std::pair(std::string_view("171k"), SampleRate(171'000)),
                                     std::pair(std::string_view("192k"), SampleRate(192'000)),
                                     std::pair(std::string_view("384k"), SampleRate(384'000))};
  return parse_choice(text, kRates);
}

std::string parse_mpx(std::string_view text) {
  if (text != "-" && !is_wav(text)) refuse(in_quotes(text) + " is no multiplex output; write PATH.wav or -");
  return std::string(text);
}

SampleRate parse_chain_rate(std::string_view text) {
  const SampleRate rate = parse_rate(text);
  if (rate < kLowestRate || rate > kHighestRate) {
    refuse(in_quotes(text) + " is outside the range; fmrx takes 225k to 3.2M samples a second");
  }
  return rate;
}

std::optional<std::chrono::nanoseconds> parse_on_lost(std::string_view text) {
  constexpr std::string_view kWait = "wait:";
  if (text == "wait") return std::nullopt;
  if (text == "exit") return std::chrono::nanoseconds(0);
  if (text.rfind(kWait, 0) != 0) refuse(in_quotes(text) + " is not known; write wait, wait:10m or exit");
  return parse_positive_duration(text.substr(kWait.size()));
}

Hertz parse_bandwidth(std::string_view text) {
  const Hertz bandwidth = parse_offset(text);
  if (bandwidth < kNarrowest || bandwidth > kWidest) {
    refuse(in_quotes(text) + " is outside the range; write auto, or 40k to 400k");
  }
  return bandwidth;
}

SourceChoice parse_source(std::string_view text) {
  constexpr std::string_view kFilePrefix = "file:";
  if (text == "rtlsdr") return {SourceKind::rtlsdr, {}};
  if (text == "-") return {SourceKind::standard_input, {}};
  if (text == "sim") return {SourceKind::sim, {}};
  if (text.rfind(kFilePrefix, 0) == 0) {
    if (text.size() == kFilePrefix.size()) refuse("'file:' lacks the path; write file:PATH");
    return {SourceKind::file, std::string(text.substr(kFilePrefix.size()))};
  }

  std::string line = in_quotes(text) + " is not a source; ";
  const auto meant = nearest(text, {"rtlsdr", "sim", "-"});
  if (text.find_first_of("./") != std::string_view::npos) {
    line += "did you mean file:" + printable(text) + "?";
  } else if (meant) {
    line += "did you mean " + std::string(*meant) + "?";
  } else {
    line += "write rtlsdr, file:PATH, - or sim";
  }
  refuse(line);
}

Output parse_output(std::string_view text, std::optional<FileFormat> format,
                    std::optional<FileFormat> of_names) {
  if (text == "play") return {OutputKind::play, {}};
  if (text == "none") return {OutputKind::none, {}};
  if (text == "-") return {OutputKind::standard_output, {}, format.value_or(FileFormat::raw)};
  if (text.size() > 1 && text.back() == '/')
    return {OutputKind::folder, std::string(text), of_names.value_or(format.value_or(FileFormat::flac))};
  const std::optional<FileFormat> ending = format_of_ending(text);
  if (ending || (format && !text.empty()))
    return {OutputKind::file, std::string(text), ending ? *ending : *format};
  if (std::filesystem::path(text).has_extension()) {
    refuse(
        "--output: " + in_quotes(text) +
        " is no format that fmrx writes; write PATH.wav, .flac, .opus, .ogg, .mp3 or .raw, or add --format");
  }
  refuse("--output: " + in_quotes(text) + " is not an output; write play, -, none, PATH.wav or FOLDER/");
}

RdsOutput parse_rds_output(std::string_view text) {
  static constexpr std::array kFormats{std::pair(std::string_view("json"), report::Format::json),
                                       std::pair(std::string_view("hex"), report::Format::hex),
                                       std::pair(std::string_view("events"), report::Format::events)};
  const std::size_t colon = text.find(':');
  const auto format = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const auto& one) { return one.first == text.substr(0, colon); });
  if (format == kFormats.end() || colon == std::string_view::npos || colon + 1 == text.size())
    refuse(in_quotes(text) +
           " is not known; write json:PATH, hex:PATH or events:PATH, with - or fd:N for PATH");
  const std::string_view target = text.substr(colon + 1);
  if (target.starts_with("fd:") && !whole_number<std::uint16_t>(target.substr(3)))
    refuse(in_quotes(target) + " is no descriptor; write fd:N, such as fd:3");
  return {format->second, target == "fd:1" ? "-" : std::string(target)};
}

rds::SystemChoice parse_rbds(std::string_view text) {
  static constexpr std::array kChoices{std::pair(std::string_view("yes"), rds::SystemChoice::rbds),
                                       std::pair(std::string_view("no"), rds::SystemChoice::rds),
                                       std::pair(std::string_view("auto"), rds::SystemChoice::automatic)};
  return parse_choice(text, kChoices);
}

IqFormat iq_format_of(const std::string& path) {
  for (const auto& [name, format] : kIqFormats) {
    if (ends_with_ignoring_case(path, "." + std::string(name))) return format;
  }
  refuse("--iq: the name " + in_quotes(path) + " must end in .cu8, .cs16 or .cf32");
}

unsigned parse_job_count(std::string_view text) {
  const auto count = whole_number<std::uint16_t>(text);
  if (!count || *count == 0) refuse(in_quotes(text) + " is not a number of files at once; write 1 or more");
  return *count;
}

std::string parse_folder(std::string_view text) {
  if (text.empty()) refuse("'' is no folder; write . for this one");
  return std::string(text) + (text.ends_with('/') ? "" : "/");
}

}  // namespace fmrx::cli
