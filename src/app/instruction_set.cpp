// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/instruction_set.hpp"

#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "dsp/kernels/kernel_sets.hpp"

namespace fmrx::app {

const dsp::Kernels& chosen_kernels() {
  const char* const name = std::getenv("FMRX_INSTRUCTION_SET");
  if (name == nullptr || *name == '\0') return dsp::best_kernels();
  if (const dsp::Kernels* const kernels = dsp::find_kernels(name)) return *kernels;
  std::string known;
  for (const dsp::Kernels* const set : dsp::available_kernels())
    known += (known.empty() ? "" : ", ") + std::string(set->name);
  throw Error(ExitStatus::usage,
              "FMRX_INSTRUCTION_SET is " + printable(name) + ": this processor has " + known);
}

}  // namespace fmrx::app
