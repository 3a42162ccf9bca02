// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/signals.hpp"

#include <fcntl.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "rt/descriptor.hpp"

namespace fmrx::rt {

namespace {

/// The only thing a handler may reach.
std::atomic<int> handler_pipe{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void handle(int signal) {
  const int saved_errno = errno;
  const auto byte = static_cast<unsigned char>(signal);
  // A full pipe drops the signal: some hundred thousand are waiting already.
  [[maybe_unused]] const auto written = ::write(handler_pipe.load(), &byte, 1);
  errno = saved_errno;
}

void set_flags(int fd) {
  if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || ::fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
    throw std::system_error(errno, std::generic_category(), "fcntl");
}

}  // namespace

struct Signals::Former {
  int signal;
  struct sigaction action;
};

Signals::Signals(std::initializer_list<int> signals) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  read_end_.reset(ends[0]);
  write_end_.reset(ends[1]);
  set_flags(ends[0]);
  set_flags(ends[1]);
  handler_pipe.store(write_end_.get());
  for (const int signal : signals) {
    struct sigaction action {};
    action.sa_handler = &handle;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    Former former{signal, {}};
    ::sigaction(signal, &action, &former.action);
    former_.push_back(former);
  }
}

Signals::~Signals() {
  for (const Former& former : former_) ::sigaction(former.signal, &former.action, nullptr);
  handler_pipe.store(-1);
}

Task<int> Signals::next() {
  for (;;) {
    unsigned char byte = 0;
    const auto got = ::read(read_end_.get(), &byte, 1);
    if (got == 1) co_return byte;
    co_await readable(read_end_.get());
  }
}

}  // namespace fmrx::rt
