// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>

#include "rt/task.hpp"
#include "source/dongle_connection.hpp"
#include "source/rtlsdr.hpp"
#include "source/source.hpp"

namespace fmrx::source {

/// The source behind open_rtlsdr(), over any kind of connection: watches its progress, closes
/// what is lost, opens it again, and keeps the time line. It knows no library and no thread, so
/// that tests run it on virtual time.
[[nodiscard]] rt::Task<std::unique_ptr<Source>> open_dongle(RtlsdrConfig config, MakeConnection connect);

}  // namespace fmrx::source
