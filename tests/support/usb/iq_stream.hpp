// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "sim/band_simulator.hpp"
#include "support/usb/behaviour.hpp"
#include "support/usb/dongle_model.hpp"
#include "support/usb/front_end_model.hpp"

namespace fmrx::test {

/// The cu8 samples that a dongle sends.
class IqStream {
 public:
  explicit IqStream(const Behaviour& behaviour);

  /// The next samples, as the dongle is set.
  void fill(std::span<std::byte> bytes, const Settings& settings);
  /// Samples that are never sent.
  void skip(std::uint64_t bytes, const Settings& settings);

 private:
  void simulate(std::span<std::byte> bytes, const Settings& settings);
  void read_file(std::span<std::byte> bytes);

  IqKind kind_;
  std::ifstream file_;
  std::uint64_t file_bytes_ = 0;
  std::vector<sim::Station> stations_;  ///< of IqKind::simulated; the simulator does not own them
  std::uint64_t place_ = 0;
  std::optional<sim::BandSimulator> band_;
  std::optional<FrontEndModel> front_end_;
  double rate_hz_ = 0;
  double tuned_hz_ = 0;
  std::vector<std::complex<float>> iq_;
};

}  // namespace fmrx::test
