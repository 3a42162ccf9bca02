// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rds/cyclic_text.hpp"

namespace fmrx::rds {

template <std::size_t kPairs>
auto CyclicText<kPairs>::take(std::uint8_t key, std::size_t from, std::span<const Piece> pieces,
                              const Moment& now, bool noisy) -> News {
  noisy_ = noisy;
  const bool ends_pass = is_new_pass(key, from, now);
  bool changed = ends_pass && look_for_text(true);
  begin_group(key, from, now);

  const bool contradicted = std::ranges::any_of(pieces, [&](const Piece& piece) {
    return current_.active && !(current_.key == key && (current_.lacks(piece) || current_.has(piece)));
  });
  for (const Piece& piece : pieces) take_piece(piece);
  if (current_.active && current_.key == key && !contradicted) {
    ++current_.groups;
    current_.last = now;
  }
  if (rival_.active && rival_.key == key) {
    ++rival_.groups;
    rival_.last = now;
    if (contradicted) ++rival_.contradictions;
  }
  if (rival_has_won()) {
    dynamic_ = true;
    current_ = rival_;
    rival_.active = false;
  }
  changed = look_for_text(false) || changed;
  const bool repeated = is_repetition(pieces);
  return changed ? News::changed : repeated ? News::repeated : News::none;
}

template <std::size_t kPairs>
bool CyclicText<kPairs>::is_new_pass(std::uint8_t key, std::size_t from, const Moment& now) const {
  if (last_from_ == kPairs || key != key_ || from <= last_from_) return true;
  // The address has grown, but so many groups were lost that it may be a later pass.
  return pass_time_s_ > 0 && now.lost_s - last_group_.lost_s > 0.7 * pass_time_s_;
}

template <std::size_t kPairs>
void CyclicText<kPairs>::begin_group(std::uint8_t key, std::size_t from, const Moment& now) {
  forget_what_is_too_old(now);
  if (is_new_pass(key, from, now)) {
    end_pass(key == key_ && from <= last_from_, now);
    pass_.begin(key);
    pass_begun_s_ = now.time_s;
    ++pass_number_;
  }
  key_ = key;
  last_from_ = from;
  last_group_ = now;
}

template <std::size_t kPairs>
void CyclicText<kPairs>::end_pass(bool wrapped, const Moment& now) {
  if (pass_.active) {
    std::size_t end = kPairs;
    while (end > 0 && !pass_.there[end - 1]) --end;
    std::shift_right(pass_ends_.begin(), pass_ends_.end(), 1);
    pass_ends_.front() = static_cast<std::uint8_t>(end);
  }
  if (!wrapped) return;
  const double took_s = now.time_s - pass_begun_s_;
  constexpr double kSmoothing = 0.25;
  if (pass_time_s_ == 0) {
    pass_time_s_ = took_s;
  } else {
    // A wrap may be that of a later pass, if groups were lost.
    pass_time_s_ += kSmoothing * (std::min(took_s, 2 * pass_time_s_) - pass_time_s_);
  }
}

/// Where the text may have changed in what was lost, pairs from before are not joined with what comes now.
template <std::size_t kPairs>
void CyclicText<kPairs>::forget_what_is_too_old(const Moment& now) {
  if (!is_dynamic() || !shown_there_) return;
  constexpr double kKeyedPatience_s = 30;
  const double patience_s = length_ != nullptr ? kKeyedPatience_s : 1.5 * pass_time_s_;
  const auto is_old = [&](const Collection& text) { return now.lost_s - text.last.lost_s > patience_s; };
  if (rival_.active && is_old(rival_)) rival_.active = false;
  const bool is_to_be_kept = shown_there_ && current_.active && is_shown(current_, shown_length_);
  if (current_.active && !is_to_be_kept && is_old(current_)) current_.active = false;
}

template <std::size_t kPairs>
void CyclicText<kPairs>::take_piece(const Piece& piece) {
  ++pairs_seen_;
  sightings_[piece.at].note(piece.pair);
  pass_.add(piece, pass_number_);
  if (!current_.active) current_.begin(key_);

  take_for_rival(piece);
  // While it is being decided whose the pairs are, the current text gets no new ones.
  const bool fits =
      current_.key == key_ && (current_.has(piece) || (current_.lacks(piece) && !rival_.active));
  if (fits) current_.add(piece, pass_number_);
}

template <std::size_t kPairs>
void CyclicText<kPairs>::take_for_rival(const Piece& piece) {
  const bool agrees = current_.key == key_ && current_.has(piece);
  const bool fits = agrees || (current_.key == key_ && current_.lacks(piece));
  if (!rival_.active) {
    if (!fits) begin_rival(piece);
    return;
  }
  if (rival_.key != key_) {
    // A single wrong key, or another text.
    if (fits) {
      drop_rival();
    } else {
      begin_rival(piece);
    }
    return;
  }
  if (!rival_.lacks(piece) && !rival_.has(piece)) {
    if (agrees) {
      drop_rival();
    } else {
      begin_rival(piece);
    }
    return;
  }
  const bool contradicts = !fits;
  if (contradicts && rival_.has(piece)) rival_.contradiction_repeated = true;
  rival_.add(piece, pass_number_);
}

template <std::size_t kPairs>
void CyclicText<kPairs>::begin_rival(const Piece& piece) {
  rival_.begin(key_);
  rival_.begins_inside_pass =
      shown_there_ && piece.at > 0 && pass_.there[0] && pass_.pairs[0] == shown_.pairs[0];
  rival_.add(piece, pass_number_);
}

/// What contradicted the current text was an error.
template <std::size_t kPairs>
void CyclicText<kPairs>::drop_rival() {
  ++errors_seen_;
  rival_.active = false;
  if (rival_.key != current_.key) return;
  for (std::size_t at = 0; at < kPairs; ++at) {
    if (rival_.there[at] && !current_.there[at])
      current_.add({at, rival_.pairs[at], !rival_.sure[at]}, rival_.pass[at]);
  }
}

template <std::size_t kPairs>
bool CyclicText<kPairs>::rival_has_won() const {
  if (!rival_.active) return false;
  if (rival_.key != current_.key) return rival_.groups >= 2;
  return rival_.contradictions >= 2 || rival_.contradiction_repeated;
}

template <std::size_t kPairs>
std::optional<std::size_t> CyclicText<kPairs>::complete_length(const Collection& text) const {
  if (!text.active) return std::nullopt;
  if (length_ != nullptr) return length_(text.key, text.pairs, text.there);
  if (!text.there.all()) return std::nullopt;
  return kPairs;
}

/// Some stations send only the pieces that are not blank, and never an end mark: then the text is as long
/// as the passes are.
template <std::size_t kPairs>
std::optional<std::size_t> CyclicText<kPairs>::length_by_passes(const Collection& text) const {
  if (!text.active || length_ == nullptr || marks_ends_) return std::nullopt;
  std::size_t filled = 0;
  while (filled < kPairs && text.there[filled]) ++filled;
  std::size_t end = kPairs;
  while (end > 0 && !pass_.there[end - 1]) --end;
  const auto as_long = std::ranges::count(pass_ends_, filled);
  const auto longer = std::ranges::count_if(pass_ends_, [&](std::size_t other) { return other > filled; });
  const bool is_usual = as_long >= 2 && longer <= 1;
  if (filled == 0 || filled != end || filled != text.there.count() || !is_usual) return std::nullopt;
  return filled;
}

template <std::size_t kPairs>
bool CyclicText<kPairs>::is_shown(const Collection& text, std::size_t length) const {
  if (!shown_there_ || length != shown_length_) return false;
  for (std::size_t at = 0; at < length; ++at) {
    if (!text.there[at] || text.pairs[at] != shown_.pairs[at]) return false;
  }
  return true;
}

/// Has it been seen to change its text?
template <std::size_t kPairs>
bool CyclicText<kPairs>::is_dynamic() const {
  return dynamic_ || std::ranges::any_of(sightings_, &Sightings::has_several_familiar);
}

/// Not an effect of wrong blocks? A pair is believed that came again; or could have come again, but
/// was not contradicted for a whole pass.
template <std::size_t kPairs>
bool CyclicText<kPairs>::is_credible(const Collection& text, std::size_t length) const {
  const bool is_contradicted = rival_.active && &text != &rival_;
  const bool waited = !is_contradicted && text.complete_since_s && pass_time_s_ > 0 &&
                      last_group_.time_s - *text.complete_since_s > 1.2 * pass_time_s_;
  std::size_t different = 0;
  std::size_t last_different = 0;
  for (std::size_t at = 0; at < length; ++at) {
    if (shown_there_ && at < shown_length_ && text.pairs[at] == shown_.pairs[at]) continue;
    ++different;
    last_different = at;
    const bool once_is_enough = waited || (!noisy_ && text.sure[at]);
    const bool confirmed = text.times[at] >= 2 || sightings_[at].is_familiar(text.pairs[at]);
    if (!once_is_enough && !confirmed) return false;
  }
  if (!shown_there_ || different != 1) return true;
  // Errors repeat themselves more often than one would think.
  const int wanted = noisy_ ? 3 : 2;
  return text.times[last_different] >= wanted;
}

/// Not the beginning of one text with the end of another? All came in this pass, or in earlier ones that
/// are linked with it: by a pair that came in both, and that the text shown does not have. Where much is
/// lost a first text may take minutes: it is enough if all of it but a pair came in several passes.
template <std::size_t kPairs>
bool CyclicText<kPairs>::came_together(const Collection& text, std::size_t length) const {
  if (!shown_there_ && !is_dynamic()) return true;
  std::uint32_t linked_since = pass_number_;
  for (std::uint32_t before = 0; before != linked_since;) {
    before = linked_since;
    for (std::size_t at = 0; at < length; ++at) {
      const bool is_new = !shown_there_ || text.key != shown_.key || text.pairs[at] != shown_.pairs[at];
      if (is_new && text.pass[at] >= linked_since) linked_since = std::min(linked_since, text.since[at]);
    }
  }
  const bool all_linked = std::ranges::all_of(std::span(text.pass).first(length),
                                              [&](std::uint32_t pass) { return pass >= linked_since; });
  const auto came_once = std::ranges::count(std::span(text.times).first(length), 1);
  return all_linked || (!shown_there_ && came_once <= 1);
}

/// A pass is of two texts if the station changed it in the middle. Then it began as the text shown does.
template <std::size_t kPairs>
bool CyclicText<kPairs>::pass_is_of_one_text() const {
  if (!shown_there_ || pass_.key != shown_.key || pass_.pairs[0] != shown_.pairs[0]) return true;
  constexpr std::uint32_t kEnough = 4;
  return changes_at_start_ >= kEnough && changes_inside_ == 0;
}

template <std::size_t kPairs>
bool CyclicText<kPairs>::may_show(const Collection& text, std::optional<std::size_t> length) const {
  return length && !is_shown(text, *length) && is_credible(text, *length) && came_together(text, *length);
}

/// True: there is another text to show.
template <std::size_t kPairs>
bool CyclicText<kPairs>::look_for_text(bool at_end_of_pass) {
  const auto length_of = [&](const Collection& text) {
    const auto length = complete_length(text);
    return length || !at_end_of_pass ? length : length_by_passes(text);
  };
  for (Collection* const text : {&current_, &rival_, &pass_}) {
    const auto length = length_of(*text);
    if (length && !text->complete_since_s) text->complete_since_s = last_group_.time_s;
    if (length && is_shown(*text, *length)) shown_.key = text->key;
    if (text == &pass_ && !pass_is_of_one_text()) continue;
    if (!may_show(*text, length)) continue;
    note_change(*text);
    show(*text, *length);
    if (text != &current_) {
      current_ = *text;
      rival_.active = false;
    }
    return true;
  }
  return false;
}

/// Learns whether the station changes its text between passes or anywhere.
template <std::size_t kPairs>
void CyclicText<kPairs>::note_change(const Collection& text) {
  if (!shown_there_ || text.key != shown_.key || text.pairs[0] == shown_.pairs[0]) return;
  if (text.begins_inside_pass) {
    ++changes_inside_;
  } else if (text.pass[0] == pass_number_) {
    ++changes_at_start_;
  }
}

template <std::size_t kPairs>
void CyclicText<kPairs>::show(const Collection& text, std::size_t length) {
  marks_ends_ = marks_ends_ || (length < kPairs && complete_length(text) == length);
  dynamic_ = dynamic_ || shown_there_;
  shown_ = text;
  shown_there_ = true;
  shown_length_ = length;
  seen_again_.reset();
}

/// True: the text shown has come once more, all of it, and nothing else in between.
template <std::size_t kPairs>
bool CyclicText<kPairs>::is_repetition(std::span<const Piece> pieces) {
  if (!shown_there_) return false;
  for (const Piece& piece : pieces) {
    if (piece.at >= shown_length_) continue;
    if (shown_.pairs[piece.at] != piece.pair) seen_again_.reset();
    seen_again_.set(piece.at, shown_.pairs[piece.at] == piece.pair);
  }
  if (seen_again_.count() < shown_length_) return false;
  seen_again_.reset();
  return true;
}

}  // namespace fmrx::rds
