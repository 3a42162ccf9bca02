// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/sigmf.hpp"

#include "support/catch2.hpp"

using namespace fmrx;
using recording::parse_sigmf;
using recording::SigMf;
using recording::sigmf_stem;

TEST_CASE("metadata that are written can be read") {
  for (const IqFormat format : {IqFormat::cu8, IqFormat::cs16, IqFormat::cf32}) {
    SigMf meta;
    meta.format = format;
    meta.rate = SampleRate(2'400'000);
    meta.centre = Hertz(92.5e6);
    meta.hardware = "a \"dongle\" \xff";
    meta.captures = {{0, 0, *parse_utc("2026-11-21T03:00:00Z")}, {1'000, 5, std::nullopt}};
    meta.gaps = {{400, 20}};
    const auto read = parse_sigmf(sigmf_text(meta));
    REQUIRE(read.has_value());
    CHECK(read->format == format);
    CHECK(read->rate == SampleRate(2'400'000));
    CHECK(read->centre == Hertz(92.5e6));
  }
}

TEST_CASE("what others write, and what is none") {
  const auto read =
      parse_sigmf(R"({"global":{"core:datatype":"ri8","core:sample_rate":1e6,"x":1},"captures":[]})");
  REQUIRE(read.has_value());
  CHECK_FALSE(read->format.has_value());
  CHECK(read->rate == SampleRate(1'000'000));
  CHECK_FALSE(read->centre.has_value());
  for (const char* wrong : {"", "{}", "[]", "{\"global\":3}", "RIFF"})
    CHECK_FALSE(parse_sigmf(wrong).has_value());
  const auto odd = parse_sigmf(
      R"({"global":{"core:sample_rate":-1,"core:datatype":7},"captures":[{"core:frequency":"x"}]})");
  REQUIRE(odd.has_value());
  CHECK_FALSE(odd->rate.has_value());
}

TEST_CASE("the names of a pair") {
  CHECK(sigmf_stem("a/x.sigmf-data") == "a/x");
  CHECK(sigmf_stem("a/x.sigmf-meta") == "a/x");
  CHECK(sigmf_stem("x.sigmf") == "x");
  CHECK_FALSE(sigmf_stem("x.cu8").has_value());
  CHECK_FALSE(sigmf_stem(".sigmf-data").has_value());
}
