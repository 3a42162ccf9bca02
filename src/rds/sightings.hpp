// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace fmrx::rds {

/// Which values came in one place lately, and how often. Texts that a station shows in turn are so
/// recognised when they come back.
class Sightings {
 public:
  /// Notes that `value` came.
  void note(std::uint16_t value) {
    if (++total_ >= kMemory) forget_half();
    Entry* place = entries_.data();
    for (Entry& entry : entries_) {
      if (entry.count > 0 && entry.value == value) {
        ++entry.count;
        return;
      }
      if (entry.count < place->count) place = &entry;
    }
    *place = {value, 1};
  }

  /// Has it come so often that it is no error? Errors come twice, too, but rarely.
  [[nodiscard]] bool is_familiar(std::uint16_t value) const { return is_share(value, 40); }

  /// Are there values that take turns?
  [[nodiscard]] bool has_several_familiar() const {
    return std::ranges::count_if(entries_, [&](const Entry& entry) { return is_share(entry, 40); }) > 1;
  }

 private:
  static constexpr unsigned kMemory = 800;

  struct Entry {
    std::uint16_t value = 0;
    std::uint16_t count = 0;
  };

  [[nodiscard]] bool is_share(const Entry& entry, unsigned one_of) const {
    return entry.count >= 2 && entry.count * one_of >= total_;
  }
  [[nodiscard]] bool is_share(std::uint16_t value, unsigned one_of) const {
    return std::ranges::any_of(
        entries_, [&](const Entry& entry) { return entry.value == value && is_share(entry, one_of); });
  }

  void forget_half() {
    total_ /= 2;
    for (Entry& entry : entries_) entry.count /= 2;
  }

  std::array<Entry, 24> entries_{};
  unsigned total_ = 0;
};

}  // namespace fmrx::rds
