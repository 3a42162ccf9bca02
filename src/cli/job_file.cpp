// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/job_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/duration.hpp"
#include "cli/options.hpp"

namespace fmrx::cli {

namespace {

constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array<std::string_view, 9> kJobKeys{"name",   "freq",   "days",  "start",  "length",
                                                   "folder", "format", "names", "options"};
constexpr std::array<std::string_view, 5> kFileKeys{"folder", "format", "names", "options", "job"};

template <std::size_t size>
void refuse_unknown_keys(const toml::table& table, const std::array<std::string_view, size>& known) {
  for (const auto& [key, value] : table) {
    if (std::ranges::find(known, key.str()) != known.end()) continue;
    throw Error(ExitStatus::usage, "there is no key '" + printable(key.str()) + "'");
  }
}

std::optional<std::string> text_of(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return std::nullopt;
  const std::optional<std::string> text = node->value_exact<std::string>();
  if (!text) throw Error(ExitStatus::usage, std::string(key) + " must be text in quotes");
  return text;
}

std::vector<std::string> texts_of(const toml::table& table, std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return {};
  std::vector<std::string> texts;
  if (const toml::array* const list = node->as_array()) {
    for (const toml::node& entry : *list) {
      const std::optional<std::string> text = entry.value_exact<std::string>();
      if (!text) throw Error(ExitStatus::usage, std::string(key) + " must be a list of texts in quotes");
      texts.push_back(*text);
    }
    return texts;
  }
  if (const std::optional<std::string> text = text_of(table, key)) texts.push_back(*text);
  return texts;
}

std::uint8_t days_named(const std::string& name) {
  if (name == "daily") return 0b111'1111;
  if (name == "weekdays") return 0b001'1111;
  if (name == "weekend") return 0b110'0000;
  const auto* const day = std::ranges::find(kDays, name);
  if (day == kDays.end()) {
    throw Error(ExitStatus::usage,
                "'" + printable(name) +
                    "' is no day; write mon, tue, wed, thu, fri, sat, sun, daily, weekdays or "
                    "weekend");
  }
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(day - kDays.begin()));
}

std::string required(const toml::table& job, std::string_view key) {
  const std::optional<std::string> text = text_of(job, key);
  if (!text) throw Error(ExitStatus::usage, std::string(key) + " is missing");
  return *text;
}

schedule::Timetable times_of(const toml::table& job) {
  schedule::Timetable times;
  times.start = schedule::parse_moment(required(job, "start"));
  times.length = parse_duration(required(job, "length"));
  if (times.length.count() == 0) throw Error(ExitStatus::usage, "length is no time at all");
  for (const std::string& day : texts_of(job, "days")) times.days |= days_named(day);
  if (times.start.has_date && times.days != 0)
    throw Error(ExitStatus::usage, "start has a date, so days must be left out");
  if (!times.start.has_date && times.days == 0)
    throw Error(ExitStatus::usage, "days is missing; or write start with a date, such as 2026-11-21T20:00");
  return times;
}

/// A job's own value, or the file's.
std::optional<std::string> setting(const toml::table& file, const toml::table& job, std::string_view key) {
  const std::optional<std::string> own = text_of(job, key);
  return own ? own : text_of(file, key);
}

std::vector<std::string> arguments_of(const toml::table& file, const toml::table& job) {
  std::vector<std::string> arguments{"--freq", required(job, "freq")};
  std::string folder = setting(file, job, "folder").value_or(".");
  if (!folder.ends_with('/')) folder += '/';
  arguments.insert(arguments.end(), {"--output", folder});
  if (const auto format = setting(file, job, "format"))
    arguments.insert(arguments.end(), {"--format", *format});
  if (const auto names = setting(file, job, "names")) arguments.insert(arguments.end(), {"--name", *names});
  for (const toml::table* const table : {&file, &job}) {
    const std::vector<std::string> options = texts_of(*table, "options");
    arguments.insert(arguments.end(), options.begin(), options.end());
  }
  return arguments;
}

/// What is wrong with the options shows now, not at night.
void check_arguments(const std::vector<std::string>& arguments) {
  std::vector<const char*> words{"fmrx"};
  for (const std::string& argument : arguments) words.push_back(argument.c_str());
  const Command command = parse(static_cast<int>(words.size()), words.data());
  const Options* const options = std::get_if<Options>(&command);
  if (options == nullptr || options->action != Action::receive || options->at || options->until ||
      options->duration) {
    throw Error(ExitStatus::usage, "options may be those of recording, without times");
  }
}

}  // namespace

std::vector<Job> parse_jobs(std::string_view text, const std::string& path) {
  const auto refuse = [&](const std::string& where, const std::string& what) {
    throw Error(ExitStatus::usage, printable(path) + ": " + where + what);
  };
  toml::table file;
  try {
    file = toml::parse(text);
  } catch (const toml::parse_error& error) {
    refuse("line " + std::to_string(error.source().begin.line) + ": ", std::string(error.description()));
  }
  std::vector<Job> jobs;
  std::string where;
  try {
    refuse_unknown_keys(file, kFileKeys);
    const toml::array* const list = file["job"].as_array();
    if (list == nullptr || list->empty()) throw Error(ExitStatus::usage, "there is no [[job]]");
    for (const toml::node& entry : *list) {
      where = "job " + std::to_string(jobs.size() + 1) + ": ";
      const toml::table* const table = entry.as_table();
      if (table == nullptr) throw Error(ExitStatus::usage, "write [[job]]");
      refuse_unknown_keys(*table, kJobKeys);
      Job job;
      job.name = text_of(*table, "name").value_or(required(*table, "freq"));
      where = "job '" + printable(job.name) + "': ";
      job.times = times_of(*table);
      job.arguments = arguments_of(file, *table);
      check_arguments(job.arguments);
      jobs.push_back(std::move(job));
    }
  } catch (const Error& error) {
    refuse(where, error.what());
  }
  return jobs;
}

}  // namespace fmrx::cli
