// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The only file that includes spdlog, which is slow to compile.
#include "base/log.hpp"

#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/sink.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "base/printable.hpp"

namespace fmrx::log {
namespace {

constexpr int kPatience_ms = 100;

std::string_view mark(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::warn:
      return "fmrx: warning: ";
    case spdlog::level::err:
      return "fmrx: error: ";
    default:
      return "fmrx: ";
  }
}

/// Standard error, one write() a message, with a bottom line that steps aside.
class StandardError : public spdlog::sinks::sink {
 public:
  void log(const spdlog::details::log_msg& message) override {
    std::string line(mark(message.level));
    line += printable({message.payload.data(), message.payload.size()});
    line += '\n';

    const auto hold = hold_messages();
    if (!takes_output()) return;
    if (bottom_ != nullptr) bottom_->clear();
    write_all(line);
    if (bottom_ != nullptr) bottom_->redraw();
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

  [[nodiscard]] std::unique_lock<std::mutex> hold_messages() { return std::unique_lock(mutex_); }

  void set_bottom(BottomLine* bottom) {
    const auto hold = hold_messages();
    bottom_ = bottom;
  }

 private:
  // Once it has cost its patience, a stopped terminal costs nothing more until
  // it takes output again.
  bool takes_output() {
    pollfd standard_error{STDERR_FILENO, POLLOUT, 0};
    stopped_ = ::poll(&standard_error, 1, stopped_ ? 0 : kPatience_ms) == 0;
    return !stopped_;
  }

  static void write_all(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;  // there is no better place to say so
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::mutex mutex_;
  BottomLine* bottom_ = nullptr;
  bool stopped_ = false;
};

struct Log {
  std::shared_ptr<StandardError> out = std::make_shared<StandardError>();
  spdlog::logger logger{"fmrx", out};
};

// Never destroyed, so that foreign threads and destructors may log to the end.
Log& the_log() {
  static Log& log = *new Log;
  return log;
}

void write(spdlog::level::level_enum level, std::string_view line) noexcept {
  try {
    the_log().logger.log(level, spdlog::string_view_t(line.data(), line.size()));
  } catch (...) {
    // Out of memory: a lost message must not become a lost recording.
  }
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void set_level(Level lowest) noexcept {
  try {
    the_log().logger.set_level(spdlog_level(lowest));
  } catch (...) {
    // As above.
  }
}

void debug(std::string_view line) noexcept {
  write(spdlog::level::debug, line);
}
void info(std::string_view line) noexcept {
  write(spdlog::level::info, line);
}
void warn(std::string_view line) noexcept {
  write(spdlog::level::warn, line);
}
void error(std::string_view line) noexcept {
  write(spdlog::level::err, line);
}

void set_bottom_line(BottomLine* line) noexcept {
  try {
    the_log().out->set_bottom(line);
  } catch (...) {
    // As above.
  }
}

std::unique_lock<std::mutex> hold_messages() {
  return the_log().out->hold_messages();
}

}  // namespace fmrx::log
