#!/bin/bash
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packaging/test-aarch64.sh [TEST...]: builds fmrx and its tests for aarch64, in build/aarch64, with Debian's cross
# compiler and multiarch packages, and runs them under qemu-user; only the tests that are named, if any are. Debian 12
# on another processor, as root or with sudo if packages are missing. The kernel need not know how to start aarch64
# programs (binfmt_misc): then qemu is called by name, and some tests are left out (docs/testing.md).
set -euo pipefail
cd "$(dirname "$0")/.."
folder=build/aarch64

say() { echo "test-aarch64: $*" >&2; }
die() { say "$*"; exit 1; }
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# Of these only headers are taken, which serve every processor, or programs.
tools=(g++-aarch64-linux-gnu qemu-user-static cmake ninja-build pkg-config libcli11-dev nlohmann-json3-dev catch2)
libraries=(libc6-dev libstdc++-12-dev libtomlplusplus-dev librtlsdr-dev portaudio19-dev libspdlog-dev
  libsndfile1-dev libfftw3-dev)
wanted=("${tools[@]}" "${libraries[@]/%/:arm64}")

missing() {
  for package in "${wanted[@]}"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -x installed >/dev/null || echo "$package"
  done
}

command -v dpkg >/dev/null || die "this needs Debian 12: its cross compiler and its libraries for arm64"
[ "$(dpkg --print-architecture)" != arm64 ] || die "this is aarch64: packaging/test.sh tests it without an emulator"
if [ -n "$(missing)" ]; then
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    die "as root: dpkg --add-architecture arm64; apt-get update; apt-get install $(missing | tr '\n' ' ')"
  as_root dpkg --add-architecture arm64
  as_root apt-get update -q
  mapfile -t packages < <(missing)
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends --no-remove "${packages[@]}" </dev/null ||
    die "the packages for arm64 cannot be installed beside those of this system (see above)"
fi
# Where the kernel starts aarch64 programs itself, fmrx starts fmrx, too.
loader=/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1
if "$loader" --version >/dev/null 2>&1; then
  emulator=
else
  emulator=qemu-aarch64-static
  "$emulator" "$loader" --version >/dev/null || die "$emulator cannot run here: some containers forbid what it needs"
fi

cmake -G Ninja -S . -B "$folder" --toolchain cmake/aarch64-linux-gnu.cmake -D CMAKE_BUILD_TYPE=Release \
  -D BUILD_TESTING=ON -D CMAKE_CROSSCOMPILING_EMULATOR="$emulator"
if [ $# -gt 0 ]; then
  cmake --build "$folder" --target "$@"
  chosen=(--tests-regex "^($(IFS='|' && echo "$*"))\$")
else
  cmake --build "$folder"
  left_out=(interrupt_test dongle_faults_test gain_test sound_server_test portaudio_sink_test)
  say "left out, since they must keep up with the clock: ${left_out[*]}"
  if [ -n "$emulator" ]; then
    starting=(readme_test batch_test failure_test)
    say "left out, since this kernel does not start aarch64 programs (binfmt_misc): ${starting[*]}"
    left_out+=("${starting[@]}")
  fi
  chosen=(--exclude-regex "^($(IFS='|' && echo "${left_out[*]}"))\$")
fi
ctest --test-dir "$folder" --output-on-failure --no-tests=error -j "$(nproc)" --timeout 3600 "${chosen[@]}"
