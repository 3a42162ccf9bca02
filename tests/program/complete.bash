#!/bin/bash
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# complete.bash SCRIPT LINE...: types each LINE into an interactive bash that has loaded SCRIPT, has it insert
# all completions of the last word (Alt-*), and prints the line that results.
script=$1
shift
{
  printf 'source %q\n' "$script"
  for line in "$@"; do
    printf '%s\e*\001printf "%%s " \n' "$line"
    printf 'echo\n'
  done
} | INPUTRC=/dev/null bash --norc -i 2>/dev/null
