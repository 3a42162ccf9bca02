// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/iq_service.hpp"

#include <filesystem>
#include <utility>

#include "base/log.hpp"
#include "base/printable.hpp"

namespace fmrx::app {

namespace {

recording::OpenFolder folder_of(const std::filesystem::path& path) {
  const std::string folder = path.has_parent_path() ? path.parent_path().string() : ".";
  return [folder] { return recording::open_folder(folder, false); };
}

sink::IqRecordingOptions recording_options(const cli::Options& options, const source::SourceInfo& source) {
  const std::string leaf = std::filesystem::path(options.iq_path).filename().string();
  sink::IqRecordingOptions recording;
  recording.stem = recording::sigmf_stem(leaf).value();
  recording.meta.format = source.format;
  recording.meta.rate = source.rate;
  recording.meta.centre = source.centre;
  recording.meta.hardware = printable(source.name);
  recording.live = source.live;
  recording.overwrite = options.overwrite;
  return recording;
}

}  // namespace

IqService::IqService(const cli::Options& options, const source::Source& source)
    : source_(source), recording_(folder_of(options.iq_path), recording_options(options, source.info())) {}

rt::Task<void> IqService::open() {
  co_await recording_.open();
}

rt::Task<void> IqService::write(const source::IqBlock& block) {
  if (failure_) co_return;
  const std::uint64_t lost = source_.samples_lost();
  recording_.lost(lost - std::exchange(lost_by_source_, lost));
  const bool wanted = co_await recording_.write(block.view(), block.is_gap());
  if (!wanted) co_await finish();
}

rt::Task<void> IqService::finish() {
  if (failure_) co_return;
  try {
    co_await recording_.finish();
  } catch (const Error& error) {
    log::error(error.what());
    failure_ = error;
  }
}

}  // namespace fmrx::app
