// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/session.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/final_report.hpp"
#include "app/hook_runner.hpp"
#include "app/instruction_set.hpp"
#include "app/iq_service.hpp"
#include "app/open_sinks.hpp"
#include "app/open_source.hpp"
#include "app/rds_service.hpp"
#include "app/receiver_setup.hpp"
#include "app/station_watch.hpp"
#include "app/terminal_line.hpp"
#include "app/wall_clock.hpp"
#include "base/local_time.hpp"
#include "base/log.hpp"
#include "base/units.hpp"
#include "base/urgency.hpp"
#include "cli/duration.hpp"
#include "cli/frequency.hpp"
#include "cli/hook_command.hpp"
#include "dsp/fm_receiver.hpp"
#include "dsp/multiplex_output.hpp"
#include "radio/pipeline.hpp"
#include "rds/programme_type.hpp"
#include "report/utf8.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "rt/workers.hpp"
#include "schedule/moment.hpp"

namespace fmrx::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kStatusInterval = 200ms;
/// What `systemctl status` shows of a service fits into a line.
constexpr std::size_t kManagerColumns = 100;
/// A channel filter as wide as this lets all of a station through.
constexpr Hertz kOpenBandwidth{300e3};
constexpr Decibels kNoCarrier{-150};  // far below what a converter of 16 bits can tell
/// How long a source may take to close, before it is left behind.
constexpr auto kClosePatience = 250ms;
/// A dongle is opened so long before a recording begins; what comes too early is left out.
constexpr auto kOpeningTime = 3s;
/// From the aerial to a recording, with some reserve.
constexpr auto kDelayOfReception = 500ms;
/// Signals that come so soon after the first are the same request: timeout(1) sends one to fmrx and one to
/// its process group. Leaving takes no longer than this, unless something hangs.
constexpr auto kOneRequest = 500ms;

std::chrono::nanoseconds duration_of(double count, SampleRate rate) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(count / rate.hz()));
}

/// For people.
Status::Rds rds_status(const rds::StationFacts& facts) {
  Status::Rds status;
  if (facts.ps) status.ps = report::trimmed_utf8_of(*facts.ps);
  if (facts.radiotext) status.radiotext = report::trimmed_utf8_of(*facts.radiotext);
  if (facts.pty) status.type = rds::programme_type_name(*facts.pty, facts.system);
  status.traffic_programme = facts.traffic_programme.value_or(false);
  status.traffic_announcement = status.traffic_programme && facts.traffic_announcement.value_or(false);
  return status;
}

class Session {
 public:
  Session(const cli::Options& options, const Supervisor& supervisor)
      : options_(options), supervisor_(supervisor) {}

  rt::Task<SessionEnd> run();

 private:
  rt::Task<void> open();
  rt::Task<void> watch_signals();
  rt::Task<int> signal_to_leave();
  rt::Task<void> tell_manager();
  rt::Task<void> show_status();
  rt::Task<void> close_source();
  rt::Task<void> stop_at_end();

  void settle_times();
  void prepare_hook();
  void leave();
  void begin_new_files();
  [[nodiscard]] std::optional<std::uint64_t> frame_limit() const;
  [[nodiscard]] bool is_recording() const;
  [[nodiscard]] bool must_keep_pace() const;
  [[nodiscard]] bool wants_rds() const;
  [[nodiscard]] bool shows_status() const;
  [[nodiscard]] bool has_nothing_left() const;
  void watch_station(const std::string& station);
  void tell(const report::Event& event);
  [[nodiscard]] RunFacts run_facts(const std::string& station);
  [[nodiscard]] Status status() const;
  [[nodiscard]] std::optional<std::chrono::nanoseconds> expected_length() const;
  void announce() const;
  [[nodiscard]] ExitStatus outcome() const;

  const cli::Options& options_;
  const Supervisor& supervisor_;
  rt::Workers workers_;
  TerminalLine line_;
  rt::TimePoint begun_ = rt::EventLoop::current().now();

  rt::Scope opening_;
  std::unique_ptr<source::Source> source_;
  std::optional<dsp::FmReceiver> receiver_;
  /// Shared with the sinks' threads, which may outlive the session.
  std::shared_ptr<HookRunner> hooks_ = std::make_shared<HookRunner>();
  /// --on-event, told an event and a text; may be empty.
  std::function<void(std::string_view, const std::string&)> hook_;
  std::vector<std::shared_ptr<sink::StationNotes>> notes_;
  std::optional<StationWatch> watch_;
  std::optional<IqService> iq_;  ///< if it is recorded
  std::vector<std::unique_ptr<sink::Sink>> sinks_;
  std::optional<RdsService> rds_;  ///< if anybody wants to know
  std::unique_ptr<sink::Sink> multiplex_sink_;
  std::optional<radio::Pipeline> pipeline_;
  rt::Channel<rds::Group>* groups_ = nullptr;  ///< the pipeline's
  std::optional<UtcTime> begin_;               ///< what --at and --until mean
  std::optional<UtcTime> end_;
  bool waiting_ = false;  ///< for begin_
  bool leaving_ = false;
  bool signal_missed_ = false;  ///< for too long
};

rt::Task<SessionEnd> Session::run() {
  rt::Scope beside;
  beside.spawn(watch_signals());
  if (supervisor_.manager.listens()) beside.spawn(tell_manager());
  opening_.spawn(open());
  co_await opening_.join();
  SessionEnd end;
  end.left = !pipeline_;  // asked to leave while it was opening, or waiting
  if (end.left) co_return end;

  announce();
  supervisor_.manager.ready(station_name(options_, source_->info()));
  if (shows_status()) beside.spawn(show_status());
  if (end_ && source_->info().live) beside.spawn(stop_at_end());
  rt::Scope reading_rds;
  if (rds_) reading_rds.spawn(rds_->run(*groups_, source_->info().live));
  co_await pipeline_->run();
  co_await close_source();
  co_await reading_rds.join();
  if (iq_) co_await iq_->finish();
  const auto finish_commands = [hooks = hooks_] { hooks->finish(); };
  if (!options_.on_file.empty() || !options_.on_event.empty()) co_await workers_.call(finish_commands);
  line_.remove();
  end.left = leaving_;
  end.status = outcome();
  co_return end;
}

rt::Task<void> Session::open() {
  settle_times();
  prepare_hook();
  if (begin_) {
    const std::string until = "waiting until " + format_local_iso(*begin_);
    log::info(until);
    supervisor_.manager.ready(until);
    const bool early = options_.source == cli::SourceKind::rtlsdr && is_recording();
    const UtcTime open_at = early ? *begin_ - kOpeningTime : *begin_;
    waiting_ = true;
    co_await until_utc(open_at);
    waiting_ = false;
  }
  if (must_keep_pace()) hurry_this_thread();
  source_ = co_await open_source(options_, workers_);
  receiver_.emplace(receiver_config(options_, source_->info()));
  const std::string station = station_name(options_, source_->info());
  std::optional<dsp::MultiplexOutput> multiplex;
  if (!options_.mpx.empty()) multiplex.emplace(source_->info().rate, options_.mpx_rate);
  Sinks sinks = make_sinks(options_, run_facts(station));
  sinks_ = std::move(sinks.all);
  multiplex_sink_ = std::move(sinks.multiplex);
  for (const auto& sink : sinks_) co_await sink->open();
  if (multiplex_sink_) co_await multiplex_sink_->open();
  pipeline_.emplace(*source_, *receiver_, sinks_, frame_limit());
  notes_ = std::move(sinks.notes);
  if (wants_rds()) {
    rds_.emplace(options_, [this](const report::Event& event) { tell(event); });
    co_await rds_->open();
    groups_ = &pipeline_->decode_rds();
  }
  if (!options_.iq_path.empty()) {
    iq_.emplace(options_, *source_);
    co_await iq_->open();
    pipeline_->before_block([this](const source::IqBlock& block) { return iq_->write(block); });
  }
  if (multiplex) pipeline_->send_multiplex(*multiplex_sink_, std::move(*multiplex));
  watch_station(station);
  if (!options_.gain && source_->tuner_gain() != nullptr) pipeline_->control_gain();
}

/// What --at and --until mean now.
void Session::settle_times() {
  const UtcTime now = utc_now();
  if (options_.at) begin_ = schedule::resolve(*options_.at, now);
  if (!options_.until) return;
  end_ = schedule::resolve(*options_.until, begin_.value_or(now));
  if (*end_ > begin_.value_or(now)) return;
  throw Error(ExitStatus::usage, "--until " + format_local_iso(*end_) + " is past, or before --at");
}

void Session::prepare_hook() {
  if (options_.on_event.empty()) return;
  hook_ = [hooks = hooks_, command = cli::HookCommand(options_.on_event, cli::kEventFields)](
              std::string_view event, const std::string& text) {
    hooks->run(command.words({{"event", std::string(event)}, {"text", text}, {"time", format_utc(utc_now())}},
                             "event"));
  };
}

/// A live source is stopped by the wall clock, and recordings end there to the frame.
rt::Task<void> Session::stop_at_end() {
  co_await until_utc(*end_ + kDelayOfReception);
  pipeline_->stop();
}

std::optional<std::uint64_t> Session::frame_limit() const {
  if (options_.duration && begin_ && source_->info().live) {
    // What came before the time is left out by the recordings.
    const auto early = std::max(*begin_ - utc_now(), std::chrono::nanoseconds(0));
    return cli::samples_in(*options_.duration + early, kAudioRate);
  }
  if (options_.duration) return cli::samples_in(*options_.duration, kAudioRate);
  if (!end_ || source_->info().live) return std::nullopt;
  return cli::samples_in(std::max(*end_ - begin_.value_or(utc_now()), std::chrono::nanoseconds(0)),
                         kAudioRate);
}

bool Session::is_recording() const {
  return std::any_of(options_.outputs.begin(), options_.outputs.end(), [](const cli::Output& output) {
    return output.kind == cli::OutputKind::file || output.kind == cli::OutputKind::folder;
  });
}

/// What comes late is lost, or a gap in the sound.
bool Session::must_keep_pace() const {
  return options_.source == cli::SourceKind::rtlsdr ||
         std::any_of(options_.outputs.begin(), options_.outputs.end(),
                     [](const cli::Output& output) { return output.kind == cli::OutputKind::play; });
}

bool Session::wants_rds() const {
  return !options_.rds_outputs.empty() || shows_status() || is_recording() || hook_;
}

/// What RDS says goes to recordings and --on-event.
void Session::tell(const report::Event& event) {
  sink::StationNotes::Note note;
  if (event.name == "station") note.pi = event.text;
  if (event.name == "name") note.ps = event.text;
  if (event.name == "title") note.title = event.text;
  if (note.pi || note.ps || note.title) {
    for (const auto& notes : notes_) notes->post(note);
  }
  if (hook_) hook_(event.name, event.text);
}

/// Not where lines are written to the same terminal.
bool Session::shows_status() const {
  return line_.usable() && options_.verbosity != cli::Verbosity::quiet &&
         !(rds_ && rds_->writes_to_terminal());
}

/// Nobody listens, and what else was wanted has ended.
bool Session::has_nothing_left() const {
  const bool plays_nothing = options_.mpx.empty() && options_.outputs.size() == 1 &&
                             options_.outputs.front().kind == cli::OutputKind::none;
  const bool wants_lines = !options_.rds_outputs.empty();
  if (!plays_nothing || (!wants_lines && !iq_)) return false;
  return (!wants_lines || rds_->nobody_reads()) && (!iq_ || iq_->failure());
}

RunFacts Session::run_facts(const std::string& station) {
  RunFacts facts;
  facts.live = source_->info().live;
  facts.receiver_delay = std::chrono::duration_cast<std::chrono::nanoseconds>(receiver_->delay());
  facts.station = station;
  facts.begin = begin_;
  facts.end = end_;
  if (begin_ && options_.duration) facts.end = *begin_ + *options_.duration;
  if (!options_.on_file.empty()) {
    facts.file_finished = [hooks = hooks_, command = cli::HookCommand(options_.on_file, cli::kFileFields)](
                              const std::string& path, const recording::FileRecord& file) {
      hooks->run(command.words({{"path", path},
                                {"start", format_utc(file.start)},
                                {"end", format_utc(file.end)},
                                {"frames", std::to_string(file.frames)},
                                {"status", file.problem.empty() ? "complete" : file.problem}},
                               "path"));
    };
  }
  return facts;
}

void Session::watch_station(const std::string& station) {
  StationWatch::Config config{station, notes_, options_.require_signal, options_.exit_on_signal_lost, {}};
  config.on_event = hook_;
  watch_.emplace(std::move(config));
  pipeline_->after_block([this](std::uint64_t frame) {
    if (has_nothing_left()) pipeline_->stop();
    if (signal_missed_ || watch_->block(frame, receiver_->reception().cn)) return;
    signal_missed_ = true;
    pipeline_->stop();
  });
}

rt::Task<void> Session::watch_signals() {
  co_await signal_to_leave();
  const rt::TimePoint asked = rt::EventLoop::current().now();
  leave();
  int again = co_await signal_to_leave();
  while (rt::EventLoop::current().now() - asked < kOneRequest) again = co_await signal_to_leave();
  line_.remove();
  log::error("aborted: files may be incomplete");
  ::_exit(128 + again);
}

rt::Task<int> Session::signal_to_leave() {
  for (;;) {
    const int signal = co_await supervisor_.signals.next();
    if (!supervisor_.asks_for_new_files(signal)) co_return signal;
    begin_new_files();
  }
}

/// A service that records begins new files, and loses nothing between them.
void Session::begin_new_files() {
  if (leaving_) return;
  supervisor_.manager.reloading();
  if (rds_) rds_->begin_new_files();
  if (pipeline_) pipeline_->begin_new_files();
  supervisor_.manager.ready("new files begin");
}

/// The watchdog is kept quiet by audio that flows (silence for a lost dongle included), not by the loop
/// alone.
rt::Task<void> Session::tell_manager() {
  std::uint64_t told = 0;
  for (;;) {
    co_await rt::sleep_for(supervisor_.manager.interval());
    if (waiting_) {
      supervisor_.manager.alive("waiting until " + format_local_iso(*begin_));
    } else if (pipeline_) {
      const std::uint64_t frames = pipeline_->frames_played();
      const bool flows = frames > std::exchange(told, frames);
      flows ? supervisor_.manager.alive(format_status(status(), kManagerColumns))
            : supervisor_.manager.silent("no samples come");
    }
  }
}

void Session::leave() {
  leaving_ = true;
  supervisor_.manager.stopping();
  if (pipeline_) {
    if (rds_) rds_->hurry();
    pipeline_->hurry();
  } else {
    opening_.stop();
  }
}

rt::Task<void> Session::show_status() {
  for (;;) {
    line_.show(status());
    co_await rt::sleep_for(kStatusInterval);
  }
}

rt::Task<void> Session::close_source() {
  const bool closed = co_await rt::with_timeout(kClosePatience, source_->close());
  if (!closed) log::debug(source_->info().name + " does not answer; left behind");
}

void Session::announce() const {
  const source::SourceInfo& source = source_->info();
  std::string text = source.name + ", " + cli::format_rate(source.rate);
  if (source.centre) text += ", centre " + cli::format_frequency(*source.centre);
  log::debug(text);
  log::debug(std::string("instruction set ") + chosen_kernels().name);
  text = station_name(options_, source);
  if (options_.deemphasis_us == 0) {
    text += ", no de-emphasis";
  } else {
    text += ", de-emphasis " + std::to_string(options_.deemphasis_us) + " us";
  }
  log::info(text);
}

std::optional<std::chrono::nanoseconds> Session::expected_length() const {
  std::optional<std::chrono::nanoseconds> length = options_.duration;
  const source::SourceInfo& source = source_->info();
  if (source.samples) {
    const auto of_file = duration_of(static_cast<double>(*source.samples), source.rate);
    length = length ? std::min(*length, of_file) : of_file;
  }
  return length;
}

Status Session::status() const {
  const dsp::Reception reception = receiver_->reception();
  Status status;
  status.station = options_.freq;
  // Before the first block, and while a lost dongle is waited for, nothing is measured.
  const bool has_carrier = reception.carrier_dbfs > kNoCarrier;
  if (has_carrier) {
    status.carrier_dbfs = reception.carrier_dbfs;
    status.carrier_to_noise = reception.cn;
    status.deviation = reception.multiplex_deviation_peak;
  }
  status.stereo = reception.stereo;
  if (reception.bandwidth < kOpenBandwidth) status.bandwidth = reception.bandwidth;
  status.multipath = reception.multipath;
  for (const auto& sink : pipeline_->sinks()) {
    const bool is_shown = !sink.ended && sink.sink->name() != "none";
    if (is_shown) status.sinks.push_back({sink.sink->name(), sink.sink->buffered(), sink.sink->sound()});
    status.drops += sink.drops;
  }
  if (source_->samples_lost() > 0) ++status.drops;
  if (rds_) status.drops += rds_->losses().size();
  if (rds_) status.rds = rds_status(rds_->facts());
  status.elapsed = duration_of(static_cast<double>(pipeline_->frames_played()), kAudioRate);
  status.length = expected_length();
  status.running = rt::EventLoop::current().now() - begun_;
  return status;
}

ExitStatus Session::outcome() const {
  report_reception(receiver_->reception());
  const bool lost = report_losses(*source_, *pipeline_, iq_ ? &*iq_ : nullptr, rds_ ? &*rds_ : nullptr);
  const std::vector<Error>& failures = pipeline_->failures();
  if (!failures.empty()) return failures.front().status();
  if (rds_ && !rds_->failures().empty()) return rds_->failures().front().status();
  if (iq_ && iq_->failure()) return iq_->failure()->status();
  if (signal_missed_) return ExitStatus::no_signal;
  return lost && options_.strict ? ExitStatus::samples_lost : ExitStatus::done;
}

}  // namespace

rt::Task<SessionEnd> receive(const cli::Options& options, const Supervisor& supervisor) {
  Session session(options, supervisor);
  const SessionEnd end = co_await session.run();
  co_return end;
}

}  // namespace fmrx::app
