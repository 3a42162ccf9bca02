// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/line_output.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "app/line_file.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"
#include "rt/bridge.hpp"

namespace fmrx::app {

/// What the loop and the thread both hold. The thread writes `file` before it tells `opened` and
/// `failure` before it closes the ring; the loop reads them afterwards.
struct LineOutput::Shared {
  explicit Shared(std::string where) : target(std::move(where)), name(printable(target)) {}

  /// The thread's whole life.
  void write_until_closed() noexcept {
    try {
      LineFile file(target);
      is_terminal = file.is_terminal();
      name = file.name();
      opened.push(true);
      write_all(file);
    } catch (const std::exception& error) {
      failure = error.what();
    }
    opened.close();
    ring.close();
  }

  void write_all(LineFile& file) {
    std::vector<char> chunk(kLargest);
    bool at_line_start = true;
    while (ring.wait()) {
      if (at_line_start && new_file_wanted.exchange(false)) file = LineFile(target);
      const std::size_t count = ring.read(chunk);
      if (file.write({chunk.data(), count}, give_up) != LineFile::Outcome::written) return;
      at_line_start = chunk[count - 1] == '\n';
    }
  }

  const std::string target;
  std::string name;
  bool is_terminal = false;
  std::string failure;
  std::atomic<bool> give_up{false};
  std::atomic<bool> new_file_wanted{false};
  rt::Outbound<char> ring{2 * kLargest};
  rt::Inbound<bool> opened{1};
};

LineOutput::LineOutput(std::string target) : shared_(std::make_shared<Shared>(std::move(target))) {}

/// A thread that still waits for its reader shall not.
LineOutput::~LineOutput() {
  shared_->give_up.store(true);
  shared_->ring.close();
}

rt::Task<void> LineOutput::open() {
  const std::shared_ptr<Shared> shared = shared_;
  thread_ = std::make_unique<rt::ForeignThread>([shared] { shared->write_until_closed(); },
                                                rt::ForeignThread::AtExit::wait_for);
  const bool is_open = co_await shared->opened.data();
  if (!is_open) throw Error(ExitStatus::output, shared->failure);
}

rt::Task<void> LineOutput::write(std::string text) {
  std::span<const char> rest = text;
  while (!rest.empty()) {
    const bool wanted = co_await shared_->ring.room(std::min(rest.size(), kLargest));
    if (!wanted) co_return;
    rest = rest.subspan(shared_->ring.write(rest));
  }
}

void LineOutput::try_write(std::string_view text) {
  if (shared_->ring.closed()) return;
  if (shared_->ring.space() < text.size()) {
    lines_dropped_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    return;
  }
  shared_->ring.write(text);
}

rt::Task<void> LineOutput::finish() {
  shared_->ring.close();
  co_await thread_->end();
  if (!shared_->failure.empty()) throw Error(ExitStatus::output, shared_->failure);
}

void LineOutput::hurry() noexcept {
  shared_->give_up.store(true);
}

void LineOutput::begin_new_file() noexcept {
  shared_->new_file_wanted.store(true);
}

bool LineOutput::ended() const {
  return shared_->ring.closed();
}

bool LineOutput::is_terminal() const {
  return shared_->is_terminal;
}

const std::string& LineOutput::name() const {
  return shared_->name;
}

}  // namespace fmrx::app
