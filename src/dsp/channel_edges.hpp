// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace fmrx::dsp {

/// Where the channel filter may cut, in hertz from the carrier, on either side. Beyond
/// the last one it does not cut at all: the decimator's response is the filter.
inline constexpr std::array<double, 14> kChannelEdges_Hz = {28e3, 32e3, 36e3, 41e3,  47e3,  54e3,  62e3,
                                                            71e3, 82e3, 94e3, 108e3, 124e3, 142e3, 163e3};
inline constexpr std::size_t kOpenEdge = kChannelEdges_Hz.size();
inline constexpr std::size_t kEdges = kOpenEdge + 1;

/// Where an edge is in an IF of that rate; an open one is the IF's.
inline double edge_hz(std::size_t edge, double if_hz) {
  return edge == kOpenEdge ? if_hz / 2 : std::min(kChannelEdges_Hz[edge], if_hz / 2);
}

/// Indices into kChannelEdges_Hz, or kOpenEdge.
struct ChannelEdges {
  std::size_t below = kOpenEdge;
  std::size_t above = kOpenEdge;

  friend bool operator==(const ChannelEdges&, const ChannelEdges&) = default;
};

}  // namespace fmrx::dsp
