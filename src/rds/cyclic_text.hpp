// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "rds/moment.hpp"
#include "rds/sightings.hpp"

namespace fmrx::rds {

/// A text that a station sends again and again in pieces: kPairs pairs of characters, one or two
/// to a group. PS, RadioText and PTYN are such texts.
///
/// Groups get lost, a wrong one gets through at times, and a station may change its text at any
/// moment, often in the middle of a pass and without saying so. What is shown shall be complete
/// soon, and never the beginning of one text with the end of another. So:
///
/// - Pairs are collected into the *current* text, in any order, as long as none contradicts it.
/// - A pair that contradicts it starts a *rival*, which takes the pairs from there on. If that
///   pair comes again as it was before, it was an error, and the rival goes. If the contradiction
///   is repeated, or a second pair contradicts, the rival becomes the current text.
/// - Beside both, the pairs of the *pass* that is going on are kept.
/// - The first complete text is shown at once. A later one needs a proof that all its pairs belong
///   together: all came in one pass, or the passes it comes from share a pair that is new. And where it
///   differs in a single pair, that pair must have come again.
///
/// A key (RadioText: its A/B flag and version) tells texts apart where the station says so.
/// Allocates nothing.
template <std::size_t kPairs>
class CyclicText {
 public:
  using Pairs = std::array<std::uint16_t, kPairs>;

  /// A pair of characters and where it stands.
  struct Piece {
    std::size_t at = 0;
    std::uint16_t pair = 0;
    bool doubtful = false;  ///< corrected, in poor reception
  };

  /// What a group has done.
  enum class News : std::uint8_t {
    none,
    repeated,  ///< the text shown has come once more, all of it
    changed,   ///< there is another text to show
  };

  /// How many pairs a complete text has, given those that are there; nothing if some are missing
  /// or the end is not known.
  using Length = std::optional<std::size_t> (*)(std::uint8_t key, const Pairs& pairs,
                                                const std::bitset<kPairs>& there);

  /// Without a rule, a text has kPairs pairs.
  explicit CyclicText(Length rule = nullptr) : length_(rule) {}

  /// One group's pieces, in ascending order; `from` is where its address begins. `noisy`: wrong blocks get
  /// through unmarked, so that nothing is to be believed that has come only once.
  News take(std::uint8_t key, std::size_t from, std::span<const Piece> pieces, const Moment& now, bool noisy);

  [[nodiscard]] bool has_text() const { return shown_there_; }
  /// The text to show; its first length() pairs.
  [[nodiscard]] const Pairs& pairs() const { return shown_.pairs; }
  [[nodiscard]] std::size_t length() const { return shown_length_; }
  [[nodiscard]] std::uint8_t key() const { return shown_.key; }
  /// Is the text that is shown also the one that is being sent, as far as one can tell?
  [[nodiscard]] bool is_current() const {
    return shown_there_ && !rival_.active && current_.active && is_shown(current_, shown_length_);
  }

  /// The text that is being sent, complete or not.
  [[nodiscard]] const Pairs& current_pairs() const { return current_.pairs; }
  [[nodiscard]] const std::bitset<kPairs>& current_there() const { return current_.there; }

  /// Pairs that came, and how many of them were taken back as errors.
  [[nodiscard]] std::uint32_t pairs_seen() const { return pairs_seen_; }
  [[nodiscard]] std::uint32_t errors_seen() const { return errors_seen_; }

  void reset() { *this = CyclicText(length_); }

 private:
  /// Pairs that are taken for one text.
  struct Collection {
    bool active = false;
    std::uint8_t key = 0;
    Pairs pairs{};
    std::bitset<kPairs> there;
    std::bitset<kPairs> sure;                   ///< came without doubt
    std::array<std::uint8_t, kPairs> times{};   ///< in how many passes each came
    std::array<std::uint32_t, kPairs> since{};  ///< the pass in which each came first
    std::array<std::uint32_t, kPairs> pass{};   ///< in which each came last
    std::uint32_t groups = 0;
    Moment last;
    std::optional<double> complete_since_s;

    // Of a rival:
    std::uint32_t contradictions = 0;  ///< groups that contradict the current text
    bool contradiction_repeated = false;
    bool begins_inside_pass = false;  ///< the pass began as the text shown does

    void begin(std::uint8_t with_key) {
      *this = Collection();
      active = true;
      key = with_key;
    }
    void add(const Piece& piece, std::uint32_t in_pass) {
      constexpr std::uint8_t kMany = 100;
      const bool first_in_pass = !there[piece.at] || pass[piece.at] != in_pass;
      if (first_in_pass && times[piece.at] < kMany) ++times[piece.at];
      if (!there[piece.at]) since[piece.at] = in_pass;
      if (!piece.doubtful) sure.set(piece.at);
      there.set(piece.at);
      pairs[piece.at] = piece.pair;
      pass[piece.at] = in_pass;
    }
    [[nodiscard]] bool has(const Piece& piece) const {
      return there[piece.at] && pairs[piece.at] == piece.pair;
    }
    [[nodiscard]] bool lacks(const Piece& piece) const { return !there[piece.at]; }
  };

  void begin_group(std::uint8_t key, std::size_t from, const Moment& now);
  [[nodiscard]] bool is_new_pass(std::uint8_t key, std::size_t from, const Moment& now) const;
  void end_pass(bool wrapped, const Moment& now);
  void forget_what_is_too_old(const Moment& now);
  void take_piece(const Piece& piece);
  void take_for_rival(const Piece& piece);
  void begin_rival(const Piece& piece);
  void drop_rival();
  [[nodiscard]] bool rival_has_won() const;
  [[nodiscard]] std::optional<std::size_t> complete_length(const Collection& text) const;
  [[nodiscard]] std::optional<std::size_t> length_by_passes(const Collection& text) const;
  [[nodiscard]] bool is_shown(const Collection& text, std::size_t length) const;
  [[nodiscard]] bool is_dynamic() const;
  [[nodiscard]] bool is_credible(const Collection& text, std::size_t length) const;
  [[nodiscard]] bool came_together(const Collection& text, std::size_t length) const;
  [[nodiscard]] bool pass_is_of_one_text() const;
  [[nodiscard]] bool may_show(const Collection& text, std::optional<std::size_t> length) const;
  void note_change(const Collection& text);
  void show(const Collection& text, std::size_t length);
  [[nodiscard]] bool look_for_text(bool at_end_of_pass);
  [[nodiscard]] bool is_repetition(std::span<const Piece> pieces);

  Length length_;
  bool noisy_ = false;

  Collection current_;
  Collection rival_;
  Collection pass_;  ///< what came in the pass that is going on
  std::uint32_t pass_number_ = 0;
  std::size_t last_from_ = kPairs;
  std::uint8_t key_ = 0;
  Moment last_group_;
  double pass_begun_s_ = 0;
  double pass_time_s_ = 0;                   ///< what a pass takes, smoothed; 0: not known
  std::array<std::uint8_t, 8> pass_ends_{};  ///< how many pairs the last passes had
  bool marks_ends_ = false;                  ///< the station does, with a carriage return

  Collection shown_;
  bool shown_there_ = false;
  std::size_t shown_length_ = 0;
  std::bitset<kPairs> seen_again_;      ///< of the text shown
  bool dynamic_ = false;                ///< the station changes its text
  std::uint32_t changes_at_start_ = 0;  ///< of a pass
  std::uint32_t changes_inside_ = 0;

  std::uint32_t pairs_seen_ = 0;
  std::uint32_t errors_seen_ = 0;
  std::array<Sightings, kPairs> sightings_;
};

}  // namespace fmrx::rds

#include "rds/cyclic_text_impl.hpp"
