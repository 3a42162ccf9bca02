// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "dsp/front_end.hpp"

#include <cmath>
#include <complex>
#include <cstring>
#include <limits>
#include <numbers>

#include "support/catch2.hpp"

using Catch::Matchers::WithinAbs;
using fmrx::Hertz;
using fmrx::IqFormat;
using fmrx::SampleRate;
using namespace fmrx::dsp;

namespace {

const RatePlan kPlan{SampleRate(2'400'000)};

template <class Number>
std::vector<std::byte> bytes_of(const std::vector<Number>& numbers) {
  std::vector<std::byte> bytes(numbers.size() * sizeof(Number));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

}  // namespace

TEST_CASE("127.5 is the zero of 8-bit samples") {
  FrontEnd front_end(kPlan, Hertz(0), 16);
  const auto bytes = bytes_of<std::uint8_t>({0, 255, 127, 128});
  const ComplexView out = front_end.process({IqFormat::cu8, bytes});
  REQUIRE(out.size() == 2);
  CHECK(out.re[0] == -1.0F);
  CHECK(out.im[0] == 1.0F);
  CHECK(out.re[1] == -out.im[1]);
}

TEST_CASE("full scale is 1.0 in every format") {
  FrontEnd front_end(kPlan, Hertz(0), 16);
  const auto cs16 = bytes_of<std::int16_t>({32767, -32767});
  ComplexView out = front_end.process({IqFormat::cs16, cs16});
  CHECK_THAT(static_cast<double>(out.re[0]), WithinAbs(1, 1e-7));
  CHECK_THAT(static_cast<double>(out.im[0]), WithinAbs(-1, 1e-7));
  const auto cf32 = bytes_of<float>({0.25F, -1.0F});
  out = front_end.process({IqFormat::cf32, cf32});
  CHECK(out.re[0] == 0.25F);
  CHECK(out.im[0] == -1.0F);
}

TEST_CASE("what is not a number, or no signal, becomes silence") {
  FrontEnd front_end(kPlan, Hertz(0), 16);
  const float infinity = std::numeric_limits<float>::infinity();
  const auto bytes = bytes_of<float>({std::nanf(""), infinity, -infinity, 1e30F, 0.5F, -0.5F});
  const ComplexView out = front_end.process({IqFormat::cf32, bytes});
  CHECK(out.re[0] == 0.0F);
  CHECK(out.im[0] == 0.0F);
  CHECK(out.re[1] == 0.0F);
  CHECK(out.im[1] == 0.0F);
  CHECK(out.re[2] == 0.5F);
  CHECK(out.im[2] == -0.5F);
}

TEST_CASE("the mixer brings the station to 0 Hz and never loses its phase") {
  const double offset_hz = GENERATE(312'345.678, -1'000'000.0, 250'000.25);
  FrontEnd front_end(kPlan, Hertz(offset_hz), 4096);
  double worst = 0;
  for (std::size_t block = 0; block < 600; ++block) {  // a second
    std::vector<float> iq;
    for (std::size_t n = 0; n < 4096; ++n) {
      const double turns = std::remainder(offset_hz * static_cast<double>(block * 4096 + n) / 2.4e6, 1.0);
      iq.push_back(static_cast<float>(std::cos(2 * std::numbers::pi * turns)));
      iq.push_back(static_cast<float>(std::sin(2 * std::numbers::pi * turns)));
    }
    const ComplexView out = front_end.process({IqFormat::cf32, bytes_of(iq)});
    for (std::size_t n = 0; n < out.size(); n += 7)
      worst = std::max(worst, std::abs(std::complex<double>(static_cast<double>(out.re[n]) - 1,
                                                            static_cast<double>(out.im[n]))));
  }
  CHECK(worst < 4e-7);  // three roundings of floats next to 1
}

TEST_CASE("a spike at 0 Hz inside an off-centre station's channel is removed") {
  FrontEnd front_end(kPlan, Hertz(150e3), 4096);
  std::vector<float> iq(2 * 4096, 0.1F);
  ComplexView out{};
  for (int block = 0; block < 300; ++block) out = front_end.process({IqFormat::cf32, bytes_of(iq)});
  for (std::size_t n = 0; n < out.size(); ++n) CHECK(std::hypot(out.re[n], out.im[n]) < 1e-6F);
}

TEST_CASE("a centred carrier is not taken for a spike") {
  FrontEnd front_end(kPlan, Hertz(0), 4096);
  std::vector<float> iq(2 * 4096, 0.1F);
  ComplexView out{};
  for (int block = 0; block < 300; ++block) out = front_end.process({IqFormat::cf32, bytes_of(iq)});
  CHECK(out.re[0] == 0.1F);
}

TEST_CASE("clipped samples are counted, one for both of its parts") {
  FrontEnd front_end(kPlan, Hertz(0), 240'000);
  std::vector<std::uint8_t> iq(2 * 240'000, 100);
  iq[0] = iq[1] = 255;  // one sample
  iq[10] = 0;           // another
  CHECK(front_end.clip_rate() == 0);
  static_cast<void>(front_end.process({IqFormat::cu8, bytes_of(iq)}));
  CHECK_THAT(front_end.clip_rate(), WithinAbs(2.0 / 240'000, 1e-12));
}
