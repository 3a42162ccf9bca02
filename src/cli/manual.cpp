// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/manual.hpp"

#include <algorithm>
#include <cstddef>

#include "cli/option_table.hpp"

namespace fmrx::cli {
namespace {

/// Text in which nothing is a command of roff, at the start of a line or within.
std::string roff(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out += "\\&";
  for (const char letter : text) {
    switch (letter) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";  // what is typed, not a hyphen
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '~':
        out += "\\(ti";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

/// Running text, in lines of at most 80 letters.
std::string flowing(std::string_view text) {
  constexpr std::size_t kColumns = 80;
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(' '), text.size());
    const std::string word = roff(text.substr(0, length));
    const bool fits = used + 1 + word.size() <= kColumns;
    if (used > 0) out += fits ? ' ' : '\n';
    used = used > 0 && fits ? used + 1 + word.size() : word.size();
    out += word;
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return out + '\n';
}

std::string section(std::string_view title) {
  return ".SH \"" + std::string(title) + "\"\n";
}

std::string upper_case(std::string_view text) {
  std::string out(text);
  for (char& letter : out) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return out;
}

/// One paragraph under a tag.
std::string tagged(const std::string& tag, std::string_view text) {
  return ".TP\n" + tag + "\n" + flowing(text);
}

std::string option(const OptionRow& row) {
  std::string tag = row.letter != 0 ? bold(std::string("-") + row.letter) + ", " : "";
  tag += bold("--" + std::string(row.name));
  if (!row.value.empty()) tag += " " + italic(row.value);
  std::string text(row.help);
  if (!row.default_value.empty()) text += " [" + std::string(row.default_value) + "]";
  return tagged(tag, text);
}

std::string options(const CommandTable& table) {
  std::string out;
  for (const Group group : kGroups) {
    std::string rows;
    for (const OptionRow& row : table.options) {
      if (row.group == group) rows += option(row);
    }
    if (!rows.empty()) out += ".SS \"" + std::string(heading(group)) + "\"\n" + rows;
  }
  return out;
}

std::string examples() {
  std::string out = section("EXAMPLES");
  for (const CommandTable* const table : all_tables()) {
    for (const Example& example : table->examples) out += tagged(bold(example.command), example.meaning);
  }
  return out;
}

std::string synopsis() {
  std::string out = section("SYNOPSIS");
  for (const CommandTable* const table : all_tables()) {
    if (table != all_tables().front()) out += ".br\n";
    out += bold(table->name) + " " + roff(table->usage) + "\n";
  }
  return out;
}

std::string statuses() {
  std::string out = section("EXIT STATUS");
  for (const StatusMeaning& one : exit_statuses())
    out += tagged(bold(std::to_string(one.status)), one.meaning);
  return out + ".PP\n" + flowing("The first Ctrl-C, SIGTERM or SIGHUP finishes the files and leaves.") +
         flowing("Another one, half a second later or more, aborts.") +
         flowing("Where there never was a terminal, as by systemd or cron, SIGHUP begins new files instead.");
}

std::string files() {
  return section("FILES") +
         tagged(
             italic("~/.config/fmrx/fmrx.toml"),
             "options by their long names, and stations by name; under $XDG_CONFIG_HOME where that is set") +
         ".PP\n.nf\ndeemphasis = 75\n\n[stations]\nwxrt = \"93.1M\"\n.fi\n";
}

}  // namespace

std::string manual_page(std::string_view version, std::string_view date) {
  std::string out = ".\\\" Made from the option tables of fmrx; do not edit.\n.TH FMRX 1 \"" +
                    std::string(date) + "\" \"fmrx " + std::string(version) + "\" \"User Commands\"\n";
  out += section("NAME") + "fmrx \\- FM broadcast receiver\n";
  out += synopsis();
  out += section("DESCRIPTION") +
         flowing(
             "fmrx receives FM broadcasts on the command line. It takes the samples of an RTL-SDR dongle, a "
             "recording, standard input or its own simulated FM band, and plays, records or pipes 48 kHz "
             "stereo. "
             "In brackets stands what holds when an option is not given.");
  out += section("OPTIONS") + options(receive_table());
  for (const CommandTable* const table : all_tables().subspan(1))
    out += section(upper_case(table->name)) + flowing(table->summary) + options(*table);
  out += examples();
  out += statuses();
  out += files();
  out += section("SEE ALSO") + ".BR aplay (1),\n.BR sox (1),\n.BR rtl_test (1)\n";
  return out;
}

}  // namespace fmrx::cli
