// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <variant>

#include "base/iq.hpp"
#include "base/units.hpp"

namespace fmrx::source {

/// What stands before the samples of a two-channel WAV file.
struct WavHeader {
  IqFormat format = IqFormat::cs16;
  SampleRate rate{0};
  std::optional<Hertz> centre;              ///< from an "auxi" chunk
  std::size_t bytes = 0;                    ///< of the header itself: where the samples begin
  std::optional<std::uint64_t> data_bytes;  ///< where the writer knew it
};

/// Something else than IQ in two channels of a known format; what() says what, as in
/// "has 1 channel, not two".
class WavError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// So many bytes tell whether a file is WAV.
inline constexpr std::size_t kWavMagic_bytes = 12;
[[nodiscard]] bool is_wav(std::span<const std::byte> beginning);

/// The header in the first bytes of a file; or else how many bytes, counted from the file's
/// beginning, are needed to tell more. Never asks for bytes of samples. Takes RIFF (Microsoft, 1991) with any
/// chunks before the data, RF64 (EBU Tech 3306) and WAVE_FORMAT_EXTENSIBLE; sizes 0 and 0xFFFFFFFF mean "to
/// the end".
[[nodiscard]] std::variant<WavHeader, std::size_t> parse_wav_header(std::span<const std::byte> beginning);

}  // namespace fmrx::source
