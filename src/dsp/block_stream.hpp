// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "dsp/aligned.hpp"

namespace fmrx::dsp {

/// A planar run of complex samples: re and im have the same length.
struct ComplexView {
  std::span<const float> re;
  std::span<const float> im;

  [[nodiscard]] std::size_t size() const { return re.size(); }
};

/// The same, to be changed in place.
struct ComplexRoom {
  std::span<float> re;
  std::span<float> im;

  [[nodiscard]] std::size_t size() const { return re.size(); }
  [[nodiscard]] operator ComplexView() const { return {re, im}; }  // NOLINT(google-explicit-constructor)
};

/// Kernels compute whole registers and may look so far behind the last sample.
inline constexpr std::size_t kReadSlack = 1024;

/// What a stage makes, block by block, where the next stages read it: each block is contiguous with
/// `history` samples before it, silence before the first. So no stage copies its input.
class BlockStream {
 public:
  BlockStream(std::size_t history, std::size_t max_block)
      : history_(history),
        samples_(kBlocksInPlace * (history + max_block) + kReadSlack, 0.0F),
        begin_(history),
        end_(history) {}

  /// A new block, of at most `most` samples in all. Allocates only for more than max_block. What
  /// was given of blocks before is valid no longer.
  void begin_block(std::size_t most) {
    if (end_ + most + kReadSlack > samples_.size()) {
      std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(end_ - history_), history_,
                  samples_.begin());
      end_ = history_;
    }
    if (end_ + most + kReadSlack > samples_.size()) samples_.resize(end_ + most + kReadSlack);
    begin_ = end_;
  }

  /// Room for the block's next samples; up to kReadSlack behind them may be written, too.
  [[nodiscard]] std::span<float> extend(std::size_t count) {
    const std::span<float> room(samples_.data() + end_, count);
    end_ += count;
    return room;
  }

  [[nodiscard]] std::span<const float> block() const { return {samples_.data() + begin_, end_ - begin_}; }

  /// A copy of `samples` as a block.
  [[nodiscard]] std::span<const float> next_block(std::span<const float> samples) {
    begin_block(samples.size());
    std::copy(samples.begin(), samples.end(), extend(samples.size()).begin());
    return block();
  }

 private:
  /// So many follow each other before the history is moved to the front.
  static constexpr std::size_t kBlocksInPlace = 2;

  std::size_t history_;
  AlignedVector<float> samples_;
  std::size_t begin_;  ///< of the block
  std::size_t end_;
};

}  // namespace fmrx::dsp
