// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/count_frames.hpp"

#include <sndfile.h>

#include <cstddef>
#include <vector>

namespace fmrx::sink {

namespace {

std::uint64_t count_by_reading(SNDFILE* file, int channels) {
  constexpr std::size_t kPiece_frames = 8'192;
  std::vector<short> piece(kPiece_frames * static_cast<std::size_t>(channels));
  std::uint64_t frames = 0;
  for (;;) {
    const sf_count_t count = ::sf_readf_short(file, piece.data(), kPiece_frames);
    if (count <= 0) return frames;
    frames += static_cast<std::uint64_t>(count);
  }
}

}  // namespace

std::optional<std::uint64_t> count_frames(int fd) {
  SF_INFO info{};
  SNDFILE* const file = ::sf_open_fd(fd, SFM_READ, &info, SF_FALSE);
  if (file == nullptr) return std::nullopt;
  // FLAC does not know its length before its first update; then it is short.
  const bool is_known = info.frames >= 0 && info.frames != SF_COUNT_MAX;
  const std::uint64_t frames =
      is_known ? static_cast<std::uint64_t>(info.frames) : count_by_reading(file, info.channels);
  ::sf_close(file);
  return frames;
}

}  // namespace fmrx::sink
