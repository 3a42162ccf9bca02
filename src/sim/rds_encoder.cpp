// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/rds_encoder.hpp"

namespace fmrx::sim {

namespace {

constexpr double kBitRate_Hz = 1187.5;
constexpr std::uint32_t kGenerator = 0x5B9;  // x^10 + x^8 + x^7 + x^5 + x^4 + x^3 + 1

std::uint32_t checkword(std::uint16_t information) {
  std::uint32_t remainder = std::uint32_t{information} << 10;
  for (unsigned bit = 25; bit >= 10; --bit) {
    if ((remainder >> bit & 1U) != 0) remainder ^= kGenerator << (bit - 10);
  }
  return remainder;
}

std::uint16_t pair_of(unsigned high, unsigned low) {
  return static_cast<std::uint16_t>(high << 8 | low);
}

/// Character i of a text; the end of a shorter one is filled with blanks.
unsigned character(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : ' ';
}

/// Method A (IEC 62106 3.2.1.6.3): steps of 100 kHz above 87.5 MHz.
unsigned alternative_code(Hertz frequency) {
  return static_cast<unsigned>((frequency.value() - 87'500'000) / 100'000 + 0.5);
}

}  // namespace

std::uint32_t rds_block(std::uint16_t information, RdsOffset offset) {
  return std::uint32_t{information} << 10 | (checkword(information) ^ static_cast<std::uint32_t>(offset));
}

bool RdsEncoder::next_bit() {
  if (position_ == kGroupBits) {
    constexpr std::array kOffsets{RdsOffset::a, RdsOffset::b, RdsOffset::c, RdsOffset::d};
    const Group group = next_group();
    for (std::size_t i = 0; i < 4; ++i) blocks_[i] = rds_block(group[i], kOffsets[i]);
    position_ = 0;
  }
  const std::uint32_t block = blocks_[position_ / kBlockBits];
  const bool bit = (block >> (kBlockBits - 1 - position_ % kBlockBits) & 1U) != 0;
  ++position_;
  last_bit_ = last_bit_ != bit;
  return last_bit_;
}

RdsEncoder::Group RdsEncoder::next_group() {
  // A clock group ends within 0.1 s of the minute that it tells (3.1.5.6). Half a
  // group, 44 ms, is the nearest that the sequence of groups allows.
  ++groups_;
  const double end_s = static_cast<double>(groups_ * kGroupBits) / kBitRate_Hz;
  const double minute_s = 60.0 * static_cast<double>(minutes_ + 1) - kClockStartSecondOfDay % 60;
  if (end_s + kGroupBits / kBitRate_Hz / 2 > minute_s) return clock(++minutes_);

  radiotext_is_next_ = !radiotext_is_next_;
  return radiotext_is_next_ ? basic_tuning() : radiotext();
}

std::uint16_t RdsEncoder::block_b(unsigned type, unsigned rest) const {
  const unsigned traffic = identity_.traffic_programme ? 1 : 0;
  return static_cast<std::uint16_t>(type << 12 | traffic << 10 | unsigned{identity_.pty} << 5 | rest);
}

RdsEncoder::Group RdsEncoder::basic_tuning() {
  constexpr unsigned kMusic = 1U << 3;
  constexpr unsigned kStereo = 1U << 2;  // decoder identification d0, sent with segment 3
  const unsigned segment = ps_segment_;
  ps_segment_ = (ps_segment_ + 1) % 4;
  const unsigned identification = segment == 3 && stereo_ ? kStereo : 0;
  return {identity_.pi, block_b(0, kMusic | identification | segment), next_alternatives(),
          pair_of(character(identity_.ps, 2 * segment), character(identity_.ps, 2 * segment + 1))};
}

std::uint16_t RdsEncoder::next_alternatives() {
  constexpr unsigned kCountBase = 224;
  constexpr unsigned kFiller = 205;
  const std::span<const Hertz> list = identity_.alternatives;
  const auto code = [&](std::size_t i) { return i < list.size() ? alternative_code(list[i]) : kFiller; };
  // The list is sent in pairs, and its length leads it.
  const std::size_t pair = alternative_pair_;
  alternative_pair_ = (pair + 1) % (1 + list.size() / 2);
  if (pair == 0) return pair_of(kCountBase + static_cast<unsigned>(list.size()), code(0));
  return pair_of(code(2 * pair - 1), code(2 * pair));
}

RdsEncoder::Group RdsEncoder::radiotext() {
  const unsigned segment = radiotext_segment_;
  const std::string_view text = identity_.radiotext;
  // A text shorter than 64 ends with a carriage return (3.1.5.3).
  const auto at = [&](std::size_t i) { return i == text.size() ? unsigned{'\r'} : character(text, i); };
  const std::size_t segments = text.size() < 64 ? text.size() / 4 + 1 : 16;
  radiotext_segment_ = (segment + 1) % static_cast<unsigned>(segments);
  const std::size_t i = std::size_t{4} * segment;
  return {identity_.pi, block_b(2, segment), pair_of(at(i), at(i + 1)), pair_of(at(i + 2), at(i + 3))};
}

RdsEncoder::Group RdsEncoder::clock(std::uint64_t minutes_since_start) const {
  const std::uint64_t minute_of_day = kClockStartSecondOfDay / 60 + minutes_since_start;
  const auto mjd = static_cast<std::uint32_t>(kClockStartMjd + minute_of_day / 1440);
  const auto hour = static_cast<std::uint32_t>(minute_of_day / 60 % 24);
  const auto minute = static_cast<std::uint32_t>(minute_of_day % 60);
  return {identity_.pi, block_b(4, mjd >> 15), static_cast<std::uint16_t>(mjd << 1 | hour >> 4),
          static_cast<std::uint16_t>((hour & 15) << 12 | minute << 6)};
}

}  // namespace fmrx::sim
