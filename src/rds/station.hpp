// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rds/debounced.hpp"
#include "rds/enhanced_radiotext.hpp"
#include "rds/group.hpp"
#include "rds/group_content.hpp"
#include "rds/identification.hpp"
#include "rds/moment.hpp"
#include "rds/open_data.hpp"
#include "rds/other_networks.hpp"
#include "rds/programme_service.hpp"
#include "rds/programme_type.hpp"
#include "rds/radiotext.hpp"
#include "rds/radiotext_plus.hpp"
#include "rds/reception_quality.hpp"
#include "rds/traffic_message.hpp"

namespace fmrx::rds {

/// What is known of the station that is heard.
struct StationFacts {
  std::optional<std::uint16_t> pi;
  System system = System::rds;
  std::string_view country;  ///< two letters; empty as long as it does not say
  std::optional<Text> ps;
  std::optional<Text> radiotext;
  std::optional<Text> programme_type_name;
  std::optional<Text> long_ps;
  std::optional<std::uint8_t> pty;
  std::optional<bool> traffic_programme;
  std::optional<bool> traffic_announcement;
  std::optional<bool> music;
  std::optional<bool> stereo;
  std::optional<ClockTime> clock;
  std::optional<RadioTextPlusContent> item;
};

/// Takes the groups of one frequency, in order, and knows what the station says of itself. Blocks that
/// failed cost what they carried and nothing else. Everything received is kept as raw bytes;
/// its memory is bounded, and take() allocates nothing but where another station begins.
class Station {
 public:
  explicit Station(SystemChoice choice = SystemChoice::automatic);

  /// Valid until the next call.
  const GroupContent& take(const Group& group);

  [[nodiscard]] const StationFacts& facts() const { return facts_; }

 private:
  void advance(const Group& group);
  void begin_another();
  void take_block2(std::uint16_t block2);
  void take_type(const Group& group, GroupType type, std::uint16_t block2);
  void take_basic(const Group& group, GroupType type, std::uint16_t block2);
  void take_labels(const Group& group, GroupType type);
  void take_radiotext(const Group& group, GroupType type, std::uint16_t block2);
  void take_announcement(const Group& group, std::uint16_t block2);
  void take_traffic_service(std::uint16_t message);
  void take_clock(const Group& group, std::uint16_t block2);
  void take_programme_type_name(const Group& group, std::uint16_t block2);
  void take_other_network(const Group& group, GroupType type, std::uint16_t block2);
  void take_fast_basic(const Group& group, std::uint16_t block2);
  void take_long_ps(const Group& group, std::uint16_t block2);
  void take_raw(const Group& group, GroupType type, std::uint16_t block2);
  void take_application(const Group& group, GroupType type, std::uint16_t block2, std::uint16_t application);
  void take_traffic(const Group& group, std::uint16_t block2);
  void take_radiotext_plus(const Group& group, std::uint16_t block2);
  void set_basic(std::uint16_t flags);
  void group_lost();
  [[nodiscard]] std::optional<Pair> pair(const Block& block) const;
  [[nodiscard]] bool noisy() const;

  SystemChoice choice_;
  GroupContent content_;
  StationFacts facts_;
  Moment now_;

  Identification identification_;
  ReceptionQuality quality_;
  Debounced<std::uint8_t> pty_;
  Debounced<bool> traffic_programme_;
  Debounced<bool> traffic_announcement_;
  Debounced<bool> music_;
  Debounced<std::uint8_t> country_code_;
  ProgrammeService ps_;
  AfCollector af_;
  unsigned last_segment_ = 4;  ///< of the last group 0; 4: there was none
  double lost_at_last_segment_s_ = 0;
  RadioText radiotext_;
  ProgrammeTypeName programme_type_name_;
  LongProgrammeService long_ps_;
  OpenData open_data_;
  EnhancedRadioText enhanced_radiotext_;
  RadioTextPlus radiotext_plus_;
  RadioTextPlus enhanced_radiotext_plus_;
  TrafficMessages traffic_;
  bool traffic_is_encrypted_ = false;
  OtherNetworks other_networks_;
};

}  // namespace fmrx::rds
