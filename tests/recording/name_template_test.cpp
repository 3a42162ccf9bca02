// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/name_template.hpp"

#include <string>

#include "base/error.hpp"
#include "support/catch2.hpp"
#include "support/time_zone.hpp"

using namespace fmrx;
using recording::clean_for_name;
using recording::NameFields;
using recording::NameTemplate;

namespace {

NameFields fields_of(const std::string& ps) {
  return {"92.7M", ps, "9331", *parse_utc("2026-10-25T00:30:00Z"), 7};
}

}  // namespace

TEST_CASE("a pattern is filled in") {
  const test::TimeZone zone(test::kCentralEurope);
  const NameTemplate pattern("{freq}_{ps}_{start:%Y-%m-%dT%H%M%z}.flac");
  CHECK(pattern.expand(fields_of("93XRT")) == "92.7M_93XRT_2026-10-25T0230+0200.flac");
  CHECK(NameTemplate("{pi}/{utc:%Y%m%d}/{number}.wav").expand(fields_of("")) == "9331/20261025/0007.wav");
  CHECK(NameTemplate("{start}.wav").expand(fields_of("")) == "2026-10-25T023000+0200.wav");
  CHECK(NameTemplate("{utc}.wav").expand(fields_of("")) == "2026-10-25T003000Z.wav");
}

TEST_CASE("whether names differ from file to file") {
  CHECK(NameTemplate("{start}.wav").tells_time());
  CHECK(NameTemplate("{number}.wav").tells_time());
  CHECK_FALSE(NameTemplate("{freq}_{ps}.wav").tells_time());
}

TEST_CASE("a pattern that leads out of the folder, or is none, is refused") {
  for (const char* wrong : {"", "/x", "../x", "a/../x", "./x", "a//b", "a/", "{nothing}", "{freq", "freq}",
                            "{freq:%H}", "{}", "{start:%H", ".."}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(NameTemplate(wrong), Error);
  }
}

TEST_CASE("what a station sends cannot leave the folder or hide") {
  CHECK(clean_for_name("93XRT") == "93XRT");
  CHECK(clean_for_name("BBC R4") == "BBC_R4");
  CHECK(clean_for_name("../../etc/passwd") == "etc_passwd");
  CHECK(clean_for_name("..") == "unknown");
  CHECK(clean_for_name("") == "unknown");
  CHECK(clean_for_name("   ") == "unknown");
  CHECK(clean_for_name("-rf") == "rf");
  CHECK(clean_for_name(".bashrc") == "bashrc");
  CHECK(clean_for_name("\x1b[2Ja\x07") == "2Ja");
  CHECK(clean_for_name("a\r\nb$(c)`d`;e|f") == "a__b__c__d__e_f");
  CHECK(clean_for_name("\xF0\x9F\x93\xBB Ö3") == "3");
  CHECK(clean_for_name("x\xF0\x9F\x93\xBBy") == "x_y");
  CHECK(clean_for_name(std::string("a\0b", 3)) == "a_b");
  CHECK(clean_for_name(std::string(64, 'x')) == std::string(64, 'x'));
  CHECK(clean_for_name(std::string(1'000, 'x')) == std::string(64, 'x'));
}

TEST_CASE("every byte in every place gives a harmless name") {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    for (const std::string& text : {std::string(1, c), std::string(1, c) + "..", std::string(3, c) + "/a"}) {
      const std::string clean = clean_for_name(text);
      CHECK(clean.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+") ==
            std::string::npos);
      CHECK_FALSE(clean.empty());
      CHECK(std::string(".-").find(clean[0]) == std::string::npos);
    }
  }
}

TEST_CASE("a fixed name may hold anything") {
  CHECK(NameTemplate::fixed("a{b}.wav").expand(fields_of("")) == "a{b}.wav");
}
