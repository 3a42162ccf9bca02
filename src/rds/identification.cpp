// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/identification.hpp"

namespace fmrx::rds {

namespace {

/// In a row, without the station's own between.
constexpr std::uint32_t kTimesToReplace = 3;
constexpr std::uint32_t kTimesToBegin = 2;

}  // namespace

Identification::Verdict Identification::take(std::optional<std::uint16_t> pi, Confidence confidence) {
  if (!pi) return Verdict::station;
  if (pi == station_) {
    candidate_times_ = 0;
    return Verdict::station;
  }
  candidate_times_ = *pi == candidate_ ? candidate_times_ + 1 : 1;
  candidate_ = *pi;
  const bool is_first = !station_;
  const bool is_certain = is_first ? confidence == Confidence::clean || candidate_times_ >= kTimesToBegin
                                   : candidate_times_ >= kTimesToReplace;
  if (!is_certain) return is_first ? Verdict::station : Verdict::foreign;
  station_ = pi;
  candidate_times_ = 0;
  return is_first ? Verdict::station : Verdict::new_station;
}

}  // namespace fmrx::rds
