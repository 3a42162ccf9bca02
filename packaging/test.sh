#!/bin/sh
# SPDX-FileCopyrightText: 2026 The fmrx authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# packaging/test.sh [CMAKE-OPTION...]
#
# Installs what is missing, builds fmrx with its tests, and runs all of them. Options go to CMake.
# Warnings stop only CI (-D FMRX_WERROR=ON): a compiler newer than ours may have more of them.
set -eu
cd "$(dirname "$0")/.."

packaging/install-dependencies.sh build test
cmake --preset dev -D FMRX_WERROR=OFF "$@"
cmake --build --preset dev
ctest --preset dev
