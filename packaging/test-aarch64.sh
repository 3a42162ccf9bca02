#!/bin/bash
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packaging/test-aarch64.sh [FOLDER]: builds the signal chain for aarch64 and runs the tests of its kernels under
# qemu, so that NEON is tried, too. Needs Debian's g++-aarch64-linux-gnu, qemu-user-static and catch2.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-build/aarch64}
mkdir -p "$folder/catch2"

# The test framework is a header; no other header of this machine is for aarch64.
cp /usr/include/catch2/catch.hpp "$folder/catch2/"

compiler="aarch64-linux-gnu-g++ -std=c++20 -Wall -Wextra -Isrc -Itests -I$folder"
chain="-O3 -fno-math-errno -fno-trapping-math -ffp-contract=off"
{
  for source in src/base/error.cpp src/dsp/*.cpp src/dsp/kernels/kernel_sets.cpp; do
    if [ -f "$source" ]; then printf '%s %s\n' "$source" "$chain"; fi
  done
  printf 'src/dsp/kernels/instruction_set.cpp %s -DFMRX_KERNEL_SET=baseline\n' "$chain"
  for test in clip_meter discriminator fir tuner; do printf 'tests/dsp/%s_test.cpp -O1\n' "$test"; done
  printf 'tests/support/catch2_v2_main.cpp -O1\n'
} | while read -r source options; do
  printf '%s %s -c %s -o %s/%s.o\n' "$compiler" "$options" "$source" "$folder" "${source//\//_}"
done | xargs -P "$(nproc)" -I{} sh -c '{}'

aarch64-linux-gnu-g++ -static "$folder"/*.o -o "$folder/kernels_test"
qemu-aarch64-static "$folder/kernels_test"
