// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Groups as a hostile station may send them, ten bytes each: four blocks, how they came in, and
// how long after the group before.

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "fuzz/hostile_report.hpp"

using namespace fmrx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kGroupBytes = 10;
  if (size == 0) return 0;
  report::StationReport report(static_cast<rds::SystemChoice>(data[0] % 3));
  double time_s = 0;
  for (std::size_t at = 1; at + kGroupBytes <= size; at += kGroupBytes) {
    const std::uint8_t* const bytes = data + at;
    rds::Group group;
    for (std::size_t i = 0; i < 4; ++i) {
      group.blocks[i].bits = static_cast<std::uint16_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
      // Mostly clean, so that more than the beginning of the decoder is reached.
      const unsigned quality = bytes[8] >> (2 * i) & 3U;
      group.blocks[i].confidence = quality == 1   ? rds::Confidence::failed
                                   : quality == 2 ? rds::Confidence::corrected
                                                  : rds::Confidence::clean;
    }
    group.c_prime = (bytes[9] & 1U) != 0;
    time_s += 0.0876 * (1 + (bytes[9] >> 1));
    group.time = std::chrono::duration<double>(time_s);
    test::take_hostile(report, group);
  }
  return 0;
}
