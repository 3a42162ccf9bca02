// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace fmrx {

/// Whether this process may use the processor's tile registers (AMX). They are 8 kB that are saved with each
/// thread, so the system gives them only to a process that asks; this does. Threads started before have them,
/// too.
[[nodiscard]] bool ask_for_tile_registers();

}  // namespace fmrx
