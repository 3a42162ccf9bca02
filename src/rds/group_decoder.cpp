// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/group_decoder.hpp"

#include <algorithm>
#include <cmath>

namespace fmrx::rds {
namespace {

/// A block is accepted when it is right with a probability of at least 1 less this.
constexpr double kWrong = 0.01;

/// No two blocks differ in fewer symbols than three. Where the three least reliable ones of a block without
/// errors are so sure together, nats, some other block is it with 4 in 100,000 at most: the sum of
/// exp(-w 12 / 3) over all blocks that differ from it in w symbols.
constexpr float kCertain = 12;

/// Likelihood from which what was said earlier is known, and not guessed.
constexpr float kSure = kSyndromes / 2.0F;

/// Evidence at which the search for other places pauses, and at which it goes on.
constexpr double kSearchPauses = 36;
constexpr double kSearchResumes = 30;
/// It then looks again at the last two groups.
constexpr std::int64_t kSecondLook = 2 * kGroupBits;

constexpr double kSamePi = 0.98;

constexpr std::array<Offset, 4> kOffsetsInOrder{Offset::a, Offset::b, Offset::c, Offset::d};

/// Whether the signs of what was said earlier are these symbols, or their inverse.
bool says(const Repetition& earlier, SymbolWord symbols) {
  const SymbolWord changed = hard_symbols(earlier.sum) ^ symbols;
  return changed == 0 || changed == kAllSymbols;
}

bool is_certain(SoftWindow window) {
  std::array<float, 3> least;
  std::partial_sort_copy(window.begin(), window.end(), least.begin(), least.end(),
                         [](float a, float b) { return std::fabs(a) < std::fabs(b); });
  return std::fabs(least[0]) + std::fabs(least[1]) + std::fabs(least[2]) >= kCertain;
}

/// Of a block without errors that is certain: any other one hardly adds to it.
double certain_likelihood(SoftWindow window) {
  double right = 1;
  for (const float bias : biases(window)) right *= (1 + std::fabs(static_cast<double>(bias))) / 2;
  return right * kSyndromes;
}

}  // namespace

GroupDecoder::GroupDecoder(std::size_t max_symbols) : llr_(2 * kHistory), ends_s_(kHistory) {
  groups_.reserve((max_symbols + kHistory) / kBlockBits + 1);
}

std::span<const Group> GroupDecoder::process(std::span<const SoftSymbol> symbols) {
  groups_.clear();
  for (const SoftSymbol& symbol : symbols) push(symbol);
  return groups_;
}

std::span<const Group> GroupDecoder::finish() {
  groups_.clear();
  deliver();
  return groups_;
}

void GroupDecoder::push(const SoftSymbol& symbol) {
  const auto slot = static_cast<std::size_t>(count_) % kHistory;
  llr_[slot] = llr_[slot + kHistory] = symbol.llr;
  ends_s_[slot] = symbol.end_s;
  const std::int64_t last = count_++;
  if (last < static_cast<std::int64_t>(kBlockBits)) return;
  if (searching_) {
    search(last, last);
    adopt_if_better();
  }
  if (phase_ && blocks_into_group(last) > 0 && last > decoded_to_) decode_block(last);
}

void GroupDecoder::search(std::int64_t from, std::int64_t to) {
  for (std::int64_t last = from; last <= to; ++last)
    evidence_.observe(last, offset_likelihoods(window(last)), phase_);
}

void GroupDecoder::adopt_if_better() {
  const std::size_t likeliest = evidence_.likeliest();
  if (likeliest == phase_ || evidence_.evidence(likeliest) < GroupPhase::kBelieved) return;
  if (phase_ && evidence_.evidence(likeliest) <= evidence_.evidence(*phase_)) return;
  deliver();
  phase_ = likeliest;
  decode_backlog();
}

/// From the oldest symbol on that has not been understood yet.
void GroupDecoder::decode_backlog() {
  const double evidence = evidence_.evidence(*phase_);
  const auto whole_history = static_cast<std::int64_t>(kHistory - kWindowSymbols);
  std::int64_t first = std::max(received_to_ + 1, count_ - whole_history);
  first = std::max(first + static_cast<std::int64_t>(kBlockBits) - 1, static_cast<std::int64_t>(kBlockBits));
  for (std::int64_t last = first; last < count_ && phase_; ++last) {
    if (blocks_into_group(last) > 0) decode_block(last);
    // The search has counted these blocks already.
    if (phase_) evidence_.set(*phase_, evidence);
  }
}

void GroupDecoder::decode_block(std::int64_t last) {
  decoded_to_ = last;
  // After a new start the demodulator goes back; what was received then is not received again.
  const double end_s = ends_s_[static_cast<std::size_t>(last) % kHistory];
  if (end_s < received_to_s_ + kBlockBits / 2 / kBitRate_Hz) return;
  const std::size_t block = blocks_into_group(last) - 1;
  if (block == 0) deliver();
  group_.time = std::chrono::duration<double>(end_s);
  group_.blocks[block] = decode(window(last), block);
  if (group_.blocks[block].received()) {
    has_block_ = true;
    received_to_ = last;
    received_to_s_ = end_s;
  }
  if (block == 3) deliver();
  judge();
}

/// Whether groups still come where they did.
void GroupDecoder::judge() {
  const double evidence = evidence_.evidence(*phase_);
  if (searching_) {
    searching_ = evidence < kSearchPauses;
  } else if (evidence < kSearchResumes) {
    searching_ = true;
    evidence_.forget_others(*phase_);
    search(std::max(count_ - kSecondLook, static_cast<std::int64_t>(kBlockBits)), count_ - 1);
  }
  if (evidence <= 0) phase_.reset();
}

Block GroupDecoder::decode(SoftWindow window, std::size_t block) {
  if (is_certain(window)) {
    if (const std::optional<Block> certain = decode_certain(window, block)) return *certain;
  }
  const OffsetLikelihoods likelihoods = offset_likelihoods(window);
  if (block == 2) return decode_third(window, likelihoods);
  const Offset offset = kOffsetsInOrder[block];
  Expectation expected;
  if (block == 1) expected.contents = memory_.second_blocks();
  expected.earlier = repetition(block);
  if (expected.earlier != nullptr) expected.same_probability = same_probability(block);
  const BlockEstimate estimate = estimate_block(window, likelihoods, offset, expected);
  evidence_.observe_block(*phase_, estimate.likelihood);
  const Block result = decided(window, estimate, offset, estimate.likelihood);
  remember(window, block, estimate, offset, likelihoods);
  learn(block, result);
  return result;
}

/// Without any errors: nothing to weigh up.
std::optional<Block> GroupDecoder::decode_certain(SoftWindow window, std::size_t block) {
  const SymbolWord hard = hard_symbols(window);
  const bool is_c_prime = block == 2 && syndrome(hard, Offset::c_prime) == 0;
  const Offset offset = is_c_prime ? Offset::c_prime : kOffsetsInOrder[block];
  if (syndrome(hard, offset) != 0) return std::nullopt;
  if (block == 2) group_.c_prime = is_c_prime;
  const double likelihood = certain_likelihood(window);
  evidence_.observe_block(*phase_, likelihood);
  const Block result{information_in(hard), Confidence::clean};
  if (!is_c_prime) remember_certain(window, block, hard, likelihood);
  learn(block, result);
  return result;
}

void GroupDecoder::remember_certain(SoftWindow window, std::size_t block, SymbolWord hard,
                                    double likelihood) {
  Repetition* const earlier = repetition(block);
  if (earlier == nullptr) {
    if (Repetition* const made = repetition(block, true)) replace(*made, window, likelihood);
    return;
  }
  const bool is_same = says(*earlier, hard);
  const bool was_sure = earlier->likelihood > kSure;
  if (block > 1 && (is_same || was_sure)) observe_repeat(block, is_same ? 1 : 0);
  if (is_same)
    join(*earlier, window, likelihood);
  else
    replace(*earlier, window, likelihood);
}

/// Block C, or C', which is the PI once more.
Block GroupDecoder::decode_third(SoftWindow window, const OffsetLikelihoods& likelihoods) {
  double c_prime_probability = 0.5;
  if (group_.blocks[1].received())
    c_prime_probability = (group_.blocks[1].bits >> 11 & 1U) != 0 ? 0.999 : 0.001;

  Expectation expected;
  expected.earlier = repetition(2);
  if (expected.earlier != nullptr) expected.same_probability = same_probability(2);
  const BlockEstimate c = estimate_block(window, likelihoods, Offset::c, expected);

  const ExpectedBlock pi{memory_.pi.value_or(0), 0.9};
  Expectation expected_prime;
  if (memory_.pi) expected_prime.contents = {&pi, 1};
  const BlockEstimate c_prime = estimate_block(window, likelihoods, Offset::c_prime, expected_prime);

  const double c_weight = (1 - c_prime_probability) * c.likelihood;
  const double c_prime_weight = c_prime_probability * c_prime.likelihood;
  const double likelihood = c_weight + c_prime_weight;
  evidence_.observe_block(*phase_, likelihood);
  group_.c_prime = c_prime_weight > c_weight;
  if (!group_.c_prime) remember(window, 2, c, Offset::c, likelihoods);
  const double share = group_.c_prime ? c_prime_probability : 1 - c_prime_probability;
  BlockEstimate estimate = group_.c_prime ? c_prime : c;
  estimate.content_likelihood *= share;
  return decided(window, estimate, group_.c_prime ? Offset::c_prime : Offset::c, likelihood);
}

/// likelihood: of all that the block may be.
Block GroupDecoder::decided(SoftWindow window, const BlockEstimate& estimate, Offset offset,
                            double likelihood) const {
  const double spoilt = spoilt_probability();
  const double right = (1 - spoilt) * estimate.content_likelihood / ((1 - spoilt) * likelihood + spoilt);
  if (right < 1 - kWrong) return {};
  const SymbolWord changed = hard_symbols(window) ^ symbols_of(estimate.information, offset);
  const bool is_clean = changed == 0 || changed == kAllSymbols;
  return {estimate.information, is_clean ? Confidence::clean : Confidence::corrected};
}

/// The less it is sure that this is a block at all, the more it may be spoilt.
double GroupDecoder::spoilt_probability() const {
  return std::max(GroupPhase::kSpoilt, std::exp(-evidence_.evidence(*phase_)));
}

/// What was said earlier where this block stands; null where nothing was, or block B is unknown.
Repetition* GroupDecoder::repetition(std::size_t block, bool make) {
  if (block == 0) {
    if (!memory_.first_blocks && make) memory_.first_blocks.emplace();
    return memory_.first_blocks ? &*memory_.first_blocks : nullptr;
  }
  if (block == 1 || !group_.blocks[1].received()) return nullptr;
  const std::uint16_t second = group_.blocks[1].bits;
  Repetition* const found = memory_.find(second, block);
  return found == nullptr && make ? &memory_.make(second, block) : found;
}

double GroupDecoder::same_probability(std::size_t block) {
  return block == 0 ? kSamePi : memory_.repeats(group_.blocks[1].bits, block).probability();
}

void GroupDecoder::remember(SoftWindow window, std::size_t block, const BlockEstimate& estimate,
                            Offset offset, const OffsetLikelihoods& likelihoods) {
  const auto alone = static_cast<double>(likelihoods[static_cast<std::size_t>(offset)]);
  if (Repetition* const earlier = repetition(block)) {
    const double same = estimate.same_likelihood / estimate.likelihood;
    if (block > 1) observe_repeat(block, same);
    if (same > 0.5)
      *earlier = estimate.together;
    else if (same < 0.1 && alone > 1)
      replace(*earlier, window, alone);
  } else if (Repetition* const made = repetition(block, true)) {
    replace(*made, window, alone);
  }
}

void GroupDecoder::observe_repeat(std::size_t block, double same) {
  const bool is_clear = same < 0.1 || same > 0.9;
  if (is_clear) memory_.repeats(group_.blocks[1].bits, block).observe(same > 0.5);
}

void GroupDecoder::learn(std::size_t block, const Block& received) {
  if (!received.received()) return;
  if (block == 0) memory_.pi = received.bits;
  if (block == 1) memory_.received_second(received.bits);
}

void GroupDecoder::deliver() {
  if (has_block_) groups_.push_back(group_);
  group_ = {};
  has_block_ = false;
}

SoftWindow GroupDecoder::window(std::int64_t last) const {
  const auto first =
      static_cast<std::size_t>(last + 1 - static_cast<std::int64_t>(kWindowSymbols)) % kHistory;
  return SoftWindow(llr_.data() + first, kWindowSymbols);
}

/// 1 to 4 where a block of the group ends, else 0.
std::size_t GroupDecoder::blocks_into_group(std::int64_t last) const {
  const auto bits = static_cast<std::int64_t>(kGroupBits);
  const std::int64_t into = (last + 1 - static_cast<std::int64_t>(*phase_) + bits) % bits;
  if (into % static_cast<std::int64_t>(kBlockBits) != 0) return 0;
  return into == 0 ? 4 : static_cast<std::size_t>(into) / kBlockBits;
}

}  // namespace fmrx::rds
