// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "app/input_bytes.hpp"

namespace fmrx::app {

/// The first channel of a sound file of any kind that libsndfile reads, and from a pipe reads in order.
class SoundInput {
 public:
  /// Nothing, where the bytes are no sound file: then they still come from the first one on.
  /// `bytes` must outlive what is returned. Throws fmrx::Error where they cannot be read.
  static std::optional<SoundInput> open(InputBytes& bytes);

  SoundInput(SoundInput&&) noexcept;
  SoundInput& operator=(SoundInput&&) noexcept;
  ~SoundInput();

  [[nodiscard]] int rate_hz() const;
  /// The next samples, full scale 1, all finite; none at the end. Valid until the next call.
  /// Throws fmrx::Error where they cannot be read.
  std::span<const float> next();

 private:
  struct File;
  explicit SoundInput(std::unique_ptr<File> file);

  std::unique_ptr<File> file_;
  std::vector<float> frames_;
  std::vector<float> samples_;
};

}  // namespace fmrx::app
