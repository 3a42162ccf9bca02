// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/hooks.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "base/urgency.hpp"

extern char** environ;

namespace fmrx::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatienceAtEnd = 10s;
constexpr std::size_t kMostWaiting = 64;

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
      if (!in_word) words.emplace_back();
      in_word = true;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
    } else {
      if (!in_word) words.emplace_back();
      in_word = true;
      words.back() += c;
    }
  }
  if (quote != 0) throw Error(ExitStatus::usage, "a quote has no partner in '" + printable(text) + "'");
  if (words.empty()) throw Error(ExitStatus::usage, "'" + printable(text) + "' is no command");
  return words;
}

/// The name in braces at the beginning of `text`, of lower case letters; else empty.
std::string_view field_at(std::string_view text) {
  if (text.empty() || text[0] != '{') return {};
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", 1);
  return end != std::string_view::npos && text[end] == '}' ? text.substr(1, end - 1) : std::string_view();
}

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
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
    log::warn(name + " ended with status " + std::to_string(WEXITSTATUS(status)));
  if (WIFSIGNALED(status)) log::warn(name + " was ended by signal " + std::to_string(WTERMSIG(status)));
}

}  // namespace

HookCommand::HookCommand(std::string_view text, const std::vector<std::string_view>& fields)
    : words_(split(text)) {
  for (const std::string& word : words_) {
    for (std::size_t at = word.find('{'); at != std::string::npos; at = word.find('{', at + 1)) {
      const std::string_view field = field_at(std::string_view(word).substr(at));
      if (field.empty()) continue;
      if (std::ranges::find(fields, field) == fields.end()) {
        std::string known;
        for (const std::string_view name : fields)
          known += (known.empty() ? "{" : ", {") + std::string(name) + "}";
        throw Error(ExitStatus::usage, "there is no field {" + std::string(field) + "}; write " + known);
      }
      has_fields_ = true;
    }
  }
}

std::vector<std::string> HookCommand::words(const Values& values, std::string_view otherwise) const {
  std::vector<std::string> filled;
  for (const std::string& word : words_) {
    std::string& text = filled.emplace_back();
    for (std::size_t at = 0; at < word.size();) {
      const std::string_view field = field_at(std::string_view(word).substr(at));
      const auto value = field.empty() ? values.end() : values.find(field);
      if (value == values.end()) {
        text += word[at++];
      } else {
        text += value->second;
        at += field.size() + 2;
      }
    }
  }
  const auto value = values.find(otherwise);
  if (!has_fields_ && value != values.end()) filled.push_back(value->second);
  // An argument ends at a zero, whatever follows.
  for (std::string& word : filled) std::erase(word, '\0');
  return filled;
}

struct HookRunner::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::vector<std::string>> waiting;
  bool ending = false;
  bool idle = true;
  bool told_of_drops = false;

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

HookRunner::~HookRunner() {
  if (!thread_.joinable()) return;
  bool done = false;
  {
    std::unique_lock lock(state_->mutex);
    done = state_->changed.wait_for(lock, kPatienceAtEnd,
                                    [&] { return state_->idle && state_->waiting.empty(); });
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

}  // namespace fmrx::cli
