// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"

namespace fmrx::test {

/// A program under test: started, signalled, waited for. Standard error is collected;
/// standard input and output are what the test says.
class ChildProcess {
 public:
  struct Setup {
    std::vector<std::string> command;
    int input = -1;                                    ///< descriptor for standard input; -1: /dev/null
    int output = -1;                                   ///< for standard output; -1: /dev/null
    std::map<std::string, std::string> environment{};  ///< added to the test's own
  };

  explicit ChildProcess(const Setup& setup) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    errors_ = UniqueFd(ends[0]);
    const UniqueFd errors_in(ends[1]);
    // Until it is another program, the child has this one's signal handlers: Catch2's, which
    // must not run there.
    sigset_t all;
    sigset_t former;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &former);
    pid_ = ::fork();
    if (pid_ != 0) ::pthread_sigmask(SIG_SETMASK, &former, nullptr);
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) become(setup, errors_in.get());
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() {
    if (!status_) {
      ::kill(pid_, SIGKILL);
      ::kill(pid_, SIGCONT);
      ::waitpid(pid_, nullptr, 0);
    }
  }

  [[nodiscard]] pid_t id() const { return pid_; }
  /// Where the system allows it, it and what it starts run before programs that compute.
  void hurry() const {
    sched_param urgent{};
    urgent.sched_priority = 2;
    ::sched_setscheduler(pid_, SCHED_RR, &urgent);
  }
  void signal(int number) const { ::kill(pid_, number); }

  /// The exit status (128 + n after signal n), or nothing if it still runs after `patience`.
  std::optional<int> wait(std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!status_) {
      int raw = 0;
      if (::waitpid(pid_, &raw, WNOHANG) == pid_) {
        status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
        break;
      }
      if (std::chrono::steady_clock::now() >= deadline) return std::nullopt;
      collect_errors(std::chrono::milliseconds(2));
    }
    collect_errors(std::chrono::milliseconds(0));
    return status_;
  }

  /// All that it has written on standard error so far.
  [[nodiscard]] const std::string& errors() const { return text_; }

  /// Waits until standard error holds `text`.
  bool wait_for_message(const std::string& text, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (text_.find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() >= deadline) return false;
      collect_errors(std::chrono::milliseconds(10));
    }
    return true;
  }

 private:
  void collect_errors(std::chrono::milliseconds patience) {
    if (!errors_) {
      ::poll(nullptr, 0, static_cast<int>(patience.count()));
      return;
    }
    pollfd waiting{errors_.get(), POLLIN, 0};
    while (::poll(&waiting, 1, static_cast<int>(patience.count())) > 0) {
      char buffer[4096];
      const auto got = ::read(errors_.get(), buffer, sizeof buffer);
      if (got <= 0) {
        errors_.reset();
        return;
      }
      text_.append(buffer, static_cast<std::size_t>(got));
      patience = std::chrono::milliseconds(0);
    }
  }

  [[noreturn]] static void become(const Setup& setup, int errors) {
    keep_inherited_descriptors_from_program();
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(setup.input >= 0 ? setup.input : null, 0);
    ::dup2(setup.output >= 0 ? setup.output : null, 1);
    ::dup2(errors, 2);
    for (const auto& [name, value] : setup.environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> arguments;
    for (const std::string& word : setup.command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }

  /// Who started the test may have left descriptors open; the program under test has none but the standard
  /// ones.
  static void keep_inherited_descriptors_from_program() {
    constexpr int kMoreThanAnyoneLeavesOpen = 256;
    for (int fd = 3; fd < kMoreThanAnyoneLeavesOpen; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  }

  pid_t pid_ = -1;
  UniqueFd errors_;
  std::string text_;
  std::optional<int> status_;
};

}  // namespace fmrx::test
