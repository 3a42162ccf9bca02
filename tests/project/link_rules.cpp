// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>

#include "project/source_rules.hpp"

namespace fmrx::project {
namespace {

/// The page's lines; those of code blocks are empty.
std::vector<std::string> lines_of_prose(std::string_view text) {
  std::vector<std::string> lines;
  bool is_code = false;
  std::istringstream in{std::string(text)};
  for (std::string line; std::getline(in, line);) {
    const bool is_fence = line.starts_with("```");
    lines.push_back(is_code || is_fence ? std::string() : line);
    if (is_fence) is_code = !is_code;
  }
  return lines;
}

/// What a link to a heading says behind the "#", as GitHub makes it.
std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_') anchor += static_cast<char>(std::tolower(byte));
    if (c == ' ') anchor += '-';
  }
  return anchor;
}

bool has_heading(std::string_view text, std::string_view anchor) {
  const std::vector<std::string> lines = lines_of_prose(text);
  return std::ranges::any_of(lines, [&](const std::string& line) {
    const std::size_t begin = line.find_first_not_of('#');
    return line.starts_with('#') && begin != line.npos && line[begin] == ' ' &&
           anchor_of(line.substr(begin + 1)) == anchor;
  });
}

/// What is wrong with a link; empty: nothing.
std::string trouble(std::string_view path, std::string_view text, std::string_view link,
                    const ReadPage& read) {
  if (link.find("://") != link.npos) return {};
  const std::string file(link.substr(0, link.find('#')));
  const std::string_view anchor = file.size() == link.size() ? "" : link.substr(file.size() + 1);
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const std::string target = (folder / file).lexically_normal().generic_string();
  const std::optional<std::string> page = file.empty() ? std::string(text) : read(target);
  if (!page) return "leads to no file: " + std::string(link);
  if (!anchor.empty() && !has_heading(*page, anchor)) return "leads to no heading: " + std::string(link);
  return {};
}

}  // namespace

Findings check_links(std::string_view path, std::string_view text, const ReadPage& read) {
  constexpr std::string_view kBeforeLink = "](";
  Findings findings;
  std::size_t number = 0;
  for (const std::string& line : lines_of_prose(text)) {
    ++number;
    for (std::size_t at = line.find(kBeforeLink); at != line.npos; at = line.find(kBeforeLink, at)) {
      at += kBeforeLink.size();
      const std::string link = line.substr(at, line.find(')', at) - at);
      const std::string wrong = trouble(path, text, link, read);
      if (!wrong.empty()) findings.push_back(std::to_string(number) + ": " + wrong);
    }
  }
  return findings;
}

}  // namespace fmrx::project
