// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/count_frames.hpp"

#include <sndfile.h>

namespace fmrx::sink {

std::optional<std::uint64_t> count_frames(int fd) {
  SF_INFO info{};
  SNDFILE* const file = ::sf_open_fd(fd, SFM_READ, &info, SF_FALSE);
  if (file == nullptr) return std::nullopt;
  ::sf_close(file);
  return static_cast<std::uint64_t>(info.frames);
}

}  // namespace fmrx::sink
