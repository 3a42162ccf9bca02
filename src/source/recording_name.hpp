// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "base/iq.hpp"
#include "base/units.hpp"

namespace fmrx::source {

/// What programs that record write into the names of their files.
struct RecordingName {
  std::optional<IqFormat> format;
  std::optional<SampleRate> rate;
  std::optional<Hertz> centre;
};

/// Reads a file's name; folders before it do not count.
///
///     fm_93.1M_256k.cs16, 256k_93100kHz.cu8    numbers with a unit, in any order
///     gqrx_20260101_120000_93100000_256000_fc.raw
///     SDRSharp_20260101_120000Z_93100000Hz_IQ.wav
///
/// A number from 20 M up is a centre frequency, one below it a sample rate.
[[nodiscard]] RecordingName parse_recording_name(std::string_view path);

}  // namespace fmrx::source
