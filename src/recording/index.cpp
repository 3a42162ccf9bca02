// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/index.hpp"

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "recording/time_line.hpp"

namespace fmrx::recording {

namespace {

// In the order in which the fields are added.
using Json = nlohmann::ordered_json;

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double tenths(double value) {
  return std::round(value * 10) / 10;
}

std::string line_of(const Json& entry) {
  return entry.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json gaps_of(const FileRecord& record) {
  Json gaps = Json::array();
  for (const Gap& gap : record.gaps) gaps.push_back({{"frame", gap.frame}, {"frames", gap.frames}});
  return gaps;
}

Json outages_of(const FileRecord& record) {
  Json outages = Json::array();
  for (const Outage& outage : record.outages)
    outages.push_back({{"start", format_utc(outage.from)}, {"end", format_utc(outage.to)}});
  return outages;
}

Json titles_of(const FileRecord& record) {
  Json titles = Json::array();
  for (const Title& title : record.titles)
    titles.push_back({{"time", format_utc(title.time)}, {"text", title.text}});
  return titles;
}

Json clock_steps_of(const FileRecord& record) {
  Json steps = Json::array();
  for (const ClockStep& step : record.clock_steps)
    steps.push_back({{"time", format_utc(step.time)}, {"seconds", seconds(step.by)}});
  return steps;
}

/// A text of an entry; empty if there is none of that name.
std::string text_of(const Json& entry, const char* key) {
  if (!entry.is_object() || !entry.contains(key) || !entry[key].is_string()) return {};
  return entry[key].get<std::string>();
}

/// The entries of an index that are about a file, one after the other. Lines that are none are left out.
template <class Action>
void for_each_entry(const std::string& text, Action action) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const Json entry = Json::parse(line, nullptr, false);
    const std::string file = text_of(entry, "file");
    if (!file.empty()) action(file, entry);
  }
}

/// Entries by their file's name, in the order in which they were added last. Years of them.
template <class Entry>
class ByName {
 public:
  void add(const std::string& name, Entry entry) {
    remove(name);
    places_[name] = entries_.size();
    entries_.push_back(std::move(entry));
  }
  void remove(const std::string& name) {
    const auto place = places_.find(name);
    if (place == places_.end()) return;
    entries_[place->second].reset();
    places_.erase(place);
  }
  [[nodiscard]] std::vector<Entry> all() const {
    std::vector<Entry> present;
    for (const std::optional<Entry>& entry : entries_) {
      if (entry) present.push_back(*entry);
    }
    return present;
  }

 private:
  std::vector<std::optional<Entry>> entries_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace

std::string index_line(const FileRecord& record) {
  Json entry{{"type", "file"},
             {"file", record.file},
             {"start", format_utc(record.start)},
             {"end", format_utc(record.end)},
             {"local_start", format_local_iso(record.start)},
             {"frequency", record.frequency},
             {"first_frame", record.first_frame},
             {"frames", record.frames},
             {"bytes", record.bytes},
             {"complete", record.problem.empty()}};
  if (!record.problem.empty()) entry["problem"] = record.problem;
  entry["gaps"] = gaps_of(record);
  if (record.gaps_left_out > 0) entry["gaps_left_out"] = record.gaps_left_out;
  entry["no_signal"] = outages_of(record);
  if (!record.clock_steps.empty()) entry["clock_steps"] = clock_steps_of(record);
  if (record.clock_error) entry["clock_error_s"] = std::round(seconds(*record.clock_error) * 1e3) / 1e3;
  if (record.aligned_frames != 0) entry["aligned_frames"] = record.aligned_frames;
  if (record.cn) {
    entry["cn_db"] = {{"min", tenths(record.cn->lowest_db)},
                      {"mean", tenths(record.cn->mean_db)},
                      {"max", tenths(record.cn->highest_db)}};
  }
  entry["clipped"] = record.clipped;
  if (record.pi) entry["pi"] = *record.pi;
  if (!record.ps.empty()) entry["ps"] = record.ps;
  if (!record.titles.empty()) entry["titles"] = titles_of(record);
  return line_of(entry);
}

std::string deletion_line(const std::string& file, UtcTime time) {
  return line_of({{"type", "deleted"}, {"file", file}, {"time", format_utc(time)}});
}

std::string begin_line(const BegunFile& begun) {
  return line_of({{"type", "begun"},
                  {"file", begun.file},
                  {"start", format_utc(begun.start)},
                  {"frequency", begun.frequency},
                  {"first_frame", begun.first_frame}});
}

std::string recovery_line(const BegunFile& begun, const std::string& file,
                          std::optional<std::uint64_t> frames, std::uint64_t bytes) {
  Json entry{{"type", "file"},
             {"file", file},
             {"start", format_utc(begun.start)},
             {"end", format_utc(begun.start + time_of_frames(frames.value_or(0)))},
             {"local_start", format_local_iso(begun.start)},
             {"frequency", begun.frequency},
             {"first_frame", begun.first_frame}};
  if (frames) entry["frames"] = *frames;
  entry["bytes"] = bytes;
  entry["complete"] = false;
  entry["problem"] = "fmrx or the machine stopped; gaps are not known";
  return line_of(entry);
}

std::vector<IndexedFile> read_index(const std::string& text) {
  ByName<IndexedFile> files;
  for_each_entry(text, [&](const std::string& file, const Json& entry) {
    const std::string type = text_of(entry, "type");
    if (type == "begun") return;
    files.remove(file);
    const std::optional<UtcTime> end = parse_utc(text_of(entry, "end"));
    if (type == "file" && end) files.add(file, {file, *end});
  });
  return files.all();
}

std::vector<BegunFile> read_unfinished(const std::string& text) {
  ByName<BegunFile> begun;
  for_each_entry(text, [&](const std::string& file, const Json& entry) {
    begun.remove(file);
    const std::optional<UtcTime> start = parse_utc(text_of(entry, "start"));
    if (text_of(entry, "type") != "begun" || !start) return;
    const bool has_frame = entry.contains("first_frame") && entry["first_frame"].is_number_unsigned();
    begun.add(file, {file, *start, has_frame ? entry["first_frame"].get<std::uint64_t>() : 0,
                     text_of(entry, "frequency")});
  });
  return begun.all();
}

}  // namespace fmrx::recording
