// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/completion.hpp"

namespace fmrx::cli {
namespace {

constexpr std::string_view kHead = R"sh(#compdef fmrx
# zsh completion for fmrx, made from its option tables; do not edit.

# _fmrx_values KIND CHOICE...: what an option's value may be.
_fmrx_values() {
  local kind=$1 choice index serial name
  local -a choices starts listed
  shift
  for choice; do
    if [[ $choice != *: ]]; then
      choices+=("$choice")
    elif compset -P "$choice"; then
      _files
      return
    else
      starts+=("$choice")
    fi
  done
  (( $#choices )) && compadd -- $choices
  (( $#starts )) && compadd -S '' -- $starts
  case $kind in
    files) _files ;;
    folders) _files -/ ;;
    devices)
      $_fmrx_program --list-devices 2>/dev/null | while read -r index serial name; do
        [[ $serial == :* ]] && listed+=($serial) || listed+=($index)
      done
      compadd -- $listed ;;
    gains) compadd -- ${(f)"$($_fmrx_program --gain list 2>/dev/null)"} ;;
    stations)
      listed=(${(f)"$($_fmrx_program --list-stations 2>/dev/null)"})
      compadd -- ${listed%% *} ;;
    cards)
      listed=(${(f)"$($_fmrx_program --list-audio 2>/dev/null)"})
      compadd -- ${listed%% *} ;;
  esac
}

_fmrx() {
  local _fmrx_program=${~words[1]} command=fmrx
  if (( CURRENT > 2 )) && [[ $words[2] == (doctor|sim|batch|rds) ]]; then
    command=$words[2]
    shift words
    (( CURRENT-- ))
  fi
  local divider=${words[(i)--]}
  if [[ $command == batch ]] && (( divider < CURRENT )); then
    command=fmrx
    shift $(( divider - 1 )) words
    (( CURRENT -= divider - 1 ))
  fi
  case $command in
)sh";

constexpr std::string_view kTail = R"sh(  esac
}

_fmrx "$@"
)sh";

/// Text within '...' of the shell, with `special` letters behind a backslash.
std::string quoted(std::string_view text, std::string_view special) {
  std::string out;
  for (const char letter : text) {
    if (letter == '\'') {
      out += "'\\''";
      continue;
    }
    if (special.find(letter) != std::string_view::npos) out += '\\';
    out += letter;
  }
  return out;
}

/// One specification of _arguments.
std::string specification(const OptionRow& row) {
  const std::string name = "--" + std::string(row.name);
  std::string value;
  if (!row.value.empty()) {
    value = ":" + quoted(row.value, ":\\") + ": _fmrx_values " + std::string(word_of(row.values));
    if (!row.choices.empty()) value += " " + quoted(row.choices, ":\\");
  }
  const std::string rest = "[" + quoted(row.help, "[]\\") + "]" + value + "'";
  const std::string long_name = name + (value.empty() ? "" : "=");
  if (row.letter == 0) return std::string("'") + (row.repeats ? "*" : "") + long_name + rest;

  const std::string letter = std::string("-") + row.letter;
  const std::string names = "{" + letter + (value.empty() ? "" : "+") + "," + long_name + "}";
  return (row.repeats ? "'*'" : "'(" + letter + " " + name + ")'") + names + "'" + rest;
}

std::string operands(const CommandTable& table) {
  if (&table == &receive_table()) return "'1::command:(doctor sim batch rds)'";
  return table.takes_words ? "'*:file:_files'" : "";
}

}  // namespace

std::string zsh_completion() {
  std::string out(kHead);
  for (const CommandTable* const table : all_tables()) {
    out += "    " + std::string(short_name(*table)) + ")\n      _arguments -s -S";
    for (const OptionRow& row : table->options) out += " \\\n        " + specification(row);
    const std::string words = operands(*table);
    if (!words.empty()) out += " \\\n        " + words;
    out += " ;;\n";
  }
  return out + std::string(kTail);
}

}  // namespace fmrx::cli
