// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/batch.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "app/job_runner.hpp"
#include "app/session.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "cli/job_file.hpp"
#include "cli/recording_words.hpp"
#include "rt/sleep.hpp"

extern char** environ;

namespace fmrx::app {

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ExitStatus::usage, "cannot read " + printable(path));
  return {std::istreambuf_iterator<char>(file), {}};
}

// --- jobs -------------------------------------------------------------------

/// The jobs of a file, on the one receiver that there is.
class JobSession {
 public:
  JobSession(std::vector<cli::Job> jobs, const Supervisor& supervisor)
      : jobs_(std::move(jobs)), supervisor_(supervisor) {}

  rt::Task<ExitStatus> run() {
    for (const std::string& trouble : describe_plan(times(), names(), utc_now(), false)) log::warn(trouble);
    supervisor_.manager.ready("the plan is read");
    JobWorld world;
    world.wait_until = [this](UtcTime due) { return wait_until(due); };
    world.run = [this](std::size_t job, UtcTime start, UtcTime end) { return record(job, start, end); };
    world.report = [this](const JobReport& report) { add(report); };
    const std::vector<schedule::Timetable> jobs = times();
    co_await run_jobs(jobs, world);
    summarise();
    co_return status_;
  }

  void print_plan() const {
    for (const std::string& line : describe_plan(times(), names(), utc_now(), true))
      std::printf("%s\n", line.c_str());
  }

 private:
  [[nodiscard]] std::vector<schedule::Timetable> times() const {
    std::vector<schedule::Timetable> all;
    for (const cli::Job& job : jobs_) all.push_back(job.times);
    return all;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const cli::Job& job : jobs_) all.push_back(printable(job.name));
    return all;
  }

  rt::Task<bool> wait_until(UtcTime due) {
    for (;;) {
      const std::chrono::nanoseconds left = due - utc_now();
      if (left.count() <= 0) co_return false;
      supervisor_.manager.alive("waiting until " + format_local_iso(due));
      const rt::Duration pause =
          std::min<std::chrono::nanoseconds>({left, kLook, supervisor_.manager.interval()});
      const std::optional<int> signal = co_await rt::with_timeout(pause, supervisor_.signals.next());
      if (signal && !supervisor_.asks_for_new_files(*signal)) co_return true;
    }
  }

  rt::Task<JobWorld::Ended> record(std::size_t number, UtcTime start, UtcTime end) {
    const cli::Job& job = jobs_[number];
    std::vector<std::string> words{"fmrx"};
    words.insert(words.end(), job.arguments.begin(), job.arguments.end());
    if (start > utc_now()) words.insert(words.end(), {"--at", format_utc_second(start)});
    words.insert(words.end(), {"--until", format_utc_second(end)});
    log::info(printable(job.name) + ": begins, until " + format_local_iso(end));
    JobWorld::Ended ended;
    try {
      std::vector<const char*> arguments;
      for (const std::string& word : words) arguments.push_back(word.c_str());
      const cli::Command command = cli::parse(static_cast<int>(arguments.size()), arguments.data());
      const SessionEnd session = co_await receive(std::get<cli::Options>(command), supervisor_);
      ended.status = session.status;
      ended.left = session.left;
    } catch (const Error& error) {
      log::error(printable(job.name) + ": " + error.what());
      ended.status = error.status();
    }
    co_return ended;
  }

  /// Whole seconds: all that jobs are made of.
  static std::string format_utc_second(UtcTime time) {
    const std::string text = format_utc(time);
    return text.substr(0, text.find('.')) + "Z";
  }

  void add(const JobReport& report) {
    const std::string& name = jobs_[report.wanted.job].name;
    std::string line = printable(name) + ": " + format_local_iso(report.start) + " to " +
                       format_local_iso(report.end) + ", status " +
                       std::to_string(static_cast<int>(report.status));
    if (report.missed)
      line = printable(name) + ": missed, it was to run from " + format_local_iso(report.wanted.start);
    const ExitStatus status = report.missed ? ExitStatus::job_missed : report.status;
    status == ExitStatus::done ? log::info(line) : log::warn(line);
    if (status_ == ExitStatus::done) status_ = status;
    ++ended_[status];
  }

  void summarise() const {
    std::string text = "jobs:";
    for (const auto& [status, count] : ended_) {
      text +=
          " " + std::to_string(count) +
          (status == ExitStatus::done         ? " done"
           : status == ExitStatus::job_missed ? " missed"
                                              : " with status " + std::to_string(static_cast<int>(status)));
      text += ",";
    }
    if (ended_.empty()) text += " none,";
    text.pop_back();
    log::info(text);
  }

  std::vector<cli::Job> jobs_;
  const Supervisor& supervisor_;
  ExitStatus status_ = ExitStatus::done;
  std::map<ExitStatus, int> ended_;
};

// --- files ------------------------------------------------------------------

volatile sig_atomic_t asked_to_leave = 0;

/// Output files that two inputs of one name would share get a number.
std::vector<std::string> output_paths(const cli::BatchOptions& options) {
  std::map<std::string, int> uses;
  std::vector<std::string> paths;
  for (const std::string& input : options.operands) {
    const std::string stem = std::filesystem::path(input).stem().string();
    const int use = uses[stem]++;
    paths.push_back(options.folder + stem + (use == 0 ? "" : "-" + std::to_string(use)) +
                    cli::ending_of(options.format));
  }
  return paths;
}

class FileBatch {
 public:
  explicit FileBatch(const cli::BatchOptions& options) : options_(options), outputs_(output_paths(options)) {}

  ExitStatus run() {
    make_folder();
    struct sigaction leave {};
    leave.sa_handler = [](int) { asked_to_leave = 1; };
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &leave, nullptr);
    const unsigned most = options_.jobs.value_or(std::max(1U, std::thread::hardware_concurrency()));
    while (next_ < outputs_.size() || !running_.empty()) {
      while (asked_to_leave == 0 && next_ < outputs_.size() && running_.size() < most) {
        // Where the system has no room for one more process, it may once another has ended.
        const int error = start(next_);
        if (error != 0 && running_.empty())
          throw Error(ExitStatus::internal, "cannot run fmrx: " + std::generic_category().message(error));
        if (error != 0) break;
        ++next_;
      }
      if (asked_to_leave != 0) tell_to_leave();
      if (running_.empty()) break;
      wait_for_one();
    }
    log::info(
        std::to_string(ended_ - failed_) + " of " + std::to_string(outputs_.size()) + " files done" +
        (failed_ > 0 ? ", " + std::to_string(failed_) + " failed" : "") +
        (ended_ < outputs_.size() ? ", " + std::to_string(outputs_.size() - ended_) + " not begun" : ""));
    return status_;
  }

 private:
  void make_folder() const {
    try {
      std::filesystem::create_directories(options_.folder);
    } catch (const std::system_error& error) {
      throw Error(ExitStatus::output,
                  "cannot make the folder " + printable(options_.folder) + ": " + error.code().message());
    }
  }

  /// The system's error, or 0.
  int start(std::size_t number) {
    std::vector<std::string> words{
        options_.program, "--quiet",        "--source", "file:" + options_.operands[number],
        "--output",       outputs_[number], "--format", format_name()};
    words.emplace_back("--no-config");
    words.insert(words.end(), options_.passed.begin(), options_.passed.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    // A group of its own: Ctrl-C is passed on once, not heard twice.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t process = -1;
    const int error = ::posix_spawnp(&process, arguments[0], nullptr, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    if (error == 0) running_[process] = number;
    return error;
  }

  [[nodiscard]] std::string format_name() const { return cli::ending_of(options_.format).substr(1); }

  void tell_to_leave() {
    if (std::exchange(told_to_leave_, true)) return;
    for (const auto& [process, number] : running_) ::kill(process, SIGINT);
  }

  void wait_for_one() {
    int raw = 0;
    const pid_t process = ::waitpid(-1, &raw, 0);
    if (process < 0 && errno == EINTR) return;
    if (process < 0)
      throw Error(ExitStatus::internal, "cannot wait for fmrx: " + std::generic_category().message(errno));
    const auto found = running_.find(process);
    if (found == running_.end()) return;
    const std::size_t number = found->second;
    running_.erase(found);
    ++ended_;
    const int code = WIFEXITED(raw) ? WEXITSTATUS(raw) : static_cast<int>(ExitStatus::internal);
    std::string line = std::to_string(ended_) + "/" + std::to_string(outputs_.size()) + "  " +
                       printable(options_.operands[number]) + " -> " + printable(outputs_[number]);
    if (code != 0) {
      ++failed_;
      if (status_ == ExitStatus::done) status_ = static_cast<ExitStatus>(code);
      log::error(line + ": status " + std::to_string(code));
    } else {
      log::info(line);
    }
  }

  const cli::BatchOptions& options_;
  std::vector<std::string> outputs_;
  std::size_t next_ = 0;
  std::size_t ended_ = 0;
  std::size_t failed_ = 0;
  bool told_to_leave_ = false;
  ExitStatus status_ = ExitStatus::done;
  std::map<pid_t, std::size_t> running_;
};

}  // namespace

rt::Task<ExitStatus> run_job_file(const cli::BatchOptions& options, const Supervisor& supervisor) {
  const std::string& path = options.operands.front();
  JobSession session(cli::parse_jobs(contents(path), path), supervisor);
  if (options.dry_run) {
    session.print_plan();
    co_return ExitStatus::done;
  }
  const ExitStatus status = co_await session.run();
  co_return status;
}

ExitStatus run_iq_files(const cli::BatchOptions& options) {
  return FileBatch(options).run();
}

}  // namespace fmrx::app
