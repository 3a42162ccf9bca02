// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/tuner.hpp"

#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <numbers>
#include <random>

#include "dsp/channel_filter.hpp"
#include "dsp/filter_design.hpp"
#include "dsp/kernels/kernel_sets.hpp"
#include "dsp/tuner_design.hpp"
#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::Hertz;
using fmrx::IqFormat;
using fmrx::SampleRate;
using namespace fmrx::dsp;

namespace {

/// No filter: what comes out is what went in.
const RatePlan kPlan{SampleRate(480'000)};

template <class Number>
std::vector<std::byte> bytes_of(const std::vector<Number>& numbers) {
  std::vector<std::byte> bytes(numbers.size() * sizeof(Number));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

/// A block of one piece.
ComplexView tuned(Tuner& tuner, fmrx::IqView block) {
  tuner.begin_block(block);
  return tuner.process(block.samples());
}

}  // namespace

TEST_CASE("127.5 is the zero of 8-bit samples") {
  Tuner tuner(kPlan, Hertz(0), best_kernels(), 16);
  const auto bytes = bytes_of<std::uint8_t>({0, 255, 127, 128});
  const ComplexView out = tuned(tuner, {IqFormat::cu8, bytes});
  REQUIRE(out.size() == 2);
  CHECK(out.re[0] == -1.0F);
  CHECK(out.im[0] == 1.0F);
  CHECK(out.re[1] == -out.im[1]);
}

TEST_CASE("full scale is 1.0 in every format") {
  Tuner tuner(kPlan, Hertz(0), best_kernels(), 16);
  const auto cs16 = bytes_of<std::int16_t>({32767, -32767});
  ComplexView out = tuned(tuner, {IqFormat::cs16, cs16});
  CHECK_THAT(static_cast<double>(out.re[0]), WithinAbs(1, 1e-7));
  CHECK_THAT(static_cast<double>(out.im[0]), WithinAbs(-1, 1e-7));
  const auto cf32 = bytes_of<float>({0.25F, -1.0F});
  out = tuned(tuner, {IqFormat::cf32, cf32});
  CHECK(out.re[0] == 0.25F);
  CHECK(out.im[0] == -1.0F);
}

TEST_CASE("what is not a number, or no signal, becomes silence") {
  Tuner tuner(kPlan, Hertz(0), best_kernels(), 16);
  const float infinity = std::numeric_limits<float>::infinity();
  const auto bytes = bytes_of<float>({std::nanf(""), infinity, -infinity, 1e30F, 0.5F, -0.5F});
  const ComplexView out = tuned(tuner, {IqFormat::cf32, bytes});
  CHECK(out.re[0] == 0.0F);
  CHECK(out.im[0] == 0.0F);
  CHECK(out.re[1] == 0.0F);
  CHECK(out.im[1] == 0.0F);
  CHECK(out.re[2] == 0.5F);
  CHECK(out.im[2] == -0.5F);
}

TEST_CASE("the tuner brings the station to 0 Hz and never loses its phase") {
  const auto rate = GENERATE(480'000u, 2'400'000u);
  const double offset_hz = GENERATE(112'345.678, -125'000.25);
  const RatePlan plan{SampleRate(rate)};
  Tuner tuner(plan, Hertz(offset_hz), best_kernels(), 4096);
  const double gain = zero_phase_response(tuner_taps(plan), 0, rate);
  double worst = 0;
  for (std::size_t block = 0; block < 600; ++block) {
    std::vector<float> iq;
    for (std::size_t n = 0; n < 4096; ++n) {
      const double turns = std::remainder(offset_hz * static_cast<double>(block * 4096 + n) / rate, 1.0);
      iq.push_back(static_cast<float>(std::cos(2 * std::numbers::pi * turns)));
      iq.push_back(static_cast<float>(std::sin(2 * std::numbers::pi * turns)));
    }
    const ComplexView out = tuned(tuner, {IqFormat::cf32, bytes_of(iq)});
    if (block == 0) continue;  // the filter fills
    for (std::size_t n = 0; n < out.size(); n += 7)
      worst = std::max(worst, std::abs(std::complex<double>(static_cast<double>(out.re[n]) - gain,
                                                            static_cast<double>(out.im[n]))));
  }
  // Roundings of floats next to 1: of the sample, of oscillator and mixer, and of 52 taps and sums.
  CHECK(worst < (rate == 480'000 ? 4e-7 : 1e-6));
}

TEST_CASE("the tuner stops a station beside by its mask, wherever both are") {
  const double offset_hz = GENERATE(0.0, 300e3, -777'777.0);
  const double beside_hz = GENERATE(-480e3, 480e3, 960e3);
  const RatePlan plan{SampleRate(2'400'000)};
  Tuner tuner(plan, Hertz(offset_hz), best_kernels(), 24'000);
  std::vector<float> iq;
  for (int n = 0; n < 24'000; ++n) {
    const double turns = std::remainder((offset_hz + beside_hz) * n / 2.4e6, 1.0);
    iq.push_back(static_cast<float>(std::cos(2 * std::numbers::pi * turns)));
    iq.push_back(static_cast<float>(std::sin(2 * std::numbers::pi * turns)));
  }
  const ComplexView out = tuned(tuner, {IqFormat::cf32, bytes_of(iq)});
  REQUIRE(out.size() == 4800);
  for (std::size_t m = 100; m < out.size(); ++m)
    REQUIRE(std::hypot(out.re[m], out.im[m]) < 5.02e-5F + 1e-6F);  // 6 dB better than the mask, and roundings
}

TEST_CASE("any cutting of the input gives the same IF, bit for bit, in every format") {
  const auto format = GENERATE(IqFormat::cu8, IqFormat::cs16, IqFormat::cf32);
  const auto rate = GENERATE(480'000u, 1'234'567u, 2'400'000u);
  const RatePlan plan{SampleRate(rate)};
  const std::size_t sample_bytes = fmrx::bytes_per_sample(format);
  std::mt19937 random(rate);
  std::vector<std::byte> iq(60'000 * sample_bytes);
  for (std::byte& byte : iq) byte = static_cast<std::byte>(random());
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    using Length = std::uniform_int_distribution<std::size_t>;
    const auto received = [&](Length block_length, Length piece_length) {
      Tuner tuner(plan, Hertz(54'321), *kernels, 60'000);
      std::vector<float> out;
      for (std::span<const std::byte> left = iq; !left.empty();) {
        // Where it ends, memory may end: the sanitizers see who reads on.
        const std::vector<std::byte> block(
            left.begin(), left.begin() + static_cast<std::ptrdiff_t>(
                                             std::min(left.size(), block_length(random) * sample_bytes)));
        tuner.begin_block({format, block});
        for (std::size_t rest = block.size() / sample_bytes; rest > 0;) {
          const std::size_t count = std::min(rest, piece_length(random));
          const ComplexView piece = tuner.process(count);
          for (std::size_t m = 0; m < piece.size(); ++m) {
            out.push_back(piece.re[m]);
            out.push_back(piece.im[m]);
          }
          rest -= count;
        }
        left = left.subspan(block.size());
      }
      return out;
    };
    const Length all(60'000, 60'000);
    const std::vector<float> whole = received(all, all);
    CHECK(whole.size() == 2 * (60'000 / plan.if_decimation));
    for (const std::size_t longest : {7U, 700U, 20'000U}) {
      CHECK(received(Length(0, longest), all) == whole);
      CHECK(received(all, Length(0, longest)) == whole);
      CHECK(received(Length(0, 20'000), Length(0, longest)) == whole);
    }
  }
}

TEST_CASE("every instruction set gives the same IF, within rounding") {
  const auto format = GENERATE(IqFormat::cu8, IqFormat::cs16, IqFormat::cf32);
  const double offset_hz = GENERATE(0.0, 54'321.0, -90e3);
  const RatePlan plan{SampleRate(GENERATE(480'000u, 1'024'000u, 2'400'000u, 3'200'000u))};
  std::mt19937 random(1);
  std::vector<std::byte> iq(50'000 * fmrx::bytes_per_sample(format));
  for (std::byte& byte : iq) byte = static_cast<std::byte>(random());
  const Kernels& plainest = *available_kernels().front();
  Tuner expected_tuner(plan, Hertz(offset_hz), plainest, 50'000);
  const ComplexView expected = tuned(expected_tuner, {format, iq});
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    Tuner tuner(plan, Hertz(offset_hz), *kernels, 50'000);
    const ComplexView out = tuned(tuner, {format, iq});
    REQUIRE(out.size() == expected.size());
    double power = 0;
    double error = 0;
    for (std::size_t m = 100; m < out.size(); ++m) {
      power += std::pow(static_cast<double>(expected.re[m]), 2);
      error += std::pow(static_cast<double>(out.re[m]) - static_cast<double>(expected.re[m]), 2);
    }
    // 16-bit numbers: a sample of full scale is 8160, mixed with two roundings of 0.29; the
    // oscillator and the taps add as much. The samples are evenly spread, 0.577 of full scale.
    // The noise of 8 bits is 36 dB above that. Tiles round nothing but the taps. Floats: 24 bits.
    const bool rounds_to_16_bits =
        format == IqFormat::cu8 && kernels->cu8_arithmetic != plainest.cu8_arithmetic;
    CHECK(std::sqrt(error / power) < (rounds_to_16_bits ? 2 * 0.41 / 8160 / 0.577 : 1e-6));
  }
}

TEST_CASE("the tuner sees a byte at its end wherever it is, and none where there is none") {
  const std::size_t samples = GENERATE(100U, 5'000U, 50'000U);
  for (const Kernels* const kernels : available_kernels()) {
    INFO(kernels->name);
    Tuner tuner(RatePlan{SampleRate(2'400'000)}, Hertz(300e3), *kernels, samples);
    std::vector<std::byte> iq(2 * samples, std::byte{1});
    iq[7] = std::byte{254};
    static_cast<void>(tuned(tuner, {IqFormat::cu8, iq}));
    CHECK_FALSE(tuner.at_end());
    for (std::size_t part = 0; part < iq.size(); part += 1 + samples / 50) {
      iq[part] = std::byte{part % 2 == 0 ? std::uint8_t{0} : std::uint8_t{255}};
      static_cast<void>(tuned(tuner, {IqFormat::cu8, iq}));
      REQUIRE(tuner.at_end());
      iq[part] = std::byte{1};
    }
    static_cast<void>(tuned(tuner, {IqFormat::cu8, iq}));
    CHECK_FALSE(tuner.at_end());
  }
}
