// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "cli/completion.hpp"

namespace fmrx::cli {
namespace {

constexpr std::string_view kHead = R"sh(# fish completion for fmrx, made from its option tables; do not edit.

# Is it this command that is typed?
function __fmrx_is --argument-names wanted
    set -l words (commandline -opc)
    set -l found fmrx
    switch "$words[2]"
        case doctor sim batch rds
            set found $words[2]
    end
    test $found = $wanted
end

function __fmrx_is_behind_divider
    __fmrx_is batch; and contains -- -- (commandline -opc)
end

function __fmrx_has_no_word
    test (count (commandline -opc)) -eq 1
end

# A start such as "file:", and paths behind it.
function __fmrx_paths_after --argument-names start
    set -l token (string replace -r -- '^--[a-z-]+=' '' (commandline -ct))
    if string match -q -- "$start*" $token
        printf '%s\n' $start(__fish_complete_path (string replace -- $start '' $token))
    else
        echo $start
    end
end

function __fmrx_values --argument-names kind
    set -l program (commandline -opc)[1]
    switch $kind
        case devices
            $program --list-devices 2>/dev/null | while read -l index serial name
                string match -q ':*' -- $serial; or set serial $index
                printf '%s\t%s\n' $serial $name
            end
        case gains
            $program --gain list 2>/dev/null
        case cards
            $program --list-audio 2>/dev/null | string replace -r '  ' \t
        case stations
            $program --list-stations 2>/dev/null | string replace -r '  ' \t
    end
end

complete -c fmrx -f
)sh";

/// '...' of fish.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') out += '\\';
    out += letter;
  }
  return out + "'";
}

/// What fish evaluates to the candidates for a value.
std::string candidates(const OptionRow& row) {
  std::string out;
  for (std::string_view rest = row.choices; !rest.empty();) {
    const std::size_t length = std::min(rest.find(' '), rest.size());
    const std::string choice(rest.substr(0, length));
    if (!out.empty()) out += ' ';
    out += choice.ends_with(':') ? "(__fmrx_paths_after " + choice + ")" : choice;
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  switch (row.values) {
    case Values::free:
    case Values::files:
      return out;
    case Values::folders:
      return out + " (__fish_complete_directories)";
    case Values::devices:
    case Values::gains:
    case Values::cards:
    case Values::stations:
      return out + " (__fmrx_values " + std::string(word_of(row.values)) + ")";
  }
  return out;
}

std::string line(const CommandTable& table, const OptionRow& row) {
  std::string out = "complete -c fmrx -n '__fmrx_is " + std::string(short_name(table)) + "'";
  if (row.letter != 0) out += std::string(" -s ") + row.letter;
  out += " -l " + std::string(row.name);
  if (!row.value.empty()) {
    out += row.values == Values::files ? " -r -F" : " -x";
    const std::string values = candidates(row);
    if (!values.empty()) out += " -a " + quoted(values);
  }
  return out + " -d " + quoted(row.help) + "\n";
}

}  // namespace

std::string fish_completion() {
  std::string out(kHead);
  for (const CommandTable* const table : all_tables().subspan(1)) {
    out += "complete -c fmrx -n __fmrx_has_no_word -a " + std::string(short_name(*table)) + " -d " +
           quoted(table->summary) + "\n";
    if (table->takes_words)
      out += "complete -c fmrx -n '__fmrx_is " + std::string(short_name(*table)) + "' -F\n";
  }
  // fish knows no options behind "--", so that those of receiving are words there.
  out += "complete -c fmrx -n __fmrx_is_behind_divider -a '";
  for (const OptionRow& row : receive_table().options) out += "--" + std::string(row.name) + " ";
  out.back() = '\'';
  out += "\n";
  for (const CommandTable* const table : all_tables()) {
    out += "\n";
    for (const OptionRow& row : table->options) out += line(*table, row);
  }
  return out;
}

}  // namespace fmrx::cli
