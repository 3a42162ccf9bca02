// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/sound_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <new>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "rt/descriptor.hpp"

extern "C" char** environ;

namespace fmrx::sink {

namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    read_end.reset(ends[0]);
    write_end.reset(ends[1]);
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  }
  UniqueFd read_end;
  UniqueFd write_end;
};

/// Processes that have been let go of and may not have ended yet. The system keeps a little of
/// each until somebody asks for its end.
class Leavers {
 public:
  void add(pid_t pid) {
    pids_.push_back(pid);
    look();
  }
  void look() {
    std::erase_if(pids_, [](pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; });
  }

 private:
  std::vector<pid_t> pids_;
};

Leavers& leavers() {
  static Leavers all;
  return all;
}

class SpawnSettings {
 public:
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
    // Ctrl-C goes to all processes of the terminal; this one ends when its input does.
    sigset_t all;  // macOS has macros for these calls: no "::"
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }

  void connect(const UniqueFd& ours, int theirs) {
    ::posix_spawn_file_actions_adddup2(&files, ours.get(), theirs);
  }

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
};

}  // namespace

SoundProcess::SoundProcess(const std::string& program, const std::vector<std::string>& arguments) try
    : memory_(sizeof(Playback)), playback_(new (memory_.data()) Playback) {
  leavers().look();
  start(program, arguments);
} catch (const std::system_error& error) {
  throw Error(ExitStatus::output, std::string("cannot start the process that plays (") + error.what() + ")");
}

void SoundProcess::start(const std::string& program, const std::vector<std::string>& arguments) {
  Pipe input;
  Pipe output;
  // Copies above what the child's descriptors will be, or one would overwrite the other.
  const UniqueFd memory(::fcntl(memory_.descriptor(), F_DUPFD_CLOEXEC, 10));
  const UniqueFd child_input(::fcntl(input.read_end.get(), F_DUPFD_CLOEXEC, 10));
  const UniqueFd child_output(::fcntl(output.write_end.get(), F_DUPFD_CLOEXEC, 10));
  SpawnSettings settings;
  settings.connect(child_input, STDIN_FILENO);
  settings.connect(child_output, STDOUT_FILENO);
  settings.connect(memory, kPlaybackDescriptor);
  ::posix_spawn_file_actions_addopen(&settings.files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

  std::vector<std::string> words{"fmrx", kSoundProcessWord};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const int error =
      ::posix_spawn(&pid_, program.c_str(), &settings.files, &settings.attributes, pointers.data(), environ);
  if (error != 0) throw std::system_error(error, std::generic_category(), program);
  input_ = std::move(input.write_end);
  output_ = std::move(output.read_end);
  // This end is ours alone.
  ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);
}

SoundProcess::~SoundProcess() {
  finish();
  if (pid_ > 0) leavers().add(pid_);
}

void SoundProcess::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

rt::Task<std::optional<std::vector<std::string>>> SoundProcess::next_line() {
  for (;;) {
    if (const std::size_t end = unread_.find('\n'); end != std::string::npos) {
      std::istringstream line(unread_.substr(0, end));
      unread_.erase(0, end + 1);
      std::vector<std::string> words;
      for (std::string word; std::getline(line, word, '\t');) words.push_back(word);
      co_return words;
    }
    char buffer[1024];
    const ssize_t got = ::read(output_.get(), buffer, sizeof buffer);
    if (got > 0) {
      unread_.append(buffer, static_cast<std::size_t>(got));
    } else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
      co_await rt::readable(output_.get());
    } else {
      co_return std::nullopt;
    }
  }
}

}  // namespace fmrx::sink
