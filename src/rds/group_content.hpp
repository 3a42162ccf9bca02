// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rds/alternative_frequencies.hpp"
#include "rds/basic_tuning.hpp"
#include "rds/call_sign.hpp"
#include "rds/clock_time.hpp"
#include "rds/group.hpp"
#include "rds/group_type.hpp"
#include "rds/open_data.hpp"
#include "rds/other_networks.hpp"
#include "rds/programme_type.hpp"
#include "rds/radiotext_plus.hpp"
#include "rds/slow_labelling.hpp"
#include "rds/text.hpp"
#include "rds/traffic_message.hpp"

namespace fmrx::rds {

/// Words of groups whose meaning is the broadcaster's own or another standard's: what of the group's
/// 37 bits arrived.
struct RawContent {
  std::uint8_t bits = 0;  ///< the last five of block 2
  std::optional<std::uint16_t> block3;
  std::optional<std::uint16_t> block4;
};

/// What one group told, given those before it. Fields are there if blocks that carry them were
/// received; texts and lists, if this group completed or repeated them.
struct GroupContent {
  Group group;
  System system = System::rds;

  std::optional<std::uint16_t> pi;  ///< the group's own, else the station's
  bool foreign = false;             ///< another station's, or a wrong PI: nothing more is decoded
  std::optional<GroupType> type;
  std::optional<bool> tp;
  std::optional<std::uint8_t> pty;

  std::optional<BasicTuning> basic;
  std::optional<Text> ps;
  std::optional<AfList> af;

  std::optional<SlowLabel> label;
  std::optional<ProgrammeItem> item;

  std::optional<bool> radiotext_flag_b;
  std::optional<Text> radiotext;
  std::optional<Text> enhanced_radiotext;
  std::optional<RadioTextPlusContent> radiotext_plus;
  std::optional<RadioTextPlusContent> enhanced_radiotext_plus;

  std::optional<OpenDataAnnouncement> announcement;
  std::optional<TrafficService> traffic_service;
  std::optional<std::uint16_t> application;  ///< whose data the group carries
  std::optional<RawContent> raw;

  std::optional<ClockTime> clock;
  std::optional<TrafficGroup> traffic;
  std::optional<TrafficMessage> traffic_message;
  bool traffic_is_encrypted = false;  ///< then its location is, too
  std::optional<Text> programme_type_name;
  std::optional<Text> long_ps;
  std::optional<OtherNetworkContent> other_network;

  // Has this group changed what is known of the station?
  bool ps_changed = false;
  bool radiotext_changed = false;
};

}  // namespace fmrx::rds
