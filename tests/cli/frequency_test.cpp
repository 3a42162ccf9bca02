// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/frequency.hpp"

#include <clocale>
#include <string>
#include <utility>

#include "cli/refusal.hpp"
#include "support/catch2.hpp"

using fmrx::Hertz;
using fmrx::SampleRate;
using fmrx::test::contains;
using fmrx::test::refusal;
using namespace fmrx::cli;

TEST_CASE("a frequency may be written in every usual way, and is exact") {
  for (const char* text :
       {"92.7M",         "92700k",   "92.7e6",  "92.7E6",  "92.7e+6",
        "9270000000e-2", "92700000", "92.7MHz", "92.7mhz", "92.7m",
        "92.7MHZ",       "92700kHz", "92700K",  "0.0927G", "0.0927GHz",
        "92700000Hz",    "92.7",     "92.70",   "092.7",   "92.70000000000000000000000M"}) {
    CAPTURE(text);
    CHECK(parse_frequency(text) == Hertz(92.7e6));
  }
}

TEST_CASE("a bare number below 1000 is in MHz") {
  CHECK(parse_frequency("100") == Hertz(100e6));
  CHECK(parse_frequency("999.999") == Hertz(999.999e6));
  CHECK(parse_frequency("1000") == Hertz(1000));
  CHECK(parse_frequency("500Hz") == Hertz(500));
}

TEST_CASE("whatever else is written for a frequency is refused by name") {
  for (const char* text : {"",
                           " ",
                           "92.7 M",
                           " 92.7M",
                           "92.7M ",
                           "92,7",
                           "92,7M",
                           "92.7.1",
                           "92.7MM",
                           "92.7MHzz",
                           "92.7Mhz!",
                           "92.7x",
                           "M",
                           "MHz",
                           ".",
                           ".7M",
                           "92.",
                           "92.M",
                           "-92.7M",
                           "+92.7M",
                           "0",
                           "0M",
                           "0.0",
                           "nan",
                           "NaN",
                           "inf",
                           "infinity",
                           "1e999",
                           "1e9999999999",
                           "1e400",
                           "1e-400M",
                           "0x5868",
                           "0x1p20",
                           "92.7e",
                           "92.7e+",
                           "92e6e6",
                           "1234567890123456789012",
                           "٩٢",
                           "92.7µHz",
                           "92.7T",
                           "92.7kk",
                           "--help"}) {
    CAPTURE(text);
    const std::string line = refusal([&] { static_cast<void>(parse_frequency(text)); });
    CHECK(contains(line, "'" + std::string(text) + "' is not a frequency; write 92.7M"));
  }
}

TEST_CASE("a refused text cannot break the line") {
  const std::string line = refusal([] { static_cast<void>(parse_frequency("9\n\033[2J")); });
  CHECK(contains(line, "'9\\x0a\\x1b[2J'"));
}

TEST_CASE("an offset has a sign and needs its unit") {
  CHECK(parse_offset("250k") == Hertz(250e3));
  CHECK(parse_offset("+250k") == Hertz(250e3));
  CHECK(parse_offset("-0.25M") == Hertz(-250e3));
  CHECK(parse_offset("-250000") == Hertz(-250e3));
  CHECK(parse_offset("0") == Hertz(0));
  CHECK(parse_offset("-500Hz") == Hertz(-500));
  for (const char* text : {"", "-", "+", "--5k", "-+5k", "250", "0.25", "-250", "k", "1e400", "nan", "-inf",
                           "0x10", "250 k", "2,5M"}) {
    CAPTURE(text);
    CHECK(contains(refusal([&] { static_cast<void>(parse_offset(text)); }), "is not an offset; write 250k"));
  }
}

TEST_CASE("a rate is a whole number of samples a second") {
  for (const auto& [text, rate] :
       {std::pair("2.4M", 2'400'000U), std::pair("256k", 256'000U), std::pair("1024000", 1'024'000U),
        std::pair("1.024M", 1'024'000U), std::pair("2.4e6", 2'400'000U), std::pair("2.4MS/s", 2'400'000U),
        std::pair("1", 1U), std::pair("4294967295", 4'294'967'295U)}) {
    CAPTURE(text);
    CHECK(parse_rate(text) == SampleRate(rate));
  }
  for (const char* text : {"", "0", "0.5", "1.0245k5", "256.0001k", "4294967296", "4.3G", "-1", "+1", "1e99",
                           "nan", "0x100", "2.4 M", "2,4M", "2.4MHz"}) {
    CAPTURE(text);
    CHECK(contains(refusal([&] { static_cast<void>(parse_rate(text)); }),
                   "is not a whole number of samples a second; write 2.4M"));
  }
}

TEST_CASE("frequencies are shown in MHz, to the hertz") {
  CHECK(format_frequency(Hertz(92.7e6)) == "92.7 MHz");
  CHECK(format_frequency(Hertz(100e6)) == "100.0 MHz");
  CHECK(format_frequency(Hertz(93'101'900)) == "93.1019 MHz");
  CHECK(format_frequency(Hertz(87'500'001)) == "87.500001 MHz");
  CHECK(format_frequency(Hertz(999'999.6)) == "1.0 MHz");
  CHECK(format_frequency(Hertz(-250e3)) == "-0.25 MHz");
  CHECK(format_frequency(Hertz(0)) == "0.0 MHz");
}

TEST_CASE("rates are shown as they are written") {
  CHECK(format_rate(SampleRate(2'400'000)) == "2.4 MS/s");
  CHECK(format_rate(SampleRate(1'000'000)) == "1 MS/s");
  CHECK(format_rate(SampleRate(256'000)) == "256 kS/s");
  CHECK(format_rate(SampleRate(225'001)) == "225.001 kS/s");
}

TEST_CASE("numbers do not depend on the locale") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const char* locale : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "C.UTF-8"}) {
    std::setlocale(LC_ALL, locale);  // where it is missing, this changes nothing
    CHECK(parse_frequency("92.7") == Hertz(92.7e6));
    CHECK(format_frequency(Hertz(92.7e6)) == "92.7 MHz");
  }
  std::setlocale(LC_ALL, before.c_str());
}
