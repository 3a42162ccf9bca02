// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/open_data_application.hpp"

#include <algorithm>
#include <array>

namespace fmrx::rds {
namespace {

struct Entry {
  std::uint16_t identification;
  std::string_view name;
};

// The register of the RDS Forum, as far as it is met on the air.
// clang-format off
constexpr std::array kApplications{
    Entry{0x0093, "Cross referencing DAB within RDS"},
    Entry{0x0D45, "RDS-TMC: ALERT-C / EN ISO 14819-1"},
    Entry{0x125F, "I-FM-RDS for fixed and mobile devices"},
    Entry{0x1DC5, "Encrypted TTI using ALERT-Plus"},
    Entry{0x4400, "RDS-Light"},
    Entry{0x4BD7, "RadioText+ (RT+)"},
    Entry{0x4BD8, "RadioText Plus / RT+ for eRT"},
    Entry{0x4D87, "Radio Commerce System (RCS)"},
    Entry{0x6363, "Hybradio RDS-Net"},
    Entry{0x6365, "RDS2 - 9 bit AF lists ODA"},
    Entry{0x6552, "Enhanced RadioText (eRT)"},
    Entry{0x6A7A, "Warning receiver"},
    Entry{0x7373, "Enhanced early warning system"},
    Entry{0xA112, "NL-Alert system"},
    Entry{0xC350, "NRSC Song Title and Artist"},
    Entry{0xC3A1, "Personal Radio Service"},
    Entry{0xC3B0, "iTunes Tagging"},
    Entry{0xC3C3, "NAVTEQ Traffic Plus"},
    Entry{0xC4D4, "eEAS"},
    Entry{0xC563, "ID Logic"},
    Entry{0xC737, "Utility Message Channel (UMC)"},
    Entry{0xCD46, "RDS-TMC: ALERT-C"},
    Entry{0xCD47, "RDS-TMC: ALERT-C"},
    Entry{0xCE6B, "Encrypted TTI using ALERT-Plus"},
    Entry{0xE123, "APS Gateway"},
    Entry{0xE1C1, "Action code"},
    Entry{0xE411, "Beacon downlink"},
    Entry{0xE911, "EAS open protocol"},
    Entry{0xFF7F, "RFT: Station logo"},
    Entry{0xFF80, "RFT+ (work title)"},
};
// clang-format on

}  // namespace

std::string_view application_name(std::uint16_t identification) {
  const auto* const entry = std::ranges::find(kApplications, identification, &Entry::identification);
  return entry == kApplications.end() ? std::string_view() : entry->name;
}

}  // namespace fmrx::rds
