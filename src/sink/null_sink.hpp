// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "sink/sink.hpp"

namespace fmrx::sink {

/// Takes all audio at once and keeps nothing of it: for measuring, and for sessions that
/// want only what else a station sends.
[[nodiscard]] std::unique_ptr<Sink> make_null_sink();

}  // namespace fmrx::sink
