// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/station.hpp"

#include "rds/country.hpp"
#include "rds/open_data_application.hpp"

namespace fmrx::rds {

namespace {

/// 104 bits at 1187.5 bit/s.
constexpr double kGroup_s = 104 / 1187.5;

/// The PI that a group brings: in block 1, and in block 3 of version B (IEC 62106 3.1.2).
Block identification_block(const Group& group, std::optional<GroupType> type) {
  const Block& first = group.blocks[0];
  const Block& third = group.blocks[2];
  const bool repeats = group.c_prime || (type && type->version_b);
  return !first.received() && repeats ? third : first;
}

std::optional<std::uint16_t> bits_of(const Block& block) {
  if (!block.received()) return std::nullopt;
  return block.bits;
}

}  // namespace

Station::Station(SystemChoice choice) : choice_(choice) {
  facts_.system = choice == SystemChoice::rbds ? System::rbds : System::rds;
}

const GroupContent& Station::take(const Group& group) {
  content_ = GroupContent();
  content_.group = group;
  content_.system = facts_.system;
  advance(group);
  quality_.take(group);

  const Block& block2 = group.blocks[1];
  if (block2.received()) content_.type = group_type(block2.bits);
  const Block pi = identification_block(group, content_.type);
  const auto verdict = identification_.take(bits_of(pi), pi.confidence);
  if (verdict == Identification::Verdict::new_station) begin_another();
  facts_.pi = identification_.pi();
  content_.pi = pi.received() ? std::optional(pi.bits) : facts_.pi;
  content_.foreign = verdict == Identification::Verdict::foreign;

  if (content_.foreign || !block2.received()) {
    group_lost();
    return content_;
  }
  take_block2(block2.bits);
  take_type(group, *content_.type, block2.bits);
  quality_.take_text(ps_.pairs_seen() + radiotext_.pairs_seen(),
                     ps_.errors_seen() + radiotext_.errors_seen());
  return content_;
}

void Station::advance(const Group& group) {
  const double step_s = group.time.count() - now_.time_s;
  // Logs stamp groups with some jitter.
  if (step_s > 3 * kGroup_s) now_.lost_s += step_s - kGroup_s;
  now_.time_s = group.time.count();
}

void Station::begin_another() {
  const Identification identification = identification_;
  const GroupContent content = content_;
  const Moment now = now_;
  *this = Station(choice_);
  identification_ = identification;
  content_ = content;
  now_ = now;
}

/// What a lost group may have carried is not to be joined across.
void Station::group_lost() {
  now_.lost_s += kGroup_s;
  traffic_.gap();
}

void Station::take_block2(std::uint16_t block2) {
  content_.tp = (block2 & 0x0400) != 0;
  content_.pty = static_cast<std::uint8_t>(block2 >> 5 & 0x1F);
  facts_.traffic_programme = traffic_programme_.take(*content_.tp);
  facts_.pty = pty_.take(*content_.pty);
}

void Station::take_type(const Group& group, GroupType type, std::uint16_t block2) {
  if (const auto application = open_data_.application_in(type)) {
    take_application(group, type, block2, *application);
    return;
  }
  switch (type.number) {
    case 0:
      return take_basic(group, type, block2);
    case 1:
      return take_labels(group, type);
    case 2:
      return take_radiotext(group, type, block2);
    case 3:
      return type.version_b ? take_raw(group, type, block2) : take_announcement(group, block2);
    case 4:
      return type.version_b ? take_raw(group, type, block2) : take_clock(group, block2);
    case 8:
      take_raw(group, type, block2);
      if (!type.version_b) take_traffic(group, block2);
      return;
    case 10:
      return type.version_b ? take_raw(group, type, block2) : take_programme_type_name(group, block2);
    case 14:
      return take_other_network(group, type, block2);
    case 15:
      return type.version_b ? take_fast_basic(group, block2) : take_long_ps(group, block2);
    default:
      return take_raw(group, type, block2);
  }
}

std::optional<Pair> Station::pair(const Block& block) const {
  if (!block.received()) return std::nullopt;
  return Pair{block.bits, block.confidence == Confidence::corrected && quality_.is_poor()};
}

bool Station::noisy() const {
  return quality_.is_noisy();
}

void Station::set_basic(std::uint16_t flags) {
  content_.basic = basic_tuning(flags);
  facts_.traffic_announcement = traffic_announcement_.take(content_.basic->traffic_announcement);
  facts_.music = music_.take(content_.basic->music);
  if (content_.basic->decoder.meaning == DecoderBit::Meaning::stereo)
    facts_.stereo = content_.basic->decoder.set;
}

void Station::take_basic(const Group& group, GroupType type, std::uint16_t block2) {
  set_basic(block2);
  const unsigned segment = block2 & 3U;
  // The address tells whether a group 0 was lost, unless four were.
  const bool follows =
      segment == (last_segment_ + 1) % 4 && now_.lost_s - lost_at_last_segment_s_ < 3.5 * kGroup_s;
  last_segment_ = segment;
  lost_at_last_segment_s_ = now_.lost_s;
  const std::optional<Pair> block3 = pair(group.blocks[2]);
  if (!type.version_b) {
    if (!follows || !block3) af_.gap();
    if (block3) content_.af = af_.take(block3->bits);
  }

  // A lost name still tells where the pass is.
  std::array<ProgrammeService::Piece, 1> pieces{};
  const std::optional<Pair> name = pair(group.blocks[3]);
  if (name) pieces[0] = {segment, name->bits, name->doubtful};
  const auto news = ps_.take(0, segment, std::span(pieces).first(name ? 1 : 0), now_, noisy());
  if (news == ProgrammeService::News::none) return;
  content_.ps = shown_text(ps_);
  content_.ps_changed = news == ProgrammeService::News::changed;
  facts_.ps = content_.ps;
}

void Station::take_labels(const Group& group, GroupType type) {
  const Block& label = group.blocks[2];
  const Block& item = group.blocks[3];
  if (item.received() && ProgrammeItem{item.bits}.is_valid()) content_.item = ProgrammeItem{item.bits};
  if (type.version_b || !label.received()) return;
  content_.label = slow_label(label.bits);
  if (content_.label->kind() != SlowLabel::Kind::extended_country_code || !facts_.pi) return;
  const auto& code = country_code_.take(content_.label->low_byte());
  facts_.country = country_code(*facts_.pi, *code);
  if (choice_ == SystemChoice::automatic)
    facts_.system = is_rbds_country(facts_.country) ? System::rbds : System::rds;
}

void Station::take_radiotext(const Group& group, GroupType type, std::uint16_t block2) {
  const bool flag_b = (block2 & 0x10) != 0;
  const unsigned segment = block2 & 0xFU;
  content_.radiotext_flag_b = flag_b;
  const bool was_current = radiotext_.is_current();
  const std::optional<Pair> last = pair(group.blocks[3]);
  const auto news = type.version_b
                        ? radiotext_.take_2b(flag_b, segment, last, now_, noisy())
                        : radiotext_.take_2a(flag_b, segment, pair(group.blocks[2]), last, now_, noisy());
  if (was_current && !radiotext_.is_current()) radiotext_plus_.text_begins();
  if (news == RadioText::News::none) return;
  content_.radiotext = radiotext_.text();
  content_.radiotext_changed = news == RadioText::News::changed;
  facts_.radiotext = content_.radiotext;
  if (news != RadioText::News::changed) return;
  facts_.item.reset();
  content_.radiotext_plus = radiotext_plus_.text_is_complete(*content_.radiotext);
  if (content_.radiotext_plus) facts_.item = content_.radiotext_plus;
}

void Station::take_announcement(const Group& group, std::uint16_t block2) {
  const Block& message = group.blocks[2];
  const Block& application = group.blocks[3];
  if (!application.received()) return;
  const auto announcement = open_data_announcement(block2, message.bits, application.bits);
  open_data_.take(announcement);
  content_.announcement = announcement;
  if (!message.received()) {
    content_.announcement->message.reset();
    return;
  }
  if (announcement.application == kEnhancedRadioText) enhanced_radiotext_.take_announcement(message.bits);
  if (announcement.application == kTrafficMessages || announcement.application == kTrafficMessagesTest)
    take_traffic_service(message.bits);
}

void Station::take_traffic_service(std::uint16_t message) {
  content_.traffic_service = traffic_service(message);
  if (content_.traffic_service && !content_.traffic_service->is_second_part)
    traffic_is_encrypted_ = content_.traffic_service->is_encrypted();
}

void Station::take_clock(const Group& group, std::uint16_t block2) {
  if (!group.blocks[2].received() || !group.blocks[3].received()) return;
  content_.clock = clock_time(block2, group.blocks[2].bits, group.blocks[3].bits);
  if (content_.clock) facts_.clock = content_.clock;
}

void Station::take_programme_type_name(const Group& group, std::uint16_t block2) {
  const std::size_t from = (block2 & 1U) * std::size_t{2};
  const auto flag = static_cast<std::uint8_t>(block2 >> 4 & 1);
  std::array<ProgrammeTypeName::Piece, 2> pieces{};
  std::size_t count = 0;
  for (const std::size_t i : {2U, 3U}) {
    if (const auto name = pair(group.blocks[i])) pieces[count++] = {from + i - 2, name->bits, name->doubtful};
  }
  const auto news = programme_type_name_.take(flag, from, std::span(pieces).first(count), now_, noisy());
  if (news == ProgrammeTypeName::News::none) return;
  content_.programme_type_name = shown_text(programme_type_name_);
  facts_.programme_type_name = content_.programme_type_name;
}

void Station::take_other_network(const Group& group, GroupType type, std::uint16_t block2) {
  const Block& network = group.blocks[3];
  if (!network.received()) return;
  content_.other_network =
      type.version_b ? OtherNetworks::take_14b(block2, network.bits)
                     : other_networks_.take_14a(block2, pair(group.blocks[2]), network.bits, now_, noisy());
}

/// 15B repeats block 2 in block 4.
void Station::take_fast_basic(const Group& group, std::uint16_t block2) {
  const Block& again = group.blocks[3];
  if (again.received() && again.bits != block2) return;
  set_basic(block2);
}

void Station::take_long_ps(const Group& group, std::uint16_t block2) {
  const std::size_t from = (block2 & 7U) * std::size_t{2};
  std::array<LongProgrammeService::Piece, 2> pieces{};
  std::size_t count = 0;
  for (const std::size_t i : {2U, 3U}) {
    if (const auto name = pair(group.blocks[i])) pieces[count++] = {from + i - 2, name->bits, name->doubtful};
  }
  const auto news = long_ps_.take(0, from, std::span(pieces).first(count), now_, noisy());
  if (news == LongProgrammeService::News::none) return;
  content_.long_ps = long_ps_.text();
  facts_.long_ps = content_.long_ps;
}

/// The broadcaster's own, or another standard's: 5A, 5B, 6A, 6B, 7A, 9A, and those without a meaning.
void Station::take_raw(const Group& group, GroupType type, std::uint16_t block2) {
  content_.raw =
      RawContent{static_cast<std::uint8_t>(block2 & 0x1F),
                 type.version_b ? std::nullopt : bits_of(group.blocks[2]), bits_of(group.blocks[3])};
}

void Station::take_application(const Group& group, GroupType type, std::uint16_t block2,
                               std::uint16_t application) {
  content_.application = application;
  take_raw(group, type, block2);
  switch (application) {
    case kRadioTextPlus:
    case kRadioTextPlusForEnhanced:
      if (!type.version_b) take_radiotext_plus(group, block2);
      return;
    case kEnhancedRadioText: {
      const auto news = enhanced_radiotext_.take(block2 & 0x1FU, pair(group.blocks[2]), pair(group.blocks[3]),
                                                 now_, noisy());
      if (news == EnhancedRadioText::News::none) return;
      content_.enhanced_radiotext = enhanced_radiotext_.text();
      if (news == EnhancedRadioText::News::changed) enhanced_radiotext_plus_.text_begins();
      return;
    }
    case kTrafficMessages:
    case kTrafficMessagesTest:
      return take_traffic(group, block2);
    default:
      return;
  }
}

void Station::take_traffic(const Group& group, std::uint16_t block2) {
  if (!group.blocks[2].received() || !group.blocks[3].received()) {
    traffic_.gap();
    return;
  }
  content_.traffic = traffic_group(block2, group.blocks[2].bits, group.blocks[3].bits);
  content_.traffic_message = traffic_.take(*content_.traffic);
  content_.traffic_is_encrypted = traffic_is_encrypted_;
}

void Station::take_radiotext_plus(const Group& group, std::uint16_t block2) {
  if (!group.blocks[2].received() || !group.blocks[3].received()) return;
  const auto tags = radiotext_plus_group(block2, group.blocks[2].bits, group.blocks[3].bits);
  if (*content_.application == kRadioTextPlusForEnhanced) {
    const Text text = enhanced_radiotext_.text();
    content_.enhanced_radiotext_plus =
        enhanced_radiotext_plus_.take(tags, enhanced_radiotext_.is_current() ? &text : nullptr);
    return;
  }
  const Text text = radiotext_.text();
  content_.radiotext_plus = radiotext_plus_.take(tags, radiotext_.is_current() ? &text : nullptr);
  if (content_.radiotext_plus) facts_.item = content_.radiotext_plus;
}

}  // namespace fmrx::rds
