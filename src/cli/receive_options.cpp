// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/receive_options.hpp"

#include <string_view>

#include "cli/duration.hpp"
#include "cli/frequency.hpp"
#include "cli/option_checks.hpp"
#include "cli/option_values.hpp"
#include "cli/recording_words.hpp"
#include "cli/refuse.hpp"

namespace fmrx::cli {
namespace {

Action read_action(const Words& words) {
  if (words.given("list-devices")) return Action::list_devices;
  if (words.given("list-audio")) return Action::list_audio;
  return words.value("gain") == "list" ? Action::list_gains : Action::receive;
}

StereoMode read_stereo_mode(const Words& words) {
  if (words.given("mono")) return StereoMode::mono;
  return words.given("stereo") ? StereoMode::stereo : StereoMode::automatic;
}

std::optional<Decibels> read_gain(const Words& words) {
  const std::optional<std::string> text = words.value("gain");
  if (text == "auto" || text == "list") return std::nullopt;
  return read(words, "gain", parse_gain);
}

std::optional<Hertz> read_bandwidth(const Words& words) {
  if (words.value("bandwidth") == "auto") return std::nullopt;
  return read(words, "bandwidth", parse_bandwidth);
}

std::vector<Output> read_outputs(const Words& words) {
  std::vector<Output> outputs;
  const std::optional<FileFormat> format = read(words, "format", parse_file_format);
  const std::optional<FileFormat> of_names = format_of_ending(words.value("name").value_or(""));
  for (const std::string& text : words.values("output"))
    outputs.push_back(parse_output(text, format, of_names));
  if (outputs.empty()) outputs.emplace_back();
  return outputs;
}

/// --freq, in which the names of stations have been replaced by their frequencies.
std::optional<Hertz> read_station(const Words& words, const Configuration& configuration) {
  std::vector<std::string_view> names;
  for (const Station& station : configuration.stations) names.emplace_back(station.name);
  return read(words, "freq", [&](std::string_view text) {
    try {
      return parse_frequency(text);
    } catch (const Error&) {
      const auto meant = nearest(text, names);
      if (!meant) throw;
      refuse("there is no station " + in_quotes(text) + "; did you mean " + std::string(*meant) + "?");
    }
  });
}

}  // namespace

Verbosity read_verbosity(const Words& words) {
  if (words.given("quiet")) return Verbosity::quiet;
  return words.given("verbose") ? Verbosity::verbose : Verbosity::normal;
}

std::vector<RdsOutput> read_rds_outputs(const Words& words) {
  std::vector<RdsOutput> outputs;
  for (const std::string& text : words.values("rds")) {
    try {
      outputs.push_back(parse_rds_output(text));
    } catch (const Error& error) {
      refuse(words.label("rds") + ": " + error.what());
    }
  }
  return outputs;
}

Options receive_options(Words& words, const Configuration& configuration) {
  ConfiguredWords configured(words, configuration);
  configured.add("source");
  const SourceChoice source = read(words, "source", parse_source).value_or(SourceChoice{});
  configured.add_all(bit(source.kind));
  check_options_suit_source(words, source.kind);
  refuse_excluded(words);

  Options options;
  options.action = read_action(words);
  options.source = source.kind;
  options.path = source.path;
  options.freq = read_station(words, configuration);
  options.rate = read(words, "rate", parse_chain_rate);
  options.iq_format = read(words, "iq-format", parse_iq_format);
  options.centre = read(words, "center", parse_frequency);
  options.offset = read(words, "offset", parse_offset);
  options.realtime = words.given("realtime");
  options.start = read(words, "start", parse_duration).value_or(options.start);
  options.seed = read(words, "seed", parse_seed).value_or(options.seed);
  options.device = read(words, "device", parse_device).value_or(options.device);
  options.gain = read_gain(words);
  options.ppm = read(words, "ppm", parse_ppm).value_or(options.ppm);
  options.bias_tee = words.given("bias-tee");
  options.lost_patience = read(words, "on-lost", parse_on_lost).value_or(options.lost_patience);
  options.duration = read(words, "duration", parse_positive_duration);
  options.outputs = read_outputs(words);
  options.sample_format = read(words, "sample-format", parse_sample_format).value_or(options.sample_format);
  options.mpx = read(words, "mpx", parse_mpx).value_or("");
  options.mpx_rate = read(words, "mpx-rate", parse_mpx_rate).value_or(options.mpx_rate);
  options.overwrite = words.given("overwrite");
  options.split = read(words, "split", parse_split).value_or(options.split);
  options.name_pattern = read(words, "name", parse_name_pattern).value_or("");
  options.keep = read(words, "keep", parse_keep);
  options.align = words.given("align");
  options.index = words.given("index");
  options.at = read(words, "at", schedule::parse_moment);
  options.until = read(words, "until", schedule::parse_moment);
  options.require_signal = read(words, "require-signal", parse_positive_duration);
  options.exit_on_signal_lost = read(words, "on-signal-lost", parse_on_signal_lost).value_or(false);
  options.iq_path = read(words, "iq", parse_iq_path).value_or("");
  options.on_file = read(words, "on-file", parse_file_command).value_or("");
  options.on_event = read(words, "on-event", parse_event_command).value_or("");
  options.audio_device = read(words, "audio-device", parse_audio_device).value_or("");
  options.latency = read(words, "latency", parse_latency).value_or(options.latency);
  options.rds_outputs = read_rds_outputs(words);
  options.rds_system = read(words, "rbds", parse_rbds).value_or(options.rds_system);
  options.stereo = read_stereo_mode(words);
  options.deemphasis_us = read(words, "deemphasis", parse_deemphasis).value_or(options.deemphasis_us);
  options.bandwidth = read_bandwidth(words);
  options.volume = read(words, "volume", parse_volume).value_or(options.volume);
  options.strict = words.given("strict");
  options.verbosity = read_verbosity(words);

  if (options.source == SourceKind::sim && !options.freq) options.freq = SimOptions{}.freq;
  check_together(words, options);
  return options;
}

}  // namespace fmrx::cli
