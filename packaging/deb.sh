#!/bin/sh
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what is missing, builds fmrx, and makes a .deb of it in build/, for the system that it is built on.
set -eu
cd "$(dirname "$0")/.."

packaging/install-dependencies.sh build deb
cmake --preset release -D BUILD_TESTING=OFF
cmake --build --preset release
cpack --config build/release/CPackConfig.cmake -B build
for package in build/fmrx_*.deb; do
  echo "deb: to install it: sudo apt install ./$package" >&2
done
