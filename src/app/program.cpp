// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/program.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <variant>
#include <vector>

#include "app/batch.hpp"
#include "app/decode_rds.hpp"
#include "app/doctor.hpp"
#include "app/line_file.hpp"
#include "app/listings.hpp"
#include "app/session.hpp"
#include "app/simulate.hpp"
#include "app/supervisor.hpp"
#include "base/error.hpp"
#include "base/library_messages.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "cli/options.hpp"
#include "rt/event_loop.hpp"
#include "rt/foreign_thread.hpp"
#include "rt/run.hpp"
#include "rt/signals.hpp"
#include "sink/sound_player.hpp"
#include "sink/sound_process.hpp"

namespace fmrx::app {

namespace {

constexpr std::initializer_list<int> kLeaveSignals{SIGINT, SIGTERM, SIGHUP};

/// A standard descriptor that was closed at the start (`>&-`) would be given to whatever is
/// opened first. Read-only, so that writing to it still fails.
void occupy_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) != -1) continue;
    [[maybe_unused]] const int lowest_free = ::open("/dev/null", O_RDONLY);
  }
}

/// No memory where nothing may be thrown, as in a destructor: said in words, and files are as after
/// a kill. Anything else is an error in this program, and deserves a core dump.
[[noreturn]] void end_without_memory() {
  try {
    if (const std::exception_ptr error = std::current_exception()) std::rethrow_exception(error);
  } catch (const std::bad_alloc&) {
    log::error("out of memory; what was recorded up to a second ago can be played");
    ::_exit(static_cast<int>(ExitStatus::internal));
  } catch (...) {
  }
  std::abort();
}

void prepare_process() {
  std::set_terminate(&end_without_memory);
  occupy_standard_descriptors();
  // A reader that closes its pipe and a file at its size limit are told by write()'s errno.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // Before any thread is started: PortAudio shall not start a JACK server that nobody asked for.
  ::setenv("JACK_NO_START_SERVER", "1", 0);
  take_over_library_messages();
}

void set_verbosity(cli::Verbosity verbosity) {
  switch (verbosity) {
    case cli::Verbosity::quiet:
      log::set_level(log::Level::error);
      return;
    case cli::Verbosity::normal:
      log::set_level(log::Level::info);
      return;
    case cli::Verbosity::verbose:
      log::set_level(log::Level::debug);
      return;
  }
}

ExitStatus execute(const cli::Text& text) {
  const bool written = std::fputs(text.text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  return written ? ExitStatus::done : ExitStatus::output;
}

ExitStatus execute(const cli::SimOptions& options) {
  set_verbosity(options.verbosity);
  return simulate(options);
}

ExitStatus execute(const cli::RdsOptions& options) {
  set_verbosity(options.verbosity);
  for (const cli::RdsOutput& output : options.outputs) require_open(output.target);
  return decode_rds(options);
}

ExitStatus execute(const cli::DoctorOptions& options) {
  set_verbosity(options.verbosity);
  rt::EventLoop loop;
  return rt::run(loop, diagnose(options));
}

bool has_terminal() {
  return static_cast<bool>(UniqueFd(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)));
}

/// nohup(1) asks for this.
bool hangup_is_ignored() {
  struct sigaction present {};
  return ::sigaction(SIGHUP, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

/// Kept for good: once a run has ended, no signal may change its exit status.
rt::Signals& caught_signals() {
  static auto& signals =
      hangup_is_ignored() ? *new rt::Signals({SIGINT, SIGTERM}) : *new rt::Signals(kLeaveSignals);
  return signals;
}

const Supervisor& supervisor() {
  static const ServiceManager manager;
  static const Supervisor one{caught_signals(), manager, has_terminal()};
  return one;
}

ExitStatus execute(const cli::BatchOptions& options) {
  set_verbosity(options.verbosity);
  if (!options.has_jobs) return run_iq_files(options);
  const Supervisor& by = supervisor();
  rt::EventLoop loop;
  return rt::run(loop, run_job_file(options, by));
}

ExitStatus execute(const cli::Options& options) {
  set_verbosity(options.verbosity);
  for (const cli::RdsOutput& output : options.rds_outputs) require_open(output.target);
  const Supervisor& by = supervisor();
  rt::EventLoop loop;
  switch (options.action) {
    case cli::Action::list_devices:
      return rt::run(loop, list_devices());
    case cli::Action::list_audio:
      return rt::run(loop, list_audio());
    case cli::Action::list_gains:
      return rt::run(loop, list_gains(options));
    case cli::Action::receive:
      break;
  }
  const SessionEnd end = rt::run(loop, receive(options, by));
  by.manager.stopping();
  return end.status;
}

/// Files whose sink was cancelled are closed by their own threads.
void wait_for_unfinished_files() {
  constexpr auto kPause = std::chrono::milliseconds(5);
  constexpr int kPausesUnsaid = 100;
  for (int pauses = 0; rt::ForeignThread::unfinished() > 0; ++pauses) {
    if (pauses == kPausesUnsaid) {
      log::info("waiting for the storage to take the rest of a file; Ctrl-C gives it up");
      for (const int signal : kLeaveSignals) std::signal(signal, SIG_DFL);
    }
    std::this_thread::sleep_for(kPause);
  }
}

ExitStatus run_command(int argc, const char* const* argv) {
  try {
    const cli::Command command = cli::parse(argc, argv, cli::read_configuration);
    return std::visit([](const auto& what) { return execute(what); }, command);
  } catch (const Error& error) {
    log::error(error.what());
    return error.status();
  } catch (const std::bad_alloc&) {
    log::error("out of memory");
    return ExitStatus::internal;
  } catch (const std::system_error& refused) {
    log::error(std::string("the system refuses: ") + refused.what());
    return ExitStatus::internal;
  } catch (const std::exception& unexpected) {
    log::error(std::string("internal error: ") + unexpected.what());
    return ExitStatus::internal;
  }
}

}  // namespace

int run(int argc, const char* const* argv) {
  prepare_process();
  if (argc > 1 && std::string_view(argv[1]) == sink::kSoundProcessWord) {
    const std::vector<std::string> words(argv + 2, argv + argc);
    return sink::sound_process_main(words);
  }
  const int status = static_cast<int>(run_command(argc, argv));
  wait_for_unfinished_files();
  // A thread that hangs in a library would crash in, or hold up, an ordinary exit.
  if (rt::ForeignThread::left_behind() > 0) ::_exit(status);
  return status;
}

}  // namespace fmrx::app
