// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace fmrx::app {

/// The program: does what the command line says and gives the exit status. Does not
/// return where a thread hangs in a library: then it leaves the process itself.
int run(int argc, const char* const* argv);

}  // namespace fmrx::app
