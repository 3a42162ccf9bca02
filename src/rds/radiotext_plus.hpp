// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rds/text.hpp"

namespace fmrx::rds {

/// A part of the RadioText, and what it is (RT+; IEC 62106 Annex P).
struct RadioTextTag {
  std::uint8_t content_type = 0;  ///< 0: nothing is tagged
  std::uint8_t start = 0;         ///< of the first character
  std::uint8_t length = 0;        ///< characters; the field on the air tells one less

  friend bool operator==(const RadioTextTag&, const RadioTextTag&) = default;
};

/// What a group of the application RT+ says.
struct RadioTextPlusGroup {
  bool item_toggle = false;   ///< changes with the item
  bool item_running = false;  ///< else the item is over, or paused
  std::array<RadioTextTag, 2> tags{};

  friend bool operator==(const RadioTextPlusGroup&, const RadioTextPlusGroup&) = default;
};

[[nodiscard]] RadioTextPlusGroup radiotext_plus_group(std::uint16_t block2, std::uint16_t block3,
                                                      std::uint16_t block4);

/// "item.title" and the like (Annex P, table P.1); empty for codes that are not assigned.
[[nodiscard]] std::string_view content_type_name(std::uint8_t content_type);

/// A tag and the words it stands for.
struct TaggedText {
  std::uint8_t content_type = 0;
  Text text;

  friend bool operator==(const TaggedText&, const TaggedText&) = default;
};

/// What is playing, as the RadioText tells it.
struct RadioTextPlusContent {
  bool item_toggle = false;
  bool item_running = false;
  std::array<TaggedText, 2> tags{};
  std::uint8_t size = 0;  ///< tags that there are

  friend bool operator==(const RadioTextPlusContent&, const RadioTextPlusContent&) = default;
};

/// Applies tags to the text they were made for. Tags and text change at about the same time, but
/// not at once, so tags are applied when it is certain enough that they belong to the text: they are
/// new with it, or they came twice while it stood.
class RadioTextPlus {
 public:
  /// A group of tags. Gives what they mean, if that is certain; `text` is the complete text that is
  /// being sent, nullptr if there is none.
  std::optional<RadioTextPlusContent> take(const RadioTextPlusGroup& group, const Text* text);

  /// Another text is complete. Gives what tags that came since it began mean in it.
  std::optional<RadioTextPlusContent> text_is_complete(const Text& text);

  /// The station has begun to send another text.
  void text_begins();

 private:
  [[nodiscard]] std::optional<RadioTextPlusContent> apply(const Text& text) const;

  std::optional<RadioTextPlusGroup> last_;
  std::uint32_t times_with_text_ = 0;         ///< that the last tags came since this text began
  bool are_first_of_text_ = false;            ///< no other tags came with this text
  std::optional<RadioTextPlusGroup> before_;  ///< what was sent with the text before
};

}  // namespace fmrx::rds
