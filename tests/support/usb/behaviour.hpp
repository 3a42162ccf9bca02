// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/usb/two_stations.hpp"

namespace fmrx::test {

/// A moment or a length of time on the bench, in whichever unit the description has.
struct Span {
  enum class Unit { nanoseconds, bytes, transfers };

  Unit unit = Unit::nanoseconds;
  std::uint64_t count = 0;
};

/// `name=value@begin+length` of FMRX_USB.
struct Fault {
  static constexpr std::uint64_t kForGood = UINT64_MAX;

  std::string name;
  std::string value;
  Span begin;
  Span length{Span::Unit::nanoseconds, kForGood};
};

enum class IqKind { pattern, simulated, file };
enum class Chip { r820t, r828d, none };

/// What FMRX_USB asks for: see README.md.
struct Behaviour {
  static constexpr int kMostDongles = 4;

  int dongles = 1;
  IqKind iq = IqKind::pattern;
  std::string iq_path;              ///< of IqKind::file
  std::optional<TwoLevels> levels;  ///< of IqKind::simulated, if it is not the whole band
  bool is_fast = false;
  double ppm = 0;  ///< by how much the crystal is too fast
  Chip chip = Chip::r820t;
  bool is_v4 = false;  ///< calls itself an RTL-SDR Blog V4
  std::string log_path;
  std::vector<Fault> faults;
};

/// Aborts with a message on a word that it does not know: a test with a misspelt one would
/// test nothing.
[[nodiscard]] Behaviour parse_behaviour(std::string_view text);

}  // namespace fmrx::test
