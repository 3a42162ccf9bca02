// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/rds_service.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace fmrx::app {

RdsService::RdsService(const cli::Options& options, std::function<void(const report::Event&)> on_event)
    : report_(options.rds_system), on_event_(std::move(on_event)) {
  for (const cli::RdsOutput& output : options.rds_outputs)
    outputs_.push_back({output.format, std::make_unique<LineOutput>(output.target)});
}

rt::Task<void> RdsService::open() {
  for (const Output& output : outputs_) co_await output.lines->open();
}

rt::Task<void> RdsService::run(rt::Channel<rds::Group>& groups, bool live) {
  for (;;) {
    const std::optional<rds::Group> group = co_await groups.pop();
    if (!group) break;
    if (live) {
      report_.take(*group, std::chrono::system_clock::now());
    } else {
      report_.take(*group);
    }
    for (const report::Event& event : report_.events()) on_event_(event);
    for (const Output& output : outputs_) {
      std::string text = report_.lines(output.format);
      if (live) {
        output.lines->try_write(text);
      } else {
        co_await output.lines->write(std::move(text));
      }
    }
  }
  if (live) hurry();
  for (const Output& output : outputs_) co_await finish(*output.lines);
}

rt::Task<void> RdsService::finish(LineOutput& output) {
  try {
    co_await output.finish();
  } catch (const Error& failed) {
    log::error(failed.what());
    failures_.push_back(failed);
  }
}

void RdsService::hurry() noexcept {
  for (const Output& output : outputs_) output.lines->hurry();
}

void RdsService::begin_new_files() noexcept {
  for (const Output& output : outputs_) output.lines->begin_new_file();
}

bool RdsService::nobody_reads() const {
  return !outputs_.empty() && std::all_of(outputs_.begin(), outputs_.end(),
                                          [](const Output& output) { return output.lines->ended(); });
}

bool RdsService::writes_to_terminal() const {
  return std::any_of(outputs_.begin(), outputs_.end(),
                     [](const Output& output) { return output.lines->is_terminal(); });
}

std::vector<RdsService::Loss> RdsService::losses() const {
  std::vector<Loss> losses;
  for (const Output& output : outputs_) {
    if (output.lines->lines_dropped() > 0)
      losses.push_back({output.lines->name(), output.lines->lines_dropped()});
  }
  return losses;
}

}  // namespace fmrx::app
