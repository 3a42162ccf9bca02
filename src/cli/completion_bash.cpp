// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/completion.hpp"

namespace fmrx::cli {
namespace {

constexpr std::string_view kHead = R"sh(# bash completion for fmrx, made from its option tables; do not edit.

# Candidates of a kind that begin with $2; $3: the fmrx that is asked.
_fmrx_values() {
  case $1 in
    files) compgen -f -- "$2" ;;
    folders) compgen -d -- "$2" ;;
    devices)
      "$3" --list-devices 2>/dev/null | while read -r index serial _; do
        case $serial in :*) printf '%s\n' "$serial" ;; *) printf '%s\n' "$index" ;; esac
      done ;;
    gains) "$3" --gain list 2>/dev/null ;;
    stations) "$3" --list-stations 2>/dev/null | while read -r name _; do printf '%s\n' "$name"; done ;;
    cards) "$3" --list-audio 2>/dev/null | while read -r index _; do printf '%s\n' "$index"; done ;;
  esac
}

)sh";

constexpr std::string_view kTail = R"sh(
# The candidates for the value $1 of the option $2 of the command $3, which $4 stands for.
_fmrx_value() {
  local offered=$1 kind choices choice path_after='' candidate
  _fmrx_option "$3" "$2" || return
  for choice in $choices; do
    if [[ $choice == *: && $offered == "$choice"* ]]; then
      kind=files choices='' path_after=$choice offered=${offered#"$choice"}
    fi
  done
  compgen -W "$choices" -- "$offered"
  _fmrx_values "$kind" "$offered" "$4" | while read -r candidate; do
    [[ $candidate == "$offered"* ]] && printf '%s\n' "$path_after$candidate"
  done
}

_fmrx() {
  local line=${COMP_LINE:0:COMP_POINT} program=${COMP_WORDS[0]/#\~/$HOME} command=fmrx
  local current=${line##*[[:space:]]} option is_path='' seen kind choices
  local -a given
  # bash cuts words at ':' and '=', this does not.
  read -ra given <<<"${line%"$current"}"
  case ${given[1]-} in
    doctor | sim | batch | rds) command=${given[1]} ;;
  esac
  if [[ $command == batch && " ${given[*]} " == *' -- '* ]]; then command=fmrx; fi

  option=${given[${#given[@]} - 1]}
  if [[ $current == --*=* ]]; then
    option=${current%%=*}
    _fmrx_option "$command" "$option"
    mapfile -t COMPREPLY < <(_fmrx_value "${current#*=}" "$option" "$command" "$program")
    COMPREPLY=("${COMPREPLY[@]/#/$option=}")
  elif _fmrx_option "$command" "$option"; then
    mapfile -t COMPREPLY < <(_fmrx_value "$current" "$option" "$command" "$program")
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_fmrx_options "$command")" -- "$current")
    return
  elif ((${#given[@]} == 1)); then
    mapfile -t COMPREPLY < <(compgen -W 'doctor sim batch rds' -- "$current")
    return
  elif [[ $command == batch || $command == rds ]]; then
    is_path=yes
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  else
    COMPREPLY=()
  fi

  case $kind in files | folders) is_path=yes ;; esac
  [[ -n $is_path || $current == *:* ]] && compopt -o filenames
  [[ ${COMPREPLY[*]} == *: ]] && compopt -o nospace
  # What bash replaces is only what follows the last of its breaks.
  seen=$current
  [[ $COMP_WORDBREAKS == *=* ]] && seen=${seen##*=}
  [[ $COMP_WORDBREAKS == *:* ]] && seen=${seen##*:}
  COMPREPLY=("${COMPREPLY[@]#"${current%"$seen"}"}")
}

complete -F _fmrx fmrx
)sh";

std::string dashed(const OptionRow& row) {
  return "--" + std::string(row.name);
}

/// `_fmrx_options COMMAND`: its options.
std::string options_function() {
  std::string out = "_fmrx_options() {\n  case $1 in\n";
  for (const CommandTable* const table : all_tables()) {
    out += "    " + std::string(short_name(*table)) + ") echo '";
    std::string names;
    for (const OptionRow& row : table->options) names += (names.empty() ? "" : " ") + dashed(row);
    out += names + "' ;;\n";
  }
  return out + "  esac\n}\n";
}

/// `_fmrx_option COMMAND OPTION`: sets kind and choices of its value; fails if it takes none.
std::string option_function() {
  std::string out = "\n_fmrx_option() {\n  case \"$1 $2\" in\n";
  for (const CommandTable* const table : all_tables()) {
    const std::string command = "    '" + std::string(short_name(*table)) + " ";
    for (const OptionRow& row : table->options) {
      if (row.value.empty()) continue;
      out += command + dashed(row) + "'";
      if (row.letter != 0) out += " | '" + std::string(short_name(*table)) + " -" + row.letter + "'";
      out +=
          ") kind=" + std::string(word_of(row.values)) + " choices='" + std::string(row.choices) + "' ;;\n";
    }
  }
  return out + "    *) return 1 ;;\n  esac\n}\n";
}

}  // namespace

std::string bash_completion() {
  return std::string(kHead) + options_function() + option_function() + std::string(kTail);
}

}  // namespace fmrx::cli
