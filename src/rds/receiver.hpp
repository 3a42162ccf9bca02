// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "rds/demodulator.hpp"
#include "rds/group.hpp"
#include "rds/group_decoder.hpp"
#include "rds/subcarrier_band.hpp"

namespace fmrx::rds {

/// RDS from a station's multiplex, or from what a dsp::StationReceiver has of it around 38 kHz. Any
/// cutting of either into blocks gives the same groups.
class Receiver {
 public:
  /// Throws fmrx::Error where the multiplex is too slow to hold RDS, below 120 kS/s.
  explicit Receiver(double multiplex_rate_hz);
  explicit Receiver(const dsp::DifferenceBand& source);

  /// Of what the constructor was told, of any level; `difference` with its history before it. Groups that
  /// ended with it, in order, valid until the next call.
  [[nodiscard]] std::span<const Group> process(std::span<const float> multiplex);
  [[nodiscard]] std::span<const Group> process(dsp::ComplexView difference);

  /// Nothing was received for so long: the times of groups go on, as those of the multiplex do.
  void skip(std::chrono::duration<double> missing) { missing_ += missing; }

  /// What was received of the last group, when nothing more will come.
  [[nodiscard]] std::span<const Group> finish();

 private:
  explicit Receiver(SubcarrierBand band);
  void collect(std::span<const Group> groups);

  SubcarrierBand band_;
  Demodulator demodulator_;
  GroupDecoder decoder_;
  std::chrono::duration<double> missing_{0};
  std::vector<Group> groups_;
};

}  // namespace fmrx::rds
