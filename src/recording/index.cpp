// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/index.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

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

std::vector<IndexedFile> read_index(const std::string& text) {
  std::vector<IndexedFile> files;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const Json entry = Json::parse(line, nullptr, false);
    if (!entry.is_object() || !entry.contains("file") || !entry["file"].is_string()) continue;
    const std::string file = entry["file"];
    std::erase_if(files, [&](const IndexedFile& known) { return known.file == file; });
    if (entry.value("type", "") != "file") continue;
    const std::optional<UtcTime> end = parse_utc(entry.value("end", ""));
    if (end) files.push_back({file, *end});
  }
  return files;
}

}  // namespace fmrx::recording
