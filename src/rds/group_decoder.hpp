// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rds/block_code.hpp"
#include "rds/block_estimate.hpp"
#include "rds/group.hpp"
#include "rds/group_phase.hpp"
#include "rds/station_memory.hpp"
#include "rds/symbol_weigher.hpp"

namespace fmrx::rds {

/// Groups from soft symbols. Keeps the symbols until it knows where groups begin, and then
/// decodes from the oldest on. A block is accepted when its probability of being wrong, all that is
/// known of the station included, is below kWrong.
class GroupDecoder {
 public:
  /// max_symbols: the most that are given at a time.
  explicit GroupDecoder(std::size_t max_symbols);

  /// Groups that ended with these symbols, and earlier ones that could not be read before. Valid
  /// until the next call.
  [[nodiscard]] std::span<const Group> process(std::span<const SoftSymbol> symbols);

  /// What was received of the last group.
  [[nodiscard]] std::span<const Group> finish();

  [[nodiscard]] bool in_step() const { return phase_.has_value(); }

 private:
  /// Symbols that are kept: 3.4 s.
  static constexpr std::size_t kHistory = 4'096;

  void push(const SoftSymbol& symbol);
  void search(std::int64_t from, std::int64_t to);
  void adopt_if_better();
  void decode_backlog();
  void decode_block(std::int64_t last);
  void judge();
  [[nodiscard]] Block decode(SoftWindow window, std::size_t block);
  [[nodiscard]] std::optional<Block> decode_certain(SoftWindow window, std::size_t block);
  [[nodiscard]] Block decode_third(SoftWindow window, const OffsetLikelihoods& likelihoods);
  [[nodiscard]] Block decided(SoftWindow window, const BlockEstimate& estimate, Offset offset,
                              double likelihood) const;
  [[nodiscard]] double spoilt_probability() const;
  [[nodiscard]] Repetition* repetition(std::size_t block, bool make = false);
  [[nodiscard]] double same_probability(std::size_t block);
  void remember_certain(SoftWindow window, std::size_t block, SymbolWord hard, double likelihood);
  void observe_repeat(std::size_t block, double same);
  void remember(SoftWindow window, std::size_t block, const BlockEstimate& estimate, Offset offset,
                const OffsetLikelihoods& likelihoods);
  void learn(std::size_t block, const Block& received);
  void deliver();

  [[nodiscard]] SoftWindow window(std::int64_t last) const;
  [[nodiscard]] std::size_t blocks_into_group(std::int64_t last) const;

  std::vector<float> llr_;      ///< twice over, so that any window is contiguous
  std::vector<double> ends_s_;  ///< of the symbols
  std::int64_t count_ = 0;
  std::int64_t decoded_to_ = -1;   ///< last symbol of the last block that was tried
  std::int64_t received_to_ = -1;  ///< and of the last one that was received
  double received_to_s_ = -1;      ///< when that was
  GroupPhase evidence_;
  std::optional<std::size_t> phase_;
  bool searching_ = true;
  StationMemory memory_;
  Group group_;
  bool has_block_ = false;
  std::vector<Group> groups_;
};

}  // namespace fmrx::rds
