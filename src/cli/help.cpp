// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/help.hpp"

#include <algorithm>
#include <cstddef>

namespace fmrx::cli {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kHelpColumn = 30;

/// `words` from `column` on, with line breaks; the first line already reaches to
/// `used`.
std::string wrapped(std::string_view words, std::size_t column, std::size_t used) {
  std::string out;
  if (used > 0 && used + 2 > column) {
    out += '\n';
    used = 0;
  }
  out.append(column - used, ' ');
  used = column;
  while (!words.empty()) {
    const std::size_t length = std::min(words.find(' '), words.size());
    if (used > column && used + 1 + length > kColumns) {
      out += '\n';
      out.append(column, ' ');
      used = column;
    }
    if (used > column) {
      out += ' ';
      ++used;
    }
    out += words.substr(0, length);
    used += length;
    words.remove_prefix(std::min(length + 1, words.size()));
  }
  return out + '\n';
}

std::string option_lines(const OptionRow& row) {
  std::string names = row.letter != 0 ? std::string("  -") + row.letter + ", " : "      ";
  names += "--";
  names += row.name;
  if (!row.value.empty()) {
    names += ' ';
    names += row.value;
  }
  std::string help(row.help);
  if (!row.default_value.empty()) {
    help += " [";
    help += row.default_value;
    help += "]";
  }
  return names + wrapped(help, kHelpColumn, names.size());
}

std::string examples(const CommandTable& table) {
  std::size_t widest = 0;
  for (const Example& example : table.examples) widest = std::max(widest, example.command.size());
  std::string out = "\nExamples\n";
  for (const Example& example : table.examples) {
    const std::string command = "  " + std::string(example.command);
    out += command + wrapped(example.meaning, 2 + widest + 2, command.size());
  }
  return out;
}

/// How the commands beside receiving are asked what they can.
std::string other_commands() {
  std::string out;
  for (const CommandTable* const table : all_tables().subspan(1))
    out += "       " + std::string(table->name) + " --help\n";
  return out;
}

std::string statuses() {
  std::string list;
  for (const StatusMeaning& one : exit_statuses())
    list += (list.empty() ? "" : ", ") + std::to_string(one.status) + ' ' + std::string(one.meaning);
  constexpr std::string_view kHeading = "Exit status";
  return std::string(kHeading) + wrapped(list + ".", kHeading.size() + 2, kHeading.size());
}

}  // namespace

std::string help_text(const CommandTable& table) {
  std::string out = "Usage: ";
  out += table.name;
  out += ' ';
  out += table.usage;
  out += '\n';
  if (&table == &receive_table()) out += other_commands();
  out += wrapped(table.summary, 0, 0);
  out += examples(table);
  for (const Group group : kGroups) {
    std::string lines;
    for (const OptionRow& row : table.options) {
      if (row.group == group) lines += option_lines(row);
    }
    if (lines.empty()) continue;
    out += '\n';
    out += heading(group);
    out += '\n';
    out += lines;
  }
  out += '\n';
  return out + statuses();
}

}  // namespace fmrx::cli
