// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/quantise.hpp"

#include <array>
#include <cstring>
#include <vector>

#include "support/catch2.hpp"

using namespace fmrx;

namespace {

std::vector<unsigned> bytes_of(std::complex<float> sample, IqFormat format) {
  std::vector<std::byte> bytes(bytes_per_sample(format));
  sim::quantise({&sample, 1}, format, bytes);
  std::vector<unsigned> values;
  for (const std::byte b : bytes) values.push_back(std::to_integer<unsigned>(b));
  return values;
}

}  // namespace

TEST_CASE("cu8 has its zero at 127.5 and clips") {
  CHECK(bytes_of({0.4F / 127.5F, -0.4F / 127.5F}, IqFormat::cu8) == std::vector<unsigned>{128, 127});
  CHECK(bytes_of({0.6F / 127.5F, -0.6F / 127.5F}, IqFormat::cu8) == std::vector<unsigned>{128, 127});
  CHECK(bytes_of({1.1F / 127.5F, -1.1F / 127.5F}, IqFormat::cu8) == std::vector<unsigned>{129, 126});
  CHECK(bytes_of({1.0F, -1.0F}, IqFormat::cu8) == std::vector<unsigned>{255, 0});
  CHECK(bytes_of({7.0F, -7.0F}, IqFormat::cu8) == std::vector<unsigned>{255, 0});
}

TEST_CASE("cs16 is little-endian, full scale 32767, and clips") {
  CHECK(bytes_of({1.0F, -1.0F}, IqFormat::cs16) == std::vector<unsigned>{0xFF, 0x7F, 0x01, 0x80});
  CHECK(bytes_of({2.0F, -2.0F}, IqFormat::cs16) == std::vector<unsigned>{0xFF, 0x7F, 0x01, 0x80});
  CHECK(bytes_of({258.4F / 32767, -1.0F / 32767}, IqFormat::cs16) == std::vector<unsigned>{2, 1, 0xFF, 0xFF});
}

TEST_CASE("cf32 is the number itself") {
  CHECK(bytes_of({1.0F, -0.5F}, IqFormat::cf32) == std::vector<unsigned>{0, 0, 0x80, 0x3F, 0, 0, 0, 0xBF});
}
