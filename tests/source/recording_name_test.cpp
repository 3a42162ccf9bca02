// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/recording_name.hpp"

#include <string>
#include <vector>

#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::source;

namespace {

struct Expected {
  const char* path;
  std::optional<IqFormat> format;
  std::optional<unsigned> rate_hz;
  std::optional<double> centre_hz;
};

}  // namespace

TEST_CASE("format, rate and centre are read from names as common programs write them") {
  const std::vector<Expected> table{
      {"wxrt_93.1M_256k.cs16", IqFormat::cs16, 256'000, 93.1e6},
      {"fm100.1M_250k.cu8", IqFormat::cu8, 250'000, 100.1e6},
      {"some_1M_folder/plain.cu8", IqFormat::cu8, std::nullopt, std::nullopt},
      {"gqrx_20200101_120000_93100000_256000_fc.raw", IqFormat::cf32, 256'000, 93.1e6},
      {"SDRSharp_20200101_120000Z_93100000Hz_IQ.wav", std::nullopt, std::nullopt, 93.1e6},
      {"HDSDR_20200101_120000Z_93100kHz_RF.wav", std::nullopt, std::nullopt, 93.1e6},
      {"baseband_93100000Hz_12-30-00_01-01-2020.wav", std::nullopt, std::nullopt, 93.1e6},
      {"g001_92.7M_2.4M.CU8", IqFormat::cu8, 2'400'000, 92.7e6},
      {"2400ksps-92.7MHz.cfile", IqFormat::cf32, 2'400'000, 92.7e6},
      {"capture 92.7M 1.024M.bin", IqFormat::cu8, 1'024'000, 92.7e6},
      {"x.fc32", IqFormat::cf32, std::nullopt, std::nullopt},
      {"x.s16", IqFormat::cs16, std::nullopt, std::nullopt},
  };
  for (const Expected& expected : table) {
    INFO(expected.path);
    const RecordingName name = parse_recording_name(expected.path);
    CHECK(name.format == expected.format);
    CHECK(name.rate.has_value() == expected.rate_hz.has_value());
    if (name.rate && expected.rate_hz) CHECK(name.rate->value() == *expected.rate_hz);
    CHECK(name.centre.has_value() == expected.centre_hz.has_value());
    // Exact: frequencies in names are decimal numbers of whole hertz.
    if (name.centre && expected.centre_hz) CHECK(name.centre->value() == *expected.centre_hz);
  }
}

TEST_CASE("names that say nothing are not guessed at") {
  for (const char* const path :
       {"", "/", ".", "x", "x.", "x.raw", "x.iq", "x.dat", "20200101_120000.wav", "fm_93.1", "take2_0k.wav",
        "M_k_Hz.wav", "1.2.3M.wav", "99999999999999999999M.wav", "gqrx_a_b_c_d_fc.raw.gz"}) {
    INFO(path);
    const RecordingName name = parse_recording_name(path);
    CHECK_FALSE(name.format);
    CHECK_FALSE(name.rate);
    CHECK_FALSE(name.centre);
  }
}

TEST_CASE("a number after the last dot is no extension") {
  const RecordingName name = parse_recording_name("fm_93.1M");
  REQUIRE(name.centre);
  CHECK(name.centre->value() == 93.1e6);
}
