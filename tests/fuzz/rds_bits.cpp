// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// RDS bits of any kind; how they are cut must not matter.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "fuzz/hostile_report.hpp"
#include "rds/bit_receiver.hpp"
#include "report/hex.hpp"

using namespace fmrx;

namespace {

/// All groups, of bits that come in pieces of so many.
std::vector<rds::Group> groups_of(std::span<const std::uint8_t> bits, std::size_t piece) {
  rds::BitReceiver receiver;
  std::vector<rds::Group> all;
  const auto add = [&](std::span<const rds::Group> groups) {
    all.insert(all.end(), groups.begin(), groups.end());
  };
  for (; !bits.empty(); bits = bits.subspan(std::min(piece, bits.size())))
    add(receiver.process(bits.first(std::min(piece, bits.size()))));
  add(receiver.finish());
  return all;
}

bool are_same(const rds::Group& a, const rds::Group& b) {
  return report::hex_line(a) == report::hex_line(b) && a.time == b.time && a.c_prime == b.c_prime;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::vector<std::uint8_t> bits;
  for (std::size_t i = 1; i < size; ++i) {
    for (int bit = 7; bit >= 0; --bit) bits.push_back(data[i] >> bit & 1U);
  }
  const auto whole = groups_of(bits, std::max<std::size_t>(bits.size(), 1));
  const auto cut = groups_of(bits, std::size_t{data[0]} + 1);
  if (!std::equal(whole.begin(), whole.end(), cut.begin(), cut.end(), are_same)) std::abort();
  report::StationReport report(rds::SystemChoice::automatic);
  for (const rds::Group& group : whole) test::take_hostile(report, group);
  return 0;
}
