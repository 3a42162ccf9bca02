// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/count_frames.hpp"

#include <memory>
#include <string>

#include "recording/folder.hpp"
#include "sink/audio_encoder.hpp"
#include "sink/audio_feed.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;

namespace {

constexpr std::size_t kFrames = 24'000;

/// What count_frames() says of a file that was finished, or left as a kill leaves it.
std::optional<std::uint64_t> counted(FileFormat format, bool finished) {
  const test::TemporaryFolder where;
  const auto folder = recording::open_folder(where.file("."), false);
  const auto file = folder->create("x", recording::Existing::keep);
  const auto encoder = sink::make_encoder(format, SampleFormat::s16, *file, {});
  encoder->write(test::noise(kFrames));
  if (finished) encoder->finish();
  return sink::count_frames(folder->open("x.part").get());
}

}  // namespace

TEST_CASE("frames are counted in files that are whole, and in those that a kill has left") {
  for (const FileFormat format : {FileFormat::wav, FileFormat::flac, FileFormat::opus, FileFormat::vorbis}) {
    CAPTURE(static_cast<int>(format));
    CHECK(counted(format, true) == kFrames);
    const auto left = counted(format, false);
    CHECK(left.value_or(0) <= kFrames);
  }
  // Two blocks of 4096 frames are held back; what a second has not yet told, reading does.
  CHECK(counted(FileFormat::flac, false).value_or(0) >= kFrames - 2 * 4'096);
  CHECK(counted(FileFormat::raw, true) == std::nullopt);
}
