// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/iq.hpp"
#include "base/local_time.hpp"
#include "base/units.hpp"

namespace fmrx::recording {

/// What a SigMF 1.x pair (sigmf.org) says of its samples: PATH.sigmf-meta beside PATH.sigmf-data.
struct SigMf {
  /// From that sample on, up to the next capture, nothing is missing.
  struct Capture {
    std::uint64_t first_sample = 0;
    std::uint64_t lost_before = 0;  ///< samples since the beginning that are not in the file
    std::optional<UtcTime> time{};
  };

  /// Zeros that stand for what never came.
  struct Gap {
    std::uint64_t first_sample = 0;
    std::uint64_t samples = 0;
  };

  std::optional<IqFormat> format{};
  std::optional<SampleRate> rate{};
  std::optional<Hertz> centre{};
  std::string hardware{};
  std::vector<Capture> captures{};
  std::vector<Gap> gaps{};
};

/// The metadata as JSON. Format and rate must be there.
[[nodiscard]] std::string sigmf_text(const SigMf& meta);

/// What `text` says of format, rate and the first capture's centre, as far as fmrx can read it;
/// nothing if it is no SigMF.
[[nodiscard]] std::optional<SigMf> parse_sigmf(std::string_view text);

/// "x" for "x.sigmf-data", "x.sigmf-meta" and "x.sigmf"; nothing for other names.
[[nodiscard]] std::optional<std::string> sigmf_stem(std::string_view path);

inline constexpr const char* kSigMfData = ".sigmf-data";
inline constexpr const char* kSigMfMeta = ".sigmf-meta";

}  // namespace fmrx::recording
