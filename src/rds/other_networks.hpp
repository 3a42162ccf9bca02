// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "rds/alternative_frequencies.hpp"
#include "rds/pair.hpp"
#include "rds/programme_service.hpp"
#include "rds/slow_labelling.hpp"

namespace fmrx::rds {

/// Which programmes belong together and may be heard instead of one another (IEC 62106 3.2.1.8.3).
struct Linkage {
  bool linkage_actuator = false;
  bool extended_generic = false;
  bool international = false;
  std::uint16_t set_number = 0;  ///< 12 bits; international: 8, with a country code above

  friend bool operator==(const Linkage&, const Linkage&) = default;
};

/// A frequency of this network, and which one of the other network it is mapped to (3.2.1.8.2).
struct MappedFrequency {
  Hertz tuned;
  Hertz other;
};

/// What a group 14A or 14B says of another network (3.1.5.19).
struct OtherNetworkContent {
  std::uint16_t pi = 0;
  bool tp = false;
  std::optional<bool> ta;
  std::optional<std::uint8_t> pty;
  std::optional<Text> ps;    ///< complete
  std::optional<AfList> af;  ///< complete
  std::optional<MappedFrequency> mapped;
  std::optional<Linkage> linkage;
  std::optional<ProgrammeItem> item;
  std::optional<std::uint16_t> broadcasters_data;
  std::optional<std::uint8_t> variant;  ///< of 14A
};

/// The other networks that a station knows: the last kMost that it spoke of.
class OtherNetworks {
 public:
  static constexpr std::size_t kMost = 64;

  OtherNetworks();

  /// Group 14A, where blocks 2 and 4 were received; block 3 may have failed.
  OtherNetworkContent take_14a(std::uint16_t block2, std::optional<Pair> block3, std::uint16_t pi,
                               const Moment& now, bool noisy);
  /// Group 14B: a traffic announcement begins or ends there.
  static OtherNetworkContent take_14b(std::uint16_t block2, std::uint16_t pi);

 private:
  struct Network {
    std::uint16_t pi = 0;
    std::uint64_t last_used = 0;
    ProgrammeService ps;
    AfCollector af;
  };

  Network& network(std::uint16_t pi);

  std::vector<Network> networks_;  ///< never grows beyond what is reserved
  std::uint64_t clock_ = 0;
};

}  // namespace fmrx::rds
