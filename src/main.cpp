// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/program.hpp"

int main(int argc, char** argv) {
  return fmrx::app::run(argc, argv);
}
