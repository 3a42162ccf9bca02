// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/station_memory.hpp"

#include <algorithm>

namespace fmrx::rds {
namespace {

/// Each group makes those before it count a little less: memory of some 1000 groups.
constexpr double kFading = 0.999;

/// What a repetition is recorded under. In group 0 the flags beside the segment change alone.
std::uint32_t key_of(std::uint16_t second, std::size_t block) {
  const unsigned type = second >> 12;
  const unsigned subject = type == 0 ? second & 0xF803U : second & 0xF81FU;
  return 1U << 20 | static_cast<std::uint32_t>(block) << 16 | subject;
}

}  // namespace

void StationMemory::received_second(std::uint16_t information) {
  double total = 0;
  for (Second& one : second_) {
    one.weight *= kFading;
    total += one.weight;
  }
  Second* slot = std::find_if(second_.begin(), second_.end(), [&](const Second& one) {
    return one.weight > 0 && one.information == information;
  });
  familiar_.observe(slot != second_.end());
  if (slot == second_.end()) {
    slot = std::min_element(second_.begin(), second_.end(),
                            [](const Second& a, const Second& b) { return a.weight < b.weight; });
    total -= slot->weight;
    *slot = {information, 0};
  }
  slot->weight += 1;
  total += 1;

  seconds_ = 0;
  for (const Second& one : second_) {
    if (one.weight > 0)
      expected_[seconds_++] = {one.information, familiar_.probability() * one.weight / total};
  }
}

Repetition* StationMemory::find(std::uint16_t second, std::size_t block) {
  const std::uint32_t key = key_of(second, block);
  const auto slot =
      std::find_if(slots_.begin(), slots_.end(), [&](const Slot& one) { return one.key == key; });
  if (slot == slots_.end()) return nullptr;
  slot->used = ++uses_;
  return &slot->repetition;
}

Repetition& StationMemory::make(std::uint16_t second, std::size_t block) {
  const auto slot = std::min_element(slots_.begin(), slots_.end(),
                                     [](const Slot& a, const Slot& b) { return a.used < b.used; });
  *slot = {key_of(second, block), ++uses_, {}};
  return slot->repetition;
}

}  // namespace fmrx::rds
