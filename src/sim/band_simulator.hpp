// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "sim/station.hpp"

namespace fmrx::sim {

/// A whole FM band, as a tuner at one centre frequency delivers it: the source
/// that needs no dongle, and the signal generator of the tests.
///
/// The same arguments give the same samples, however they are asked for. IQ
/// sample 0 carries sample 0 of every Programme.
class BandSimulator {
 public:
  /// Rates of IQ that can be simulated.
  static constexpr SampleRate kMinRate{200'000};
  static constexpr SampleRate kMaxRate{20'000'000};

  /// seed: of the noise and of the carriers' phases. The stations must outlive the
  /// simulator. Throws Error for a rate outside kMinRate to kMaxRate.
  BandSimulator(SampleRate rate, Hertz centre, std::uint64_t seed = 0,
                std::span<const Station> band = fm_band());
  ~BandSimulator();
  BandSimulator(BandSimulator&&) noexcept;
  BandSimulator& operator=(BandSimulator&&) noexcept;

  /// The next samples, 1.0 = full scale. Never allocates.
  void generate(std::span<std::complex<float>> iq);

  /// Stations that lie inside the band of this rate and centre.
  [[nodiscard]] std::size_t stations() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace fmrx::sim
