// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "soak/numbered_frames.hpp"

#include <cstring>

namespace fmrx::test {

namespace {

constexpr float kFullScale = 32'767;

}  // namespace

void numbered::fill(std::span<std::byte> iq, std::uint64_t first) {
  std::uint64_t low = first % kBase;
  std::uint64_t high = first / kBase % kBase;
  for (std::size_t i = 0; i < iq.size(); i += kIqBytesPerFrame) {
    const std::uint16_t digits[2] = {static_cast<std::uint16_t>(low + 1),
                                     static_cast<std::uint16_t>(high + 1)};
    std::memcpy(&iq[i], digits, sizeof digits);
    if (++low < kBase) continue;
    low = 0;
    high = (high + 1) % kBase;
  }
}

std::span<const float> NumberReceiver::process(IqView iq) {
  const std::size_t digits = iq.bytes.size() / sizeof(std::uint16_t);
  audio_.resize(digits);
  for (std::size_t i = 0; i < digits; ++i) {
    std::uint16_t digit = 0;
    std::memcpy(&digit, &iq.bytes[i * sizeof digit], sizeof digit);
    audio_[i] = static_cast<float>(digit) / kFullScale;
  }
  return audio_;
}

void NumberTrack::follow(std::span<const std::int16_t> samples) {
  constexpr int kBase = numbered::kBase;
  for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
    const int low = samples[i];
    const int high = samples[i + 1];
    if (low > 0 && high > 0) {
      note(static_cast<std::uint64_t>((high - 1) * kBase + low - 1));
    } else if (low != 0 || high != 0) {
      ++wrong_;
    }
    ++frames_;
  }
}

void NumberTrack::note(std::uint64_t number) {
  if (numbered_ == 0) {
    first_ = number;
    first_place_ = frames_;
  } else {
    // The next after the last, in whichever period; a step back is one of almost a period.
    number += last_ / numbered::kPeriod * numbered::kPeriod;
    if (number <= last_) number += numbered::kPeriod;
    if (number - last_ > numbered::kPeriod / 2) {
      ++wrong_;
      return;
    }
  }
  last_ = number;
  last_place_ = frames_;
  ++numbered_;
}

}  // namespace fmrx::test
