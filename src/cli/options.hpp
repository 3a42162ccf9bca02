// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/file_format.hpp"
#include "base/iq.hpp"
#include "base/sample_format.hpp"
#include "base/units.hpp"
#include "cli/configuration.hpp"
#include "rds/programme_type.hpp"
#include "recording/keep.hpp"
#include "recording/split.hpp"
#include "report/format.hpp"
#include "schedule/moment.hpp"

namespace fmrx::cli {

enum class SourceKind { rtlsdr, file, standard_input, sim };

/// Which dongle: by its serial number if one was given, else by its index.
struct Device {
  unsigned index = 0;
  std::string serial;
};

enum class OutputKind { play, standard_output, file, folder, none };

struct Output {
  OutputKind kind = OutputKind::play;
  std::string path;                     ///< of the file or folder; else empty
  FileFormat format = FileFormat::raw;  ///< of all but play and none

  friend bool operator==(const Output&, const Output&) = default;
};

/// Where the station's groups go, and how they are written.
struct RdsOutput {
  report::Format format = report::Format::json;
  std::string target = "-";  ///< a path, "-" for standard output, or "fd:N"

  friend bool operator==(const RdsOutput&, const RdsOutput&) = default;
};

enum class StereoMode { automatic, mono, stereo };

enum class Verbosity { quiet, normal, verbose };

/// What is to be done instead of receiving.
enum class Action { receive, list_gains, list_devices, list_audio };

/// `fmrx [options]`: every option with its meaning settled. What can only be
/// seen in the file or the dongle (does it exist, does the band hold the
/// station) is not checked yet.
struct Options {
  Action action = Action::receive;

  SourceKind source = SourceKind::rtlsdr;
  std::string path;                   ///< of SourceKind::file, not empty there
  std::optional<Hertz> freq;          ///< always there for a dongle and the simulator
  std::optional<SampleRate> rate;     ///< only if it was given
  std::optional<IqFormat> iq_format;  ///< only if it was given
  std::optional<Hertz> centre;        ///< files, standard input; needs freq, excludes offset
  std::optional<Hertz> offset;        ///< station minus centre; files, standard input
  bool realtime = false;              ///< a file or the simulator at its own pace
  std::chrono::nanoseconds start{0};  ///< how far into the file to begin
  std::uint64_t seed = 0;             ///< of the simulator; 0 is what it plays without one

  Device device;
  std::optional<Decibels> gain;  ///< nothing: automatic
  double ppm = 0;                ///< how far the dongle's crystal is off
  bool bias_tee = false;
  /// How long to wait for a dongle that was lost; nothing: for as long as it takes.
  std::optional<std::chrono::nanoseconds> lost_patience;

  std::optional<std::chrono::nanoseconds> duration;  ///< longer than nothing
  std::vector<Output> outputs{Output{}};             ///< at least one, all different
  SampleFormat sample_format = SampleFormat::s16;

  std::string mpx;  ///< where the multiplex goes: a path, "-", or empty
  SampleRate mpx_rate{192'000};

  std::string audio_device;               ///< index, name or part of it; empty: the default one
  std::chrono::milliseconds latency{70};  ///< from the antenna to the loudspeaker

  bool overwrite = false;               ///< replace files that exist
  recording::Split split{};             ///< of recordings into several files
  std::string name_pattern;             ///< of files in a folder; empty: the default
  std::optional<recording::Keep> keep;  ///< what is deleted from a folder
  bool align = false;                   ///< recordings follow the wall clock
  bool index = false;                   ///< also beside a single file

  std::optional<schedule::Moment> at;
  std::optional<schedule::Moment> until;                   ///< excludes duration
  std::optional<std::chrono::nanoseconds> require_signal;  ///< how long there may be none
  bool exit_on_signal_lost = false;
  std::string iq_path;   ///< of a SigMF pair to be recorded; may be empty
  std::string on_file;   ///< a command; may be empty
  std::string on_event;  ///< likewise

  std::vector<RdsOutput> rds_outputs;  ///< all different
  rds::SystemChoice rds_system = rds::SystemChoice::automatic;

  StereoMode stereo = StereoMode::automatic;
  unsigned deemphasis_us = 50;  ///< 50, 75, or 0 for none
  Decibels volume{0};
  std::optional<Hertz> bandwidth;  ///< of the channel filter; nothing: as the neighbours allow

  bool strict = false;
  Verbosity verbosity = Verbosity::normal;
};

/// `fmrx sim`: writes what the simulator plays.
struct SimOptions {
  bool list = false;  ///< say what is on which frequency; nothing else counts then

  Hertz freq{92.7e6};
  std::chrono::nanoseconds duration{0};  ///< longer than nothing
  std::uint64_t seed = 0;
  std::string programme_path;  ///< float WAV of what the station plays; may be empty

  std::string iq_path;  ///< may be empty, but not both
  IqFormat iq_format = IqFormat::cu8;
  SampleRate rate{2'400'000};
  Hertz centre{92.7e6};

  Verbosity verbosity = Verbosity::normal;
};

/// `fmrx rds`: what a log of groups, a file of the multiplex or RDS bits tell.
struct RdsOptions {
  std::string path;                ///< "-": standard input
  std::optional<SampleRate> rate;  ///< of a raw multiplex
  std::vector<RdsOutput> outputs{RdsOutput{}};
  rds::SystemChoice system = rds::SystemChoice::automatic;
  Verbosity verbosity = Verbosity::normal;
};

/// `fmrx doctor`: what is wrong with dongle and sound card.
struct DoctorOptions {
  Device device;
  Verbosity verbosity = Verbosity::normal;
};

/// `fmrx batch`: jobs at their times, or IQ files in parallel.
struct BatchOptions {
  std::string program;                ///< by which fmrx was called
  std::vector<std::string> operands;  ///< one file of jobs (.toml), or IQ files
  bool has_jobs = false;              ///< which of the two
  bool dry_run = false;               ///< print the plan of the jobs
  std::string folder = "./";          ///< for the recordings of IQ files; ends with a slash
  FileFormat format = FileFormat::flac;
  std::optional<unsigned> jobs;     ///< how many files at once; else one for each core
  std::vector<std::string> passed;  ///< options of receiving, for each file
  Verbosity verbosity = Verbosity::normal;
};

/// `--help` and `--version`: print it on standard output and leave with 0.
struct Text {
  std::string text;  ///< ends with a newline
};

using Command = std::variant<Options, SimOptions, DoctorOptions, BatchOptions, RdsOptions, Text>;

/// Reads the command line behind argv[0], and for receiving the configuration file by
/// `read_file`, if there is one. Touches nothing else outside: no file, no environment, no
/// terminal. Throws fmrx::Error with ExitStatus::usage and exactly one line for all that is
/// wrong with it.
[[nodiscard]] Command parse(int argc, const char* const* argv, const ReadConfiguration& read_file = {});

}  // namespace fmrx::cli
