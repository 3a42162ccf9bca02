// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/clip_meter.hpp"

#include <cstring>
#include <limits>
#include <vector>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::IqFormat;
using fmrx::SampleRate;
using fmrx::dsp::ClipMeter;

namespace {

/// The clip rate after a tenth of a second: two samples of which a part or both parts have
/// reached an end.
template <class Part>
double measured(IqFormat format, Part quiet, Part least, Part most) {
  constexpr std::size_t kSamples = 24'000;
  std::vector<Part> parts(2 * kSamples, quiet);
  parts[20'000] = parts[20'001] = most;
  parts[31'111] = least;
  std::vector<std::byte> bytes(parts.size() * sizeof(Part));
  std::memcpy(bytes.data(), parts.data(), bytes.size());
  ClipMeter meter(SampleRate(240'000));
  CHECK(meter.clip_rate() == 0);
  meter.process({format, bytes}, true);
  return meter.clip_rate();
}

}  // namespace

TEST_CASE("clipped samples are counted, one for both of its parts, in every format") {
  CHECK_THAT(measured<std::uint8_t>(IqFormat::cu8, 100, 0, 255), WithinAbs(2.0 / 24'000, 1e-12));
  CHECK_THAT(measured<std::int16_t>(IqFormat::cs16, 100, -32768, 32767), WithinAbs(2.0 / 24'000, 1e-12));
  CHECK_THAT(measured<float>(IqFormat::cf32, 0.5F, -1.0F, 1.0F), WithinAbs(2.0 / 24'000, 1e-12));
}
