// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/wav_header.hpp"

#include <string>
#include <vector>

#include "source/wav_file.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::source;
using fmrx::test::WavFile;

namespace {

constexpr unsigned kPcm = 1;
constexpr unsigned kFloat = 3;

WavHeader parsed(const WavFile& file) {
  return std::get<WavHeader>(parse_wav_header(file.bytes()));
}

std::string refusal(const WavFile& file) {
  try {
    static_cast<void>(parse_wav_header(file.bytes()));
  } catch (const WavError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the three encodings of IQ are told apart") {
  CHECK(parsed(WavFile().format(kPcm, 2, 250'000, 8).data_header(8)).format == IqFormat::cu8);
  CHECK(parsed(WavFile().format(kPcm, 2, 250'000, 16).data_header(8)).format == IqFormat::cs16);
  CHECK(parsed(WavFile().format(kFloat, 2, 250'000, 32).data_header(8)).format == IqFormat::cf32);
  CHECK(parsed(WavFile().extensible_format(kPcm, 2, 250'000, 16).data_header(8)).format == IqFormat::cs16);
  CHECK(parsed(WavFile().extensible_format(kFloat, 2, 250'000, 32).data_header(8)).format == IqFormat::cf32);
}

TEST_CASE("a header says rate, length and where the samples begin") {
  const WavFile file = WavFile().format(kPcm, 2, 2'400'000, 16).data_header(1000);
  const WavHeader header = parsed(file);
  CHECK(header.rate.value() == 2'400'000);
  CHECK(header.data_bytes == 1000U);
  CHECK(header.bytes == file.bytes().size());
  CHECK_FALSE(header.centre);
}

TEST_CASE("chunks before the samples are passed over, odd ones with the byte behind them") {
  const std::vector<std::byte> odd(7, std::byte{'x'});
  const WavHeader header =
      parsed(WavFile().chunk("LIST", odd).format(kPcm, 2, 250'000, 8).chunk("bext", odd).data_header(8));
  CHECK(header.rate.value() == 250'000);
  CHECK(header.data_bytes == 8U);
}

TEST_CASE("sizes that the writer did not know mean to the end") {
  CHECK_FALSE(parsed(WavFile().format(kPcm, 2, 250'000, 8).data_header(0)).data_bytes);
  CHECK_FALSE(parsed(WavFile().format(kPcm, 2, 250'000, 8).data_header(0xFFFFFFFF)).data_bytes);
}

TEST_CASE("RF64 has its size in a chunk of 64-bit numbers") {
  constexpr std::uint64_t kSize = 0x1'2345'6788;
  WavFile file("RF64");
  file.tag("ds64").number(28, 4).number(kSize + 72, 8).number(kSize, 8).number(kSize / 4, 8).number(0, 4);
  file.format(kPcm, 2, 2'400'000, 16).data_header(0xFFFFFFFF);
  CHECK(is_wav(file.bytes()));
  CHECK(parsed(file).data_bytes == kSize);
}

TEST_CASE("a centre frequency is taken from an auxi chunk") {
  WavFile body;  // two dates of 16 bytes, then the frequency
  std::vector<std::byte> auxiliary(36);
  const std::uint32_t centre_hz = 92'700'000;
  for (unsigned i = 0; i < 4; ++i) auxiliary[32 + i] = static_cast<std::byte>(centre_hz >> 8 * i);
  const WavHeader header =
      parsed(WavFile().format(kPcm, 2, 250'000, 16).chunk("auxi", auxiliary).data_header(8));
  REQUIRE(header.centre);
  CHECK(header.centre->value() == 92.7e6);
}

TEST_CASE("a header that comes in pieces asks for what it needs and never for samples") {
  const std::vector<std::byte> list(5);
  const WavFile file = WavFile().chunk("LIST", list).format(kPcm, 2, 250'000, 8).data_header(100);
  std::size_t have = kWavMagic_bytes;
  for (;;) {
    const auto result = parse_wav_header(std::span(file.bytes()).first(have));
    if (std::holds_alternative<WavHeader>(result)) break;
    const std::size_t wanted = std::get<std::size_t>(result);
    REQUIRE(wanted > have);
    REQUIRE(wanted <= file.bytes().size());
    have = wanted;
  }
  CHECK(have == file.bytes().size());
}

TEST_CASE("what is no IQ is refused with its reason") {
  CHECK(refusal(WavFile().format(kPcm, 1, 48'000, 16).data_header(8)) == "has 1 channel: IQ needs two");
  CHECK(refusal(WavFile().format(kPcm, 6, 48'000, 16).data_header(8)) == "has 6 channels: IQ needs two");
  CHECK(refusal(WavFile().format(kPcm, 2, 48'000, 24).data_header(8)).find("24 bits") != std::string::npos);
  CHECK(refusal(WavFile().format(85, 2, 48'000, 16).data_header(8)).find("encoding 85") != std::string::npos);
  CHECK(refusal(WavFile().data_header(8)) == "has no format chunk before its samples");
  CHECK(refusal(WavFile().tag("junk").number(0xFFFFFFF0, 4)) == "has no samples where they should begin");
}
