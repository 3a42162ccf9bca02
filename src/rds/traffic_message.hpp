// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

namespace fmrx::rds {

/// What the announcement (3A) of a traffic message service says of it (ISO 14819-1).
struct TrafficService {
  bool is_second_part = false;  ///< variant 1; else variant 0

  // Variant 0:
  std::uint8_t location_table = 0;  ///< 1 to 63; 0: messages are encrypted
  bool alternative_frequencies = false;
  bool enhanced_mode = false;  ///< of transmission, as `gap`
  bool international = false;  ///< scope of messages: MGS
  bool national = false;
  bool regional = false;
  bool urban = false;

  // Variant 1:
  std::uint8_t gap = 0;                 ///< 3, 5, 8 or 11 groups
  std::uint8_t service_identifier = 0;  ///< 0 to 63

  [[nodiscard]] bool is_encrypted() const { return !is_second_part && location_table == 0; }
};

/// Nothing for the variants that are not assigned.
[[nodiscard]] std::optional<TrafficService> traffic_service(std::uint16_t message);

/// A part of a traffic message: one group 8A, as ISO 14819-1 structures it. Codes stay codes: what they
/// mean stands in event and location tables, which are not free.
struct TrafficEvent {
  bool is_first_of_several = false;
  std::uint8_t continuity = 0;  ///< of several: 1 to 6, tells messages apart
  std::uint8_t duration = 0;    ///< of a single one: 0 to 7
  bool diversion_advised = false;
  bool negative_direction = false;
  std::uint8_t extent = 0;  ///< how many steps from the location
  std::uint16_t event = 0;  ///< 1 to 2047
  std::uint16_t location = 0;
};

/// What follows the first group of a message of several.
struct TrafficContinuation {
  std::uint8_t continuity = 0;
  bool is_second = false;
  std::uint8_t groups_left = 0;
  std::uint32_t free_format = 0;  ///< 28 bits
};

/// Names of the provider, and where else the service is sent: not decoded further.
struct TrafficTuning {
  std::uint8_t variant = 0;
  std::uint16_t block3 = 0;
  std::uint16_t block4 = 0;
};

using TrafficGroup = std::variant<TrafficEvent, TrafficContinuation, TrafficTuning>;

/// Blocks 2 to 4 of a group 8A.
[[nodiscard]] TrafficGroup traffic_group(std::uint16_t block2, std::uint16_t block3, std::uint16_t block4);

/// One piece of the optional information in a message of several groups.
struct TrafficDetail {
  std::uint8_t label = 0;  ///< 0 to 15
  std::uint16_t value = 0;
};

/// A whole message.
struct TrafficMessage {
  TrafficEvent event;
  std::array<TrafficDetail, 28> details{};
  std::uint8_t size = 0;  ///< details that there are
};

/// Puts messages of several groups together. A group that is missing loses its message.
class TrafficMessages {
 public:
  /// Gives a message with its last group: at once if it is of one.
  std::optional<TrafficMessage> take(const TrafficGroup& group);
  void gap() { collecting_ = false; }

 private:
  static constexpr std::size_t kMostContinuations = 4;

  [[nodiscard]] TrafficMessage message() const;

  bool collecting_ = false;
  TrafficEvent first_;
  std::array<std::uint32_t, kMostContinuations> parts_{};
  std::size_t size_ = 0;
  std::uint8_t expected_left_ = 0;
};

}  // namespace fmrx::rds
