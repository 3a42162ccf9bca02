// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/other_networks.hpp"

#include <algorithm>
#include <array>

namespace fmrx::rds {

namespace {

std::optional<MappedFrequency> mapped_frequency(std::uint16_t block3, bool medium_wave) {
  const auto tuned = af_frequency(static_cast<std::uint8_t>(block3 >> 8));
  const auto code = static_cast<std::uint8_t>(block3 & 0xFF);
  const auto other = medium_wave ? af_frequency_lf_mf(code) : af_frequency(code);
  if (!tuned || !other) return std::nullopt;
  return MappedFrequency{*tuned, *other};
}

Linkage linkage(std::uint16_t block3) {
  return {(block3 & 0x8000) != 0, (block3 & 0x4000) != 0, (block3 & 0x2000) != 0,
          static_cast<std::uint16_t>(block3 & 0xFFF)};
}

}  // namespace

OtherNetworks::OtherNetworks() {
  networks_.reserve(kMost);
}

OtherNetworks::Network& OtherNetworks::network(std::uint16_t pi) {
  ++clock_;
  auto found = std::ranges::find(networks_, pi, &Network::pi);
  if (found == networks_.end()) {
    if (networks_.size() < kMost) {
      found = networks_.insert(networks_.end(), Network());
    } else {
      found = std::ranges::min_element(networks_, {}, &Network::last_used);
      *found = Network();
    }
    found->pi = pi;
  }
  found->last_used = clock_;
  return *found;
}

OtherNetworkContent OtherNetworks::take_14a(std::uint16_t block2, std::optional<Pair> block3,
                                            std::uint16_t pi, const Moment& now, bool noisy) {
  OtherNetworkContent content;
  content.pi = pi;
  content.tp = (block2 & 0x10) != 0;
  const unsigned variant = block2 & 0xFU;
  content.variant = static_cast<std::uint8_t>(variant);
  Network& from = network(pi);
  if (!block3) {
    if (variant == 4) from.af.gap();
    return content;
  }
  const std::uint16_t bits = block3->bits;
  switch (variant) {
    case 0:
    case 1:
    case 2:
    case 3: {
      const std::array piece{ProgrammeService::Piece{variant, bits, block3->doubtful}};
      const auto news = from.ps.take(0, variant, piece, now, noisy);
      if (news != ProgrammeService::News::none) content.ps = shown_text(from.ps);
      break;
    }
    case 4:
      content.af = from.af.take(bits);
      break;
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
      content.mapped = mapped_frequency(bits, variant == 9);
      break;
    case 12:
      content.linkage = linkage(bits);
      break;
    case 13:
      content.pty = static_cast<std::uint8_t>(bits >> 11);
      content.ta = (bits & 1) != 0;
      break;
    case 14:
      content.item = ProgrammeItem{bits};
      break;
    case 15:
      content.broadcasters_data = bits;
      break;
    default:
      break;
  }
  return content;
}

OtherNetworkContent OtherNetworks::take_14b(std::uint16_t block2, std::uint16_t pi) {
  OtherNetworkContent content;
  content.pi = pi;
  content.tp = (block2 & 0x10) != 0;
  content.ta = (block2 & 8) != 0;
  return content;
}

}  // namespace fmrx::rds
