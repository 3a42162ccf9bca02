// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "project/source_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <span>

namespace fmrx::project {
namespace {

template <typename Visit>
void for_each_line(std::string_view text, Visit visit) {
  std::size_t number = 1;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    visit(number, text.substr(begin, end - begin));
    begin = end + 1;
  }
}

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// A folder of src, and what it may include besides itself: folders, or single headers.
struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;
};

const std::vector<Layer>& layers() {
  static const std::vector<Layer> kLayers{
      {"base", {}},
      {"rt", {"base"}},
      {"dsp", {"base"}},
      {"sim", {"base", "dsp"}},
      {"rds", {"base", "dsp"}},
      // Its adapter makes the simulated band a source like any other.
      {"source", {"base", "rt", "sim", "recording"}},
      {"recording", {"base"}},
      {"schedule", {"base"}},
      {"sink", {"base", "rt", "dsp", "recording"}},
      {"report", {"base", "rt", "rds"}},
      {"radio", {"base", "rt", "dsp", "rds", "source/source.hpp", "sink/sink.hpp"}},
      {"cli", {"base", "rds", "recording", "schedule", "report"}},
      {"app",
       {"cli", "base", "rt", "dsp", "sim", "rds", "source", "recording", "schedule", "sink", "report",
        "radio"}},
  };
  return kLayers;
}

/// Signal processing is a function of its input alone: these folders have no clock, thread or file.
constexpr std::array<std::string_view, 3> kPureFolders{"dsp", "sim", "rds"};
constexpr std::array<std::string_view, 11> kImpureHeaders{
    "condition_variable", "cstdio", "ctime",  "fcntl.h", "fstream", "future",
    "iostream",           "mutex",  "poll.h", "thread",  "unistd.h"};

std::string_view folder_of(std::string_view path) {
  return path.substr(0, std::min(path.find('/'), path.size()));
}

/// What stands between the quotes or angle brackets of an #include, with the opening one; else empty.
std::string_view included(std::string_view line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string_view::npos || line[hash] != '#') return {};
  const std::size_t word = line.find_first_not_of(" \t", hash + 1);
  if (word == std::string_view::npos || !line.substr(word).starts_with("include")) return {};
  const std::size_t open = line.find_first_of("\"<", word);
  if (open == std::string_view::npos) return {};
  const std::size_t close = line.find_first_of("\">", open + 1);
  return line.substr(open, std::min(close, line.size()) - open);
}

bool is_path_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

}  // namespace

Findings check_includes(std::string_view path, std::string_view text) {
  constexpr std::string_view kSource = "src/";
  if (!path.starts_with(kSource)) return {};
  const std::string_view inside = path.substr(kSource.size());
  if (inside.find('/') == std::string_view::npos) return {};  // main.cpp joins everything
  const std::string_view folder = folder_of(inside);
  const auto layer = std::ranges::find(layers(), folder, &Layer::folder);
  if (layer == layers().end()) return {"1: src/" + std::string(folder) + " has no place in the include rule"};

  Findings findings;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    const std::string_view quoted = included(line);
    if (quoted.empty()) return;
    const std::string_view header = quoted.substr(1);
    const bool is_allowed = quoted.front() == '"'
                                ? folder_of(header) == folder ||
                                      contains(layer->may_include, folder_of(header)) ||
                                      contains(layer->may_include, header)
                                : !(contains(kPureFolders, folder) && contains(kImpureHeaders, header));
    if (!is_allowed) {
      findings.push_back(std::to_string(number) + ": src/" + std::string(folder) + " may not include " +
                         std::string(header));
    }
  });
  return findings;
}

Findings check_licence_header(std::string_view text) {
  if (text.starts_with("#!")) text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
  // REUSE-IgnoreStart
  constexpr std::array<std::string_view, 2> kWanted{"SPDX-FileCopyrightText: 2026 The fmrx authors",
                                                    "SPDX-License-Identifier: GPL-2.0-or-later"};
  // REUSE-IgnoreEnd
  std::array<bool, 2> found{};
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    if (number <= kWanted.size()) found[number - 1] = line.ends_with(kWanted[number - 1]);
  });
  Findings findings;
  for (std::size_t i = 0; i < kWanted.size(); ++i) {
    if (!found[i]) findings.push_back(std::to_string(i + 1) + ": missing " + std::string(kWanted[i]));
  }
  return findings;
}

Findings check_paths(std::string_view text) {
  constexpr std::array<std::string_view, 14> kEverywhere{"bin",         "boot", "dev",  "etc", "lib",
                                                         "nonexistent", "opt",  "proc", "run", "sys",
                                                         "tmp",         "usr",  "var",  "mnt"};
  constexpr std::string_view kBeforePath = " \t\"'`(=:<>,[";
  Findings findings;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    for (std::size_t slash = line.find('/'); slash != std::string_view::npos;
         slash = line.find('/', slash + 1)) {
      if (slash > 0 && kBeforePath.find(line[slash - 1]) == std::string_view::npos) continue;
      std::size_t end = slash + 1;
      while (end < line.size() && is_path_character(line[end])) ++end;
      // Only two components make a path: "/s" is a unit, "/" an operator.
      const bool is_path = end > slash + 1 && end < line.size() && line[end] == '/';
      const std::string_view root = line.substr(slash + 1, end - slash - 1);
      if (is_path && !contains(kEverywhere, root)) {
        findings.push_back(std::to_string(number) + ": path of a particular machine: /" + std::string(root) +
                           "/");
      }
    }
  });
  return findings;
}

}  // namespace fmrx::project
