// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/radiotext_plus.hpp"

namespace fmrx::rds {

namespace {

// clang-format off
constexpr std::array<std::string_view, 64> kContentTypes{
    "dummy_class", "item.title", "item.album", "item.tracknumber",
    "item.artist", "item.composition", "item.movement", "item.conductor",
    "item.composer", "item.band", "item.comment", "item.genre",
    "info.news", "info.news.local", "info.stockmarket", "info.sport",
    "info.lottery", "info.horoscope", "info.daily_diversion", "info.health",
    "info.event", "info.scene", "info.cinema", "info.tv",
    "info.date_time", "info.weather", "info.traffic", "info.alarm",
    "info.advertisement", "info.url", "info.other", "stationname.short",
    "stationname.long", "programme.now", "programme.next", "programme.part",
    "programme.host", "programme.editorial_staff", "programme.frequency", "programme.homepage",
    "programme.subchannel", "phone.hotline", "phone.studio", "phone.other",
    "sms.studio", "sms.other", "email.hotline", "email.studio",
    "email.other", "mms.other", "chat", "chat.centre",
    "vote.question", "vote.centre", "", "",
    "", "", "", "place",
    "appointment", "identifier", "purchase", "get_data",
};
// clang-format on

}  // namespace

std::string_view content_type_name(std::uint8_t content_type) {
  return content_type < kContentTypes.size() ? kContentTypes[content_type] : std::string_view();
}

RadioTextPlusGroup radiotext_plus_group(std::uint16_t block2, std::uint16_t block3, std::uint16_t block4) {
  const std::uint64_t bits = std::uint64_t{block2} << 32 | std::uint64_t{block3} << 16 | block4;
  const auto field = [bits](unsigned lowest, unsigned width) {
    return static_cast<std::uint8_t>(bits >> lowest & ((1U << width) - 1));
  };
  RadioTextPlusGroup group;
  group.item_toggle = field(36, 1) != 0;
  group.item_running = field(35, 1) != 0;
  group.tags[0] = {field(29, 6), field(23, 6), static_cast<std::uint8_t>(field(17, 6) + 1)};
  group.tags[1] = {field(11, 6), field(5, 6), static_cast<std::uint8_t>(field(0, 5) + 1)};
  return group;
}

std::optional<RadioTextPlusContent> RadioTextPlus::take(const RadioTextPlusGroup& group, const Text* text) {
  if (last_ && *last_ == group && times_with_text_ > 0) {
    ++times_with_text_;
  } else {
    are_first_of_text_ = times_with_text_ == 0;
    last_ = group;
    times_with_text_ = 1;
  }
  if (text == nullptr) return std::nullopt;
  return apply(*text);
}

std::optional<RadioTextPlusContent> RadioTextPlus::text_is_complete(const Text& text) {
  if (!last_ || times_with_text_ == 0) return std::nullopt;
  return apply(text);
}

void RadioTextPlus::text_begins() {
  before_ = last_;
  times_with_text_ = 0;
}

std::optional<RadioTextPlusContent> RadioTextPlus::apply(const Text& text) const {
  const bool are_new = are_first_of_text_ && (!before_ || *before_ != *last_);
  if (!are_new && times_with_text_ < 2) return std::nullopt;
  RadioTextPlusContent content;
  content.item_toggle = last_->item_toggle;
  content.item_running = last_->item_running;
  for (const RadioTextTag& tag : last_->tags) {
    if (tag.content_type == 0 || tag.start >= text.size) continue;
    TaggedText& tagged = content.tags[content.size++];
    tagged.content_type = tag.content_type;
    tagged.text.encoding = text.encoding;
    tagged.text.set = text.set;
    for (unsigned at = tag.start; at < unsigned{tag.start} + tag.length && at < text.size; ++at)
      tagged.text.push(text.bytes[at]);
  }
  return content;
}

}  // namespace fmrx::rds
