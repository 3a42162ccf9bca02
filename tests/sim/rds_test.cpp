// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <bitset>
#include <cmath>
#include <complex>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "sim/multiplex.hpp"
#include "sim/one_tone.hpp"
#include "sim/rds_encoder.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::sim;

namespace {

/// The parity-check matrix of IEC 62106 Annex B (B.2.1), first bit of a block
/// first. A block times this is its syndrome.
constexpr std::array<std::uint16_t, 26> kParityCheck{
    0b1000000000, 0b0100000000, 0b0010000000, 0b0001000000, 0b0000100000, 0b0000010000, 0b0000001000,
    0b0000000100, 0b0000000010, 0b0000000001, 0b1011011100, 0b0101101110, 0b0010110111, 0b1010000111,
    0b1110011111, 0b1100010011, 0b1101010101, 0b1101110110, 0b0110111011, 0b1000000001, 0b1111011100,
    0b0111101110, 0b0011110111, 0b1010100111, 0b1110001111, 0b1100011011};

/// Syndromes of the offset words (B.1), blocks 1 to 4.
constexpr std::array<unsigned, 4> kSyndromes{0b1111011000, 0b1111010100, 0b1001011100, 0b1001011000};
constexpr unsigned kSyndromeOfCPrime = 0b1111001100;

unsigned syndrome(std::uint32_t block) {
  unsigned sum = 0;
  for (unsigned i = 0; i < 26; ++i) {
    if ((block >> (25 - i) & 1U) != 0) sum ^= kParityCheck[i];
  }
  return sum;
}

using Group = std::array<std::uint16_t, 4>;

/// Differentially decoded bits to groups, beginning with the first bit. Every
/// block must have the syndrome of its place.
std::vector<Group> groups(const std::vector<bool>& coded) {
  std::vector<Group> result;
  bool last = false;
  for (std::size_t bit = 0; bit + 104 <= coded.size();) {
    Group group{};
    for (std::size_t b = 0; b < 4; ++b) {
      std::uint32_t block = 0;
      for (int i = 0; i < 26; ++i, ++bit) {
        block = block << 1 | (coded[bit] != last ? 1U : 0U);
        last = coded[bit];
      }
      REQUIRE(syndrome(block) == kSyndromes[b]);
      group[b] = static_cast<std::uint16_t>(block >> 10);
    }
    result.push_back(group);
  }
  return result;
}

std::vector<Group> groups_of(const RdsIdentity& identity, bool stereo, std::size_t count) {
  RdsEncoder encoder(identity, stereo);
  std::vector<bool> bits(count * 104);
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = encoder.next_bit();
  return groups(bits);
}

unsigned type_of(const Group& group) {
  return group[1] >> 11U;
}  // with the version bit: 0A is 0, 2A is 4
constexpr unsigned k0A = 0;
constexpr unsigned k2A = 4;
constexpr unsigned k4A = 8;

const Station& station_at(double frequency_hz) {
  for (const Station& station : fm_band()) {
    if (station.frequency == Hertz(frequency_hz)) return station;
  }
  FAIL("no such station");
  return fm_band().front();
}

void put(std::map<std::size_t, char>& text, std::size_t at, std::uint16_t pair) {
  text[at] = static_cast<char>(pair >> 8U);
  text[at + 1] = static_cast<char>(pair & 0xFFU);
}

std::string joined(const std::map<std::size_t, char>& text) {
  std::string result;
  for (const auto& [at, c] : text) result += c;
  return result;
}

}  // namespace

TEST_CASE("blocks have the syndromes of the standard") {
  for (const unsigned information : {0x0000U, 0x0001U, 0x8000U, 0xFFFFU, 0xD318U, 0x1234U}) {
    const auto word = static_cast<std::uint16_t>(information);
    CHECK(syndrome(rds_block(word, RdsOffset::a)) == kSyndromes[0]);
    CHECK(syndrome(rds_block(word, RdsOffset::b)) == kSyndromes[1]);
    CHECK(syndrome(rds_block(word, RdsOffset::c)) == kSyndromes[2]);
    CHECK(syndrome(rds_block(word, RdsOffset::c_prime)) == kSyndromeOfCPrime);
    CHECK(syndrome(rds_block(word, RdsOffset::d)) == kSyndromes[3]);
    CHECK(rds_block(word, RdsOffset::a) >> 10 == word);
  }
  // A word of no information is the offset word itself (Annex A).
  CHECK(rds_block(0, RdsOffset::a) == 0b0011111100);
  CHECK(rds_block(0, RdsOffset::d) == 0b0110110100);
}

TEST_CASE("the groups carry the station's identity") {
  for (const Station& station : fm_band()) {
    if (!station.rds) continue;
    const RdsIdentity& identity = *station.rds;
    std::map<std::size_t, char> ps;
    std::map<std::size_t, char> text;
    for (const Group& group : groups_of(identity, station.stereo, 50)) {
      CHECK(group[0] == identity.pi);
      CHECK((group[1] >> 5 & 31) == identity.pty);
      CHECK((group[1] >> 10 & 1) == (identity.traffic_programme ? 1 : 0));
      if (type_of(group) == k0A) {
        const std::size_t segment = group[1] & 3U;
        put(ps, 2 * segment, group[3]);
        if (segment == 3) CHECK((group[1] >> 2 & 1) == (station.stereo ? 1 : 0));
      } else if (type_of(group) == k2A) {
        const std::size_t segment = group[1] & 15U;
        put(text, 4 * segment, group[2]);
        put(text, 4 * segment + 2, group[3]);
      } else {
        CHECK(type_of(group) == k4A);
      }
    }
    std::string expected_ps(identity.ps);
    expected_ps.resize(8, ' ');
    CHECK(joined(ps) == expected_ps);
    CHECK(identity.radiotext.size() <= 64);
    const std::string received = joined(text);
    CHECK(received.substr(0, identity.radiotext.size()) == identity.radiotext);
    if (identity.radiotext.size() < 64) CHECK(received.at(identity.radiotext.size()) == '\r');
  }
}

TEST_CASE("the clock tells the minute that begins as its group ends") {
  const auto all = groups_of(*station_at(92.7e6).rds, true, 2'200);
  std::vector<std::size_t> clocks;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (type_of(all[i]) == k4A) clocks.push_back(i);
  }
  REQUIRE(clocks.size() == 4);  // after 3, 63, 123, 183 s
  for (std::size_t k = 0; k < clocks.size(); ++k) {
    const Group& group = all[clocks[k]];
    const double end_s = static_cast<double>(clocks[k] + 1) * 104 / 1187.5;
    CHECK(std::abs(end_s - (3.0 + 60.0 * static_cast<double>(k))) <= 0.1);
    CHECK(((group[1] & 3U) << 15U | group[2] >> 1U) == 61'041);  // 2026-01-01
    CHECK(((group[2] & 1U) << 4U | group[3] >> 12U) == 12);      // hour
    CHECK((group[3] >> 6U & 63U) == k);                          // minute
    CHECK((group[3] & 63U) == 0);                                // UTC
  }
}

TEST_CASE("alternative frequencies are listed by method A") {
  const std::array list{Hertz(87.6e6), Hertz(107.9e6), Hertz(92.7e6)};
  const RdsIdentity identity{0xF000, 0, false, "AF", "", list};
  std::vector<std::uint16_t> pairs;
  for (const Group& group : groups_of(identity, true, 12)) {
    if (type_of(group) == k0A) pairs.push_back(group[2]);
  }
  REQUIRE(pairs.size() >= 4);
  // Code n is 87.5 MHz + n * 100 kHz; 224 + n announces n of them.
  CHECK(pairs[0] == ((224 + 3) << 8 | 1));
  CHECK(pairs[1] == (204 << 8 | 52));
  CHECK(pairs[2] == pairs[0]);

  std::vector<std::uint16_t> none;
  for (const Group& group : groups_of({0xF000, 0, false, "NONE", ""}, true, 4)) {
    if (type_of(group) == k0A) none.push_back(group[2]);
  }
  CHECK(none.front() == (224 << 8 | 205));  // no alternatives, and the filler
}

TEST_CASE("the symbols on 57 kHz decode to the encoder's bits") {
  const OneToneOfTest silence("-");
  Station station = silence.station(Hertz(0), Decibels(0), false);
  station.rds = station_at(92.7e6).rds;
  Multiplex multiplex(station);
  RdsEncoder encoder(*station.rds, station.stereo);

  // A second of the multiplex, brought down with sin 3wt. A bit is 3840/19
  // samples; a one is positive in its first half and negative in the second.
  std::vector<double> baseband;
  std::array<float, kMultiplexBlock> block;
  for (int ms = 0; ms < 1'000; ++ms) {
    multiplex.render(block);
    for (std::size_t i = 0; i < kMultiplexBlock; ++i) {
      const double angle = 2 * std::numbers::pi * 57'000 * static_cast<double>(i) / kMultiplexRate.hz();
      baseband.push_back(2 * static_cast<double>(block[i]) * std::sin(angle));
    }
  }
  const double bit_samples = 3'840.0 / 19;
  std::size_t wrong = 0;
  double weakest = 1;
  for (std::size_t bit = 0; bit < 1'180; ++bit) {
    // The impulses stand at the beginning and in the middle; a quarter of a bit on
    // each side is theirs.
    double sum = 0;
    const auto at = [&](double bits) {
      return static_cast<std::size_t>(std::lround((static_cast<double>(bit) + 1 + bits) * bit_samples));
    };
    for (std::size_t n = at(-0.25); n < at(0.25); ++n) sum += baseband[n];
    for (std::size_t n = at(0.25); n < at(0.75); ++n) sum -= baseband[n];
    if (bit == 0) (void)encoder.next_bit();  // its beginning lies before the first sample
    if ((sum > 0) != encoder.next_bit()) ++wrong;
    weakest = std::min(weakest, std::abs(sum) / bit_samples / (kRdsDeviation_Hz / kFullScaleDeviation_Hz));
  }
  CHECK(wrong == 0);
  CHECK(weakest > 0.3);  // an open eye
}

TEST_CASE("RDS peaks at 2 kHz of deviation and stays within 2.7 kHz of 57 kHz") {
  const OneToneOfTest silence("-");
  Station station = silence.station(Hertz(0), Decibels(0), false);
  station.rds = station_at(92.7e6).rds;
  Multiplex multiplex(station);
  std::vector<double> signal;
  std::array<float, kMultiplexBlock> block;
  for (int ms = 0; ms < 200; ++ms) {
    multiplex.render(block);
    signal.insert(signal.end(), block.begin(), block.end());
  }
  double peak = 0;
  double power = 0;
  for (const double value : signal) {
    peak = std::max(peak, std::abs(value));
    power += value * value / static_cast<double>(signal.size());
  }
  CHECK(peak <= 2.0 / 75);
  CHECK(peak > 1.5 / 75);
  // Power in 25 Hz under a Hann window, at distances from 57 kHz.
  const auto power_at = [&](double frequency_hz) {
    std::complex<double> sum = 0;
    for (std::size_t n = 0; n < signal.size(); ++n) {
      const double window =
          1 - std::cos(2 * std::numbers::pi * static_cast<double>(n) / static_cast<double>(signal.size()));
      sum += signal[n] * std::polar(window * std::numbers::sqrt2 / static_cast<double>(signal.size()),
                                    -2 * std::numbers::pi *
                                        std::remainder(frequency_hz * static_cast<double>(n) / 240'000, 1.0));
    }
    return std::norm(sum);
  };
  for (const double distance_hz : {2'750.0, 3'000.0, 4'000.0, 10'000.0, 20'000.0, 38'000.0}) {
    CAPTURE(distance_hz);
    CHECK(10 * std::log10(power_at(57'000 - distance_hz) / power) < -60);
    CHECK(10 * std::log10(power_at(57'000 + distance_hz) / power) < -60);
  }
}
