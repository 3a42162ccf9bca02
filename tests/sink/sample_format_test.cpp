// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/sample_format.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "sink/audio_feed.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::sink;

namespace {

struct Encoded {
  std::vector<std::byte> bytes;
  std::size_t clipped;
};

Encoded encode(SampleFormat format, const std::vector<float>& samples) {
  Encoded result;
  result.bytes.resize(samples.size() * bytes_per_sample(format));
  result.clipped = encode_samples(format, samples, result.bytes);
  return result;
}

/// Little-endian two's complement, of as many bytes as the format has.
std::vector<long> integers(SampleFormat format, const Encoded& encoded) {
  const std::size_t width = bytes_per_sample(format);
  std::vector<long> values;
  for (std::size_t at = 0; at < encoded.bytes.size(); at += width) {
    long value = 0;
    for (std::size_t i = 0; i < width; ++i) value += std::to_integer<long>(encoded.bytes[at + i]) << (8 * i);
    const long sign = 1L << (8 * width - 1);
    values.push_back(value >= sign ? value - 2 * sign : value);
  }
  return values;
}

std::vector<long> as_integers(SampleFormat format, const std::vector<float>& samples) {
  return integers(format, encode(format, samples));
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("full scale is the largest positive integer, and its negative") {
  CHECK(as_integers(SampleFormat::s16, {1.0F, -1.0F, 0.0F}) == std::vector<long>{32'767, -32'767, 0});
  CHECK(as_integers(SampleFormat::s24, {1.0F, -1.0F, 0.0F}) == std::vector<long>{8'388'607, -8'388'607, 0});
}

TEST_CASE("samples are rounded to the nearest integer") {
  const float step = 1.0F / 32'767;
  CHECK(as_integers(SampleFormat::s16, {0.4F * step, 0.6F * step, -0.4F * step, -0.6F * step}) ==
        std::vector<long>{0, 1, 0, -1});
  CHECK(as_integers(SampleFormat::s16, {1000.4F * step, -1000.6F * step}) == std::vector<long>{1000, -1001});
  const float step24 = 1.0F / 8'388'607;
  CHECK(as_integers(SampleFormat::s24, {0.4F * step24, 1000.6F * step24, -1000.6F * step24}) ==
        std::vector<long>{0, 1001, -1001});
}

TEST_CASE("every sample is within half a step of what it was") {
  const std::vector<float> samples = test::noise(10'000, 1.0F);
  for (const SampleFormat format : {SampleFormat::s16, SampleFormat::s24}) {
    const double full_scale = format == SampleFormat::s16 ? 32'767 : 8'388'607;
    const std::vector<long> written = as_integers(format, samples);
    double worst = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double exact = static_cast<double>(samples[i]) * full_scale;
      worst = std::max(worst, std::abs(static_cast<double>(written[i]) - exact));
    }
    // The product is rounded to a float before: by 2^-10 at most below 2^15.
    CHECK(worst <= 0.5 + (format == SampleFormat::s16 ? 0x1p-10 : 0));
  }
}

TEST_CASE("what exceeds full scale is clipped and counted") {
  for (const SampleFormat format : {SampleFormat::s16, SampleFormat::s24}) {
    const long full_scale = format == SampleFormat::s16 ? 32'767 : 8'388'607;
    const Encoded encoded = encode(format, {1.001F, -1.001F, 1.0F, 0.5F, 1e30F, -kInfinity});
    CHECK(encoded.clipped == 4);
    const std::vector<long> values = integers(format, encoded);
    CHECK(values[0] == full_scale);
    CHECK(values[1] == -full_scale);
    CHECK(values[4] == full_scale);
    CHECK(values[5] == -full_scale);
  }
}

TEST_CASE("a sample that is no number becomes silence") {
  CHECK(as_integers(SampleFormat::s16, {kNan, 1.0F}) == std::vector<long>{0, 32'767});
  CHECK(as_integers(SampleFormat::s24, {kNan, 1.0F}) == std::vector<long>{0, 8'388'607});
  CHECK(encode(SampleFormat::s16, {kNan}).clipped == 0);
  CHECK(encode(SampleFormat::f32, {kNan}).bytes == std::vector<std::byte>(4));
}

TEST_CASE("floats are written as they are, above full scale too") {
  const std::vector<float> samples{0.1F, -0.7F, 1.7F};
  const Encoded encoded = encode(SampleFormat::f32, samples);
  CHECK(encoded.clipped == 0);
  std::vector<float> read(samples.size());
  std::memcpy(read.data(), encoded.bytes.data(), encoded.bytes.size());
  CHECK(read == samples);
}

TEST_CASE("encoding in pieces gives the same bytes") {
  const std::vector<float> samples = test::noise(500, 1.2F);
  for (const SampleFormat format : {SampleFormat::s16, SampleFormat::s24, SampleFormat::f32}) {
    const Encoded whole = encode(format, samples);
    std::vector<std::byte> pieces(whole.bytes.size());
    std::size_t clipped = 0;
    std::size_t at = 0;
    for (std::size_t size = 1; at < samples.size(); ++size) {
      const std::size_t count = std::min(size, samples.size() - at);
      clipped += encode_samples(format, std::span(samples).subspan(at, count),
                                std::span(pieces).subspan(at * bytes_per_sample(format)));
      at += count;
    }
    CHECK(pieces == whole.bytes);
    CHECK(clipped == whole.clipped);
  }
}
