// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/group_phase.hpp"

#include <algorithm>
#include <cmath>

namespace fmrx::rds {

void GroupPhase::observe(std::int64_t last, const OffsetLikelihoods& likelihoods,
                         std::optional<std::size_t> known) {
  const auto of = [&](Offset offset) {
    return static_cast<double>(likelihoods[static_cast<std::size_t>(offset)]);
  };
  const std::array<double, 4> blocks{of(Offset::a), of(Offset::b), (of(Offset::c) + of(Offset::c_prime)) / 2,
                                     of(Offset::d)};
  // A block that ends here ends a group's first, second, third or last quarter.
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    const auto into_group = static_cast<std::int64_t>((block + 1) * kBlockBits);
    const std::int64_t first = last + 1 - into_group + static_cast<std::int64_t>(kGroupBits);
    const auto phase = static_cast<std::size_t>(first % static_cast<std::int64_t>(kGroupBits));
    if (phase != known) observe_block(phase, blocks[block]);
  }
}

void GroupPhase::observe_block(std::size_t phase, double likelihood) {
  double& evidence = evidence_[phase];
  evidence += std::log((1 - kSpoilt) * likelihood + kSpoilt);
  evidence = std::clamp(evidence, 0.0, kMost);
}

void GroupPhase::forget_others(std::size_t phase) {
  const double kept = evidence_[phase];
  evidence_.fill(0);
  evidence_[phase] = kept;
}

std::size_t GroupPhase::likeliest() const {
  return static_cast<std::size_t>(std::max_element(evidence_.begin(), evidence_.end()) - evidence_.begin());
}

}  // namespace fmrx::rds
