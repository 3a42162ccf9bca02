// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/hook_runner.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "base/printable.hpp"
#include "base/urgency.hpp"

extern char** environ;

namespace fmrx::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatienceAtEnd = 10s;
constexpr std::size_t kMostWaiting = 64;
/// What posix_spawn() does not tell at once, the process tells by this status (POSIX.1), as shells do.
constexpr int kNotStarted = 127;

/// The process, or an error number.
std::pair<pid_t, int> start(const std::vector<std::string>& words) {
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  // Standard output may be the audio.
  ::posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);

  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  sigaddset(&signals, SIGXFSZ);
  ::posix_spawnattr_setsigdefault(&attributes, &signals);
  // Ctrl-C is for fmrx: what a file was recorded for shall be done.
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t process = -1;
  const int error = ::posix_spawnp(&process, arguments[0], &files, &attributes, arguments.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return {process, error};
}

void run_to_its_end(const std::vector<std::string>& words) {
  const std::string name = printable(words.front());
  const auto [process, error] = start(words);
  if (error != 0) {
    log::warn("cannot run " + name + ": " + std::generic_category().message(error));
    return;
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotStarted)
    log::warn("cannot run " + name);
  else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    log::warn(name + " ended with status " + std::to_string(WEXITSTATUS(status)));
  if (WIFSIGNALED(status)) log::warn(name + " was ended by signal " + std::to_string(WTERMSIG(status)));
}

}  // namespace

struct HookRunner::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::vector<std::string>> waiting;
  bool ending = false;
  bool idle = true;
  bool told_of_drops = false;
  std::optional<std::chrono::steady_clock::time_point> deadline;  ///< of finish()

  /// True if all have run.
  bool wait_for_all() {
    std::unique_lock lock(mutex);
    if (!deadline) deadline = std::chrono::steady_clock::now() + kPatienceAtEnd;
    return changed.wait_until(lock, *deadline, [this] { return idle && waiting.empty(); });
  }

  /// The thread's whole life.
  void work() {
    sigset_t all;  // signals are for the loop's thread
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
    hurry_this_thread_no_more();
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return ending || !waiting.empty(); });
      if (waiting.empty()) return;
      const std::vector<std::string> words = std::move(waiting.front());
      waiting.pop_front();
      idle = false;
      lock.unlock();
      run_to_its_end(words);
      lock.lock();
      idle = true;
      changed.notify_all();
    }
  }
};

HookRunner::HookRunner() : state_(std::make_shared<State>()) {}

void HookRunner::run(std::vector<std::string> words) {
  const std::lock_guard lock(state_->mutex);
  if (state_->waiting.size() >= kMostWaiting) {
    if (!state_->told_of_drops)
      log::warn(printable(words.front()) + " is too slow: it is not run for everything");
    state_->told_of_drops = true;
    return;
  }
  state_->waiting.push_back(std::move(words));
  if (!thread_.joinable()) thread_ = std::thread([state = state_] { state->work(); });
  state_->changed.notify_all();
}

void HookRunner::finish() {
  state_->wait_for_all();
}

HookRunner::~HookRunner() {
  if (!thread_.joinable()) return;
  const bool done = state_->wait_for_all();
  {
    const std::lock_guard lock(state_->mutex);
    state_->ending = true;
    if (!done) log::warn("a command of --on-file or --on-event still runs: it is left to itself");
    state_->waiting.clear();
    state_->changed.notify_all();
  }
  if (done) {
    thread_.join();
  } else {
    thread_.detach();
  }
}

}  // namespace fmrx::app
