// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/traffic_message.hpp"

#include <span>

namespace fmrx::rds {

namespace {

constexpr unsigned kFreeFormatBits = 28;

/// Optional information: labels of four bits, each followed by a field whose width it decides
/// (ISO 14819-1, 5.5).
class DetailReader {
 public:
  explicit DetailReader(std::span<const std::uint32_t> parts) : parts_(parts) {}

  [[nodiscard]] std::size_t left() const { return parts_.size() * kFreeFormatBits - at_; }
  std::uint16_t take(unsigned width) {
    unsigned value = 0;
    for (unsigned i = 0; i < width; ++i, ++at_) {
      const std::uint32_t part = parts_[at_ / kFreeFormatBits];
      value = value << 1 | (part >> (kFreeFormatBits - 1 - at_ % kFreeFormatBits) & 1);
    }
    return static_cast<std::uint16_t>(value);
  }

 private:
  std::span<const std::uint32_t> parts_;
  std::size_t at_ = 0;
};

constexpr unsigned kLabelWidth = 4;
constexpr std::array<std::uint8_t, 16> kFieldWidths{3, 3, 5, 5, 5, 8, 8, 8, 8, 11, 16, 16, 16, 16, 0, 0};

}  // namespace

std::optional<TrafficService> traffic_service(std::uint16_t message) {
  TrafficService service;
  switch (message >> 14) {
    case 0:
      service.location_table = static_cast<std::uint8_t>(message >> 6 & 0x3F);
      service.alternative_frequencies = (message & 0x20) != 0;
      service.enhanced_mode = (message & 0x10) != 0;
      service.international = (message & 8) != 0;
      service.national = (message & 4) != 0;
      service.regional = (message & 2) != 0;
      service.urban = (message & 1) != 0;
      return service;
    case 1: {
      constexpr std::array<std::uint8_t, 4> kGaps{3, 5, 8, 11};
      service.is_second_part = true;
      service.gap = kGaps[message >> 12 & 3];
      service.service_identifier = static_cast<std::uint8_t>(message >> 6 & 0x3F);
      return service;
    }
    default:
      return std::nullopt;
  }
}

TrafficGroup traffic_group(std::uint16_t block2, std::uint16_t block3, std::uint16_t block4) {
  const auto low = static_cast<std::uint8_t>(block2 & 7);
  const bool is_tuning = (block2 & 0x10) != 0;
  const bool is_single = (block2 & 8) != 0;
  if (is_tuning) return TrafficTuning{static_cast<std::uint8_t>(block2 & 0xF), block3, block4};
  if (!is_single && (block3 & 0x8000) == 0) {
    TrafficContinuation part;
    part.continuity = low;
    part.is_second = (block3 & 0x4000) != 0;
    part.groups_left = static_cast<std::uint8_t>(block3 >> 12 & 3);
    part.free_format = (std::uint32_t{block3} & 0xFFF) << 16 | block4;
    return part;
  }
  TrafficEvent event;
  event.is_first_of_several = !is_single;
  if (is_single) {
    event.duration = low;
    event.diversion_advised = (block3 & 0x8000) != 0;
  } else {
    event.continuity = low;
  }
  event.negative_direction = (block3 & 0x4000) != 0;
  event.extent = static_cast<std::uint8_t>(block3 >> 11 & 7);
  event.event = block3 & 0x7FF;
  event.location = block4;
  return event;
}

std::optional<TrafficMessage> TrafficMessages::take(const TrafficGroup& group) {
  if (const auto* const event = std::get_if<TrafficEvent>(&group)) {
    collecting_ = event->is_first_of_several;
    first_ = *event;
    size_ = 0;
    if (collecting_) return std::nullopt;
    return TrafficMessage{*event};
  }
  const auto* const part = std::get_if<TrafficContinuation>(&group);
  if (part == nullptr || !collecting_ || part->continuity != first_.continuity) return std::nullopt;
  const bool is_next = part->is_second ? size_ == 0 : size_ > 0 && part->groups_left == expected_left_;
  if (!is_next) {
    // Groups are sent twice or three times: the same one again is no fault.
    const bool is_again = size_ > 0 && parts_[size_ - 1] == part->free_format;
    collecting_ = is_again;
    return std::nullopt;
  }
  parts_[size_++] = part->free_format;
  expected_left_ = static_cast<std::uint8_t>(part->groups_left - 1);
  if (part->groups_left > 0 && size_ < parts_.size()) return std::nullopt;
  collecting_ = false;
  return message();
}

TrafficMessage TrafficMessages::message() const {
  TrafficMessage message{first_};
  DetailReader reader(std::span<const std::uint32_t>(parts_.data(), size_));
  while (reader.left() >= kLabelWidth && message.size < message.details.size()) {
    TrafficDetail detail;
    detail.label = static_cast<std::uint8_t>(reader.take(kLabelWidth));
    const unsigned width = kFieldWidths[detail.label];
    if (width > reader.left()) break;
    detail.value = reader.take(width);
    const bool is_padding = detail.label == 0 && detail.value == 0;
    if (is_padding) break;
    message.details[message.size++] = detail;
  }
  return message;
}

}  // namespace fmrx::rds
