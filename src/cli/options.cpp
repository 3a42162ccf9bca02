// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/configuration.hpp"
#include "cli/frequency.hpp"
#include "cli/help.hpp"
#include "cli/option_checks.hpp"
#include "cli/option_table.hpp"
#include "cli/option_values.hpp"
#include "cli/receive_options.hpp"
#include "cli/recording_words.hpp"
#include "cli/refuse.hpp"
#include "cli/words.hpp"

namespace fmrx::cli {
namespace {

SimOptions sim_options(const Words& words) {
  SimOptions options;
  options.verbosity = read_verbosity(words);
  options.list = words.given("list");
  options.freq = read(words, "freq", parse_frequency).value_or(options.freq);
  options.seed = read(words, "seed", parse_seed).value_or(options.seed);
  options.duration = read(words, "duration", parse_positive_duration).value_or(options.duration);
  options.programme_path = words.value("programme").value_or("");
  options.iq_path = words.value("iq").value_or("");
  options.rate = read(words, "rate", parse_chain_rate).value_or(options.rate);
  options.centre = read(words, "center", parse_frequency).value_or(options.freq);

  if (words.given("programme") && !is_wav(options.programme_path)) {
    refuse("--programme: the name " + in_quotes(options.programme_path) + " must end in .wav");
  }
  if (words.given("iq")) options.iq_format = iq_format_of(options.iq_path);
  for (const std::string_view name : {"rate", "center"}) {
    if (words.given(name) && !words.given("iq")) refuse("--" + std::string(name) + " needs --iq PATH");
  }
  if (options.list) return options;
  if (!words.given("programme") && !words.given("iq")) {
    refuse("write what? add --programme PATH.wav or --iq PATH.cu8, or --list to see the stations");
  }
  if (!words.given("duration")) refuse("how much? add --duration, such as --duration 10");
  return options;
}

DoctorOptions doctor_options(const Words& words) {
  DoctorOptions options;
  options.device = read(words, "device", parse_device).value_or(options.device);
  options.verbosity = read_verbosity(words);
  return options;
}

/// Rates that hold the 57 kHz subcarrier are checked where it is decoded.
RdsOptions rds_options(const Words& words) {
  RdsOptions options;
  options.verbosity = read_verbosity(words);
  options.rate = read(words, "rate", parse_rate);
  if (words.given("rds")) options.outputs = read_rds_outputs(words);
  options.system = read(words, "rbds", parse_rbds).value_or(options.system);
  check_places(options.outputs);
  if (words.words().empty()) refuse("which file? write fmrx rds FILE, or - for standard input");
  if (words.words().size() > 1) refuse("one file at a time; write fmrx rds FILE");
  options.path = words.words().front();
  return options;
}

/// `passed` is what stood behind "--".
BatchOptions batch_options(const Words& words, std::vector<std::string> passed) {
  BatchOptions options;
  options.verbosity = read_verbosity(words);
  options.operands = words.words();
  options.passed = std::move(passed);
  options.dry_run = words.given("dry-run");
  options.folder = read(words, "output", parse_folder).value_or(options.folder);
  options.format = read(words, "format", parse_file_format).value_or(options.format);
  options.jobs = read(words, "jobs", parse_job_count);
  if (options.operands.empty()) refuse("which jobs? write fmrx batch JOBS.toml, or the names of IQ files");
  options.has_jobs = ends_with_ignoring_case(options.operands.front(), ".toml");
  if (!options.has_jobs) {
    if (options.dry_run) refuse("--dry-run is for a file of jobs, JOBS.toml");
    return options;
  }
  if (options.operands.size() > 1) refuse("one file of jobs at a time; they share one receiver");
  for (const std::string_view name : {"output", "format", "jobs"}) {
    if (words.given(name)) refuse("--" + std::string(name) + " is for IQ files; jobs say it themselves");
  }
  if (!options.passed.empty()) refuse("options behind -- are for IQ files; jobs have their own");
  return options;
}

Command receive_command(Words& words, const ReadConfiguration& read_file) {
  refuse_excluded(words);
  if (words.value("config") == "") refuse("--config: which file? write --config PATH");
  Configuration configuration;
  if (read_file && !words.given("no-config")) configuration = read_file(words.value("config"));
  if (words.given("list-stations")) return Text{station_list(configuration)};
  Options options = receive_options(words, configuration);
  if (words.given("print-config")) return Text{configuration_text(words, configuration)};
  return options;
}

Command parse_batch(std::string program, std::vector<std::string> arguments) {
  const auto divider = std::find(arguments.begin(), arguments.end(), "--");
  std::vector<std::string> passed;
  if (divider != arguments.end()) passed.assign(divider + 1, arguments.end());
  arguments.erase(divider, arguments.end());
  const Words words = split_words(batch_table(), arguments);
  if (words.given("help")) return Text{help_text(batch_table())};
  refuse_excluded(words);
  BatchOptions options = batch_options(words, std::move(passed));
  options.program = std::move(program);
  return options;
}

}  // namespace

Command parse(int argc, const char* const* argv, const ReadConfiguration& read_file) {
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) arguments.emplace_back(argv[i]);

  const CommandTable* table = &receive_table();
  if (!arguments.empty() && arguments.front() == "batch")
    return parse_batch(argv[0], {arguments.begin() + 1, arguments.end()});
  if (!arguments.empty()) {
    if (arguments.front() == "sim") table = &sim_table();
    if (arguments.front() == "doctor") table = &doctor_table();
    if (arguments.front() == "rds") table = &rds_table();
    if (table != &receive_table()) arguments.erase(arguments.begin());
  }
  Words words = split_words(*table, arguments);
  if (words.given("help")) return Text{help_text(*table)};
  if (table != &receive_table()) refuse_excluded(words);
  if (table == &sim_table()) return sim_options(words);
  if (table == &doctor_table()) return doctor_options(words);
  if (table == &rds_table()) return rds_options(words);
  if (words.given("version")) return Text{"fmrx " FMRX_VERSION "\n"};
  return receive_command(words, read_file);
}

}  // namespace fmrx::cli
