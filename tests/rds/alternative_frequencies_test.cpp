// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/alternative_frequencies.hpp"

#include <initializer_list>
#include <optional>
#include <vector>

#include "rds/group_encoder.hpp"
#include "rds/station.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::rds;
using fmrx::rds::test::GroupEncoder;
using fmrx::rds::test::lose;

namespace {

// Codes of frequencies in MHz: 87.5 + code / 10. 224 + n begins a list of n; 205 fills up.
constexpr unsigned k89_3 = 18;
constexpr unsigned k98_8 = 113;
constexpr unsigned k99_5 = 120;
constexpr unsigned k101_7 = 142;
constexpr unsigned k102_6 = 151;
constexpr unsigned kFiller = 205;
constexpr unsigned kHeader = 224;
constexpr unsigned kLfMfFollows = 250;

constexpr std::uint16_t block(unsigned first, unsigned second) {
  return static_cast<std::uint16_t>(first << 8 | second);
}

/// What the last of these blocks completes.
std::optional<AfList> list_of(std::initializer_list<std::uint16_t> blocks) {
  AfCollector collector;
  std::optional<AfList> list;
  for (const std::uint16_t each : blocks) list = collector.take(each);
  return list;
}

std::vector<double> megahertz(const AfList& list) {
  std::vector<double> all;
  for (const auto& entry : list.view()) all.push_back(entry.frequency.value() / 1e6);
  return all;
}

/// Groups 0A with these blocks 3, of which one is lost; the list that comes of them.
std::optional<AfList> list_with_loss(std::initializer_list<std::uint16_t> blocks, std::size_t lost_group,
                                     std::size_t lost_block) {
  GroupEncoder encoder(0xD311);
  Station station;
  std::optional<AfList> list;
  unsigned index = 0;
  for (const std::uint16_t each : blocks) {
    Group group = encoder.ps(index % 4, "BAYERN 1", each);
    if (index == lost_group) lose(group, lost_block);
    if (const GroupContent& content = station.take(group); content.af) list = content.af;
    ++index;
  }
  return list;
}

}  // namespace

TEST_CASE("a list of method A is complete with as many frequencies as it announced") {
  const auto list = list_of({block(kHeader + 4, k89_3), block(k99_5, k101_7), block(k102_6, kFiller)});
  REQUIRE(list);
  CHECK_FALSE(list->tuned);
  CHECK(megahertz(*list) == std::vector{89.3, 99.5, 101.7, 102.6});
  CHECK_FALSE(list_of({block(kHeader + 4, k89_3), block(k99_5, k101_7)}));
  CHECK_FALSE(list_of({block(k89_3, k99_5)}));
}

TEST_CASE("method B tells whose alternatives they are, and which are regional") {
  // Ascending pairs: the same programme. Descending ones: regional variants (3.2.1.6.4).
  const auto list = list_of({block(kHeader + 5, k99_5), block(k89_3, k99_5), block(k99_5, k98_8)});
  REQUIRE(list);
  CHECK(list->tuned == Hertz(99.5e6));
  CHECK(megahertz(*list) == std::vector{89.3, 98.8});
  CHECK_FALSE(list->entries[0].regional_variant);
  CHECK(list->entries[1].regional_variant);
}

TEST_CASE("pairs of the tuned frequency alone fill up a list of method B") {
  const auto list = list_of({block(kHeader + 5, k99_5), block(k89_3, k99_5), block(k99_5, k99_5)});
  REQUIRE(list);
  CHECK(list->tuned == Hertz(99.5e6));
  CHECK(megahertz(*list) == std::vector{89.3});
}

TEST_CASE("a long or medium wave counts as one frequency, with the mark before it") {
  const auto list = list_of({block(kHeader + 2, k89_3), block(kLfMfFollows, 1)});
  REQUIRE(list);
  CHECK(megahertz(*list) == std::vector{89.3, 0.153});
}

TEST_CASE("a code that no list has spoils the list") {
  for (const unsigned code : {206U, 223U, 224U, 249U, 251U, 255U})
    CHECK_FALSE(list_of({block(kHeader + 3, k89_3), block(k99_5, code), block(k101_7, kFiller)}));
}

TEST_CASE("a list is not joined across a lost group") {
  const std::initializer_list<std::uint16_t> blocks{block(kHeader + 3, k89_3), block(k99_5, k101_7),
                                                    block(kHeader + 3, k89_3), block(k99_5, k102_6)};
  REQUIRE(list_with_loss(blocks, 4, 0));
  for (const std::size_t lost_block : {1U, 2U}) {
    INFO("block " << lost_block + 1);
    const auto list = list_with_loss(blocks, 1, lost_block);
    REQUIRE(list);
    CHECK(megahertz(*list) == std::vector{89.3, 99.5, 102.6});
    const auto first = list_with_loss(blocks, 2, lost_block);
    REQUIRE(first);
    CHECK(megahertz(*first) == std::vector{89.3, 99.5, 101.7});
  }
  // PI and name say nothing about frequencies.
  for (const std::size_t lost_block : {0U, 3U}) CHECK(list_with_loss(blocks, 3, lost_block));
}

TEST_CASE("a list never has more frequencies than the standard allows") {
  AfCollector collector;
  collector.take(block(kHeader + 25, 1));
  std::optional<AfList> list;
  for (unsigned code = 2; code < 200; code += 2)
    if (const auto complete = collector.take(block(code, code + 1))) list = complete;
  REQUIRE(list);
  CHECK(list->size == AfList::kMost);
}
