// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/receiver.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace fmrx::rds {
namespace {

/// Samples of the multiplex, or of the band, that are worked on at a time.
constexpr std::size_t kPiece = 4'096;

constexpr double kLowestRate_Hz = 120'000;

/// More groups from one call are rare: 20 s of multiplex at a time.
constexpr std::size_t kGroupsExpected = 256;

double checked(double rate_hz) {
  if (!(rate_hz >= kLowestRate_Hz))
    throw Error(ExitStatus::usage, "RDS lies at 57 kHz: a multiplex of " +
                                       std::to_string(std::isfinite(rate_hz) ? std::llround(rate_hz) : 0) +
                                       " S/s does not hold it, 128000 do");
  return rate_hz;
}

}  // namespace

Receiver::Receiver(double multiplex_rate_hz) : Receiver(SubcarrierBand(checked(multiplex_rate_hz), kPiece)) {}

Receiver::Receiver(const dsp::DifferenceBand& source) : Receiver(SubcarrierBand(source, kPiece)) {}

Receiver::Receiver(SubcarrierBand band)
    : band_(std::move(band)),
      demodulator_(band_.rate_hz(), band_.delay_s(), band_.max_output()),
      decoder_(demodulator_.max_output()) {
  groups_.reserve(kGroupsExpected);
}

std::span<const Group> Receiver::process(std::span<const float> multiplex) {
  groups_.clear();
  while (!multiplex.empty()) {
    const std::size_t count = std::min(kPiece, multiplex.size());
    collect(decoder_.process(demodulator_.process(band_.process(multiplex.first(count)))));
    multiplex = multiplex.subspan(count);
  }
  return groups_;
}

std::span<const Group> Receiver::process(dsp::ComplexView difference) {
  groups_.clear();
  while (difference.size() > 0) {
    const std::size_t count = std::min(kPiece, difference.size());
    collect(decoder_.process(
        demodulator_.process(band_.process({difference.re.first(count), difference.im.first(count)}))));
    difference = {difference.re.subspan(count), difference.im.subspan(count)};
  }
  return groups_;
}

std::span<const Group> Receiver::finish() {
  groups_.clear();
  collect(decoder_.process(demodulator_.finish()));
  collect(decoder_.finish());
  return groups_;
}

void Receiver::collect(std::span<const Group> groups) {
  for (Group group : groups) {
    group.time += missing_;
    groups_.push_back(group);
  }
}

}  // namespace fmrx::rds
