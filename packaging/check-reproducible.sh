#!/bin/bash
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packaging/check-reproducible.sh: builds the .deb of the last commit twice, in two folders, at two times, under
# different locales, time zones, file modes and orders of building, and compares every byte.
set -euo pipefail
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
# A cache would answer the second time.
export CCACHE_DISABLE=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() ( # FOLDER JOBS MASK LOCALE ZONE
  umask "$3"
  export LC_ALL=$4 TZ=$5
  git archive --format=tar --prefix="$1/" HEAD | tar -C "$work" -x
  cmake -G Ninja -S "$work/$1" -B "$work/$1/build" -D CMAKE_BUILD_TYPE=Release -D BUILD_TESTING=OFF >/dev/null
  cmake --build "$work/$1/build" -j "$2" >/dev/null
  umask 022  # which ar keeps, in a field that dpkg does not read
  cpack --config "$work/$1/build/CPackConfig.cmake" -B "$work/$1/deb" >/dev/null
)

build one "$(nproc)" 022 C UTC
build "another folder" 1 077 C.UTF-8 Pacific/Auckland

compare() { # NAME FILE FILE
  cmp "$2" "$3" || { echo "check-reproducible: the two builds differ in $1" >&2; exit 1; }
  echo "check-reproducible: $1 is the same: $(sha256sum <"$2" | cut -d' ' -f1)"
}
compare "the program" "$work/one/build/src/fmrx" "$work/another folder/build/src/fmrx"
first=("$work/one/deb"/*.deb)
second=("$work/another folder/deb"/*.deb)
compare "$(basename "${first[0]}")" "${first[0]}" "${second[0]}"
