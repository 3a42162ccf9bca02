// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "dsp/kernels/kernels.hpp"

namespace fmrx::app {

/// The best kernels that this processor has, or those that the environment variable
/// FMRX_INSTRUCTION_SET names, for tests and benchmarks. Throws fmrx::Error with ExitStatus::usage
/// if it names none that this processor has.
[[nodiscard]] const dsp::Kernels& chosen_kernels();

}  // namespace fmrx::app
