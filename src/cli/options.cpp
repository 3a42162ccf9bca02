// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <initializer_list>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/configuration.hpp"
#include "cli/decimal.hpp"
#include "cli/duration.hpp"
#include "cli/frequency.hpp"
#include "cli/help.hpp"
#include "cli/hooks.hpp"
#include "cli/option_table.hpp"
#include "cli/recording_words.hpp"
#include "cli/words.hpp"
#include "recording/name_template.hpp"
#include "recording/sigmf.hpp"

namespace fmrx::cli {
namespace {

// Rates that the chain takes, and those that librtlsdr takes of them: it refuses
// 225 kS/s itself and what lies between 300 and 900 kS/s, ends included.
constexpr SampleRate kLowestRate{225'000};
constexpr SampleRate kHighestRate{3'200'000};
constexpr SampleRate kDongleGapBegin{300'000};
constexpr SampleRate kDongleGapEnd{900'000};

constexpr Hertz kNarrowest{40e3};
constexpr Hertz kWidest{400e3};

constexpr double kSoftest_dB = -60;
constexpr double kLoudest_dB = 20;
constexpr double kLowestGain_dB = -10;
constexpr double kHighestGain_dB = 60;
constexpr double kLargestError_ppm = 1000;
constexpr double kLowestLatency_ms = 50;
constexpr double kHighestLatency_ms = 1000;

[[noreturn]] void refuse(const std::string& line) {
  throw Error(ExitStatus::usage, line);
}

std::string in_quotes(std::string_view text) {
  return "'" + printable(text) + "'";
}

/// The value of an option as `parse` reads it; nothing if it was not given. What
/// `parse` refuses is refused with the option's name in front.
template <class Parse>
auto read(const Words& words, std::string_view name, Parse parse)
    -> std::optional<decltype(parse(std::string_view()))> {
  const std::optional<std::string> text = words.value(name);
  if (!text) return std::nullopt;
  try {
    return parse(std::string_view(*text));
  } catch (const Error& error) {
    refuse(words.label(name) + ": " + error.what());
  }
}

// --- values ---------------------------------------------------------------

bool ends_with_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() > end.size() && same_ignoring_case(text.substr(text.size() - end.size()), end);
}

/// Is it the path of a file `NAME.wav`, whatever the case of the extension?
bool is_wav(std::string_view path) {
  return ends_with_ignoring_case(std::filesystem::path(path).filename().string(), ".wav");
}

/// A number of `unit`, which may stand behind it, from `low` to `high`.
double parse_within(std::string_view text, std::string_view unit, double low, double high,
                    std::string_view accepted) {
  std::string_view number = text;
  if (ends_with_ignoring_case(number, unit)) number.remove_suffix(unit.size());
  const std::optional<double> value = signed_decimal(number);
  if (!value || *value < low || *value > high) refuse(in_quotes(text) + " is not " + std::string(accepted));
  return *value;
}

Decibels parse_volume(std::string_view text) {
  return Decibels(parse_within(text, "dB", kSoftest_dB, kLoudest_dB, "a number of dB from -60 to 20"));
}

Decibels parse_gain(std::string_view text) {
  return Decibels(parse_within(text, "dB", kLowestGain_dB, kHighestGain_dB,
                               "a gain; write auto, list or a number of dB from -10 to 60"));
}

double parse_ppm(std::string_view text) {
  return parse_within(text, "ppm", -kLargestError_ppm, kLargestError_ppm,
                      "a number of parts per million from -1000 to 1000");
}

std::chrono::milliseconds parse_latency(std::string_view text) {
  return std::chrono::milliseconds(std::lround(parse_within(text, "ms", kLowestLatency_ms, kHighestLatency_ms,
                                                            "a number of milliseconds from 50 to 1000")));
}

/// What it is called is known only when the cards are looked at.
std::string parse_audio_device(std::string_view text) {
  if (text.find_first_not_of(" \t\n\r") == std::string_view::npos)
    refuse(in_quotes(text) + " is no sound card; --list-audio lists them");
  return std::string(text);
}

template <class Integer>
std::optional<Integer> whole_number(std::string_view text) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::uint64_t parse_seed(std::string_view text) {
  const auto seed = whole_number<std::uint64_t>(text);
  if (!seed) refuse(in_quotes(text) + " is not a whole number from 0 to 18446744073709551615");
  return *seed;
}

Device parse_device(std::string_view text) {
  if (text.size() > 1 && text[0] == ':') return Device{0, std::string(text.substr(1))};
  const bool serial = text.size() > 1 && text[0] == '0';
  const auto index = whole_number<std::uint8_t>(text);
  if (serial && whole_number<std::uint64_t>(text)) {
    refuse(in_quotes(text) + " looks like a serial number; write :" + printable(text));
  }
  if (!index) refuse(in_quotes(text) + " is not a dongle; write its index, such as 0, or :SERIAL");
  return Device{*index, {}};
}

/// One of a few fixed words.
template <class Value, std::size_t size>
Value parse_choice(std::string_view text,
                   const std::array<std::pair<std::string_view, Value>, size>& choices) {
  std::string known;
  for (std::size_t i = 0; i < size; ++i) {
    if (choices[i].first == text) return choices[i].second;
    if (i > 0) known += i + 1 < size ? ", " : " or ";
    known += choices[i].first;
  }
  refuse(in_quotes(text) + " is not known; write " + known);
}

constexpr std::array kIqFormats{std::pair(std::string_view("cu8"), IqFormat::cu8),
                                std::pair(std::string_view("cs16"), IqFormat::cs16),
                                std::pair(std::string_view("cf32"), IqFormat::cf32)};

IqFormat parse_iq_format(std::string_view text) {
  return parse_choice(text, kIqFormats);
}

SampleFormat parse_sample_format(std::string_view text) {
  static constexpr std::array kFormats{std::pair(std::string_view("s16"), SampleFormat::s16),
                                       std::pair(std::string_view("s24"), SampleFormat::s24),
                                       std::pair(std::string_view("f32"), SampleFormat::f32)};
  return parse_choice(text, kFormats);
}

std::string parse_name_pattern(std::string_view text) {
  const recording::NameTemplate checked(text);
  return std::string(text);
}

/// True for "exit".
bool parse_on_signal_lost(std::string_view text) {
  static constexpr std::array kChoices{std::pair(std::string_view("mark"), false),
                                       std::pair(std::string_view("exit"), true)};
  return parse_choice(text, kChoices);
}

std::string parse_iq_path(std::string_view text) {
  if (!recording::sigmf_stem(text)) refuse("the name " + in_quotes(text) + " must end in .sigmf-data");
  return std::string(text);
}

std::string parse_file_command(std::string_view text) {
  const HookCommand checked(text, kFileFields);
  return std::string(text);
}

std::string parse_event_command(std::string_view text) {
  const HookCommand checked(text, kEventFields);
  return std::string(text);
}

unsigned parse_deemphasis(std::string_view text) {
  static constexpr std::array kTimes_us{std::pair(std::string_view("50"), 50U),
                                        std::pair(std::string_view("75"), 75U),
                                        std::pair(std::string_view("0"), 0U)};
  return parse_choice(text, kTimes_us);
}

std::chrono::nanoseconds parse_positive_duration(std::string_view text) {
  const std::chrono::nanoseconds duration = parse_duration(text);
  if (duration.count() == 0) refuse(in_quotes(text) + " is no time at all");
  return duration;
}

SampleRate parse_mpx_rate(std::string_view text) {
  static constexpr std::array kRates{std::pair(std::string_view("171k"), SampleRate(171'000)),
                                     std::pair(std::string_view("192k"), SampleRate(192'000)),
                                     std::pair(std::string_view("384k"), SampleRate(384'000))};
  return parse_choice(text, kRates);
}

std::string parse_mpx(std::string_view text) {
  if (text != "-" && !is_wav(text)) refuse(in_quotes(text) + " is no multiplex output; write PATH.wav or -");
  return std::string(text);
}

SampleRate parse_chain_rate(std::string_view text) {
  const SampleRate rate = parse_rate(text);
  if (rate < kLowestRate || rate > kHighestRate) {
    refuse(in_quotes(text) + " is outside the range; fmrx takes 225k to 3.2M samples a second");
  }
  return rate;
}

/// How long to wait for a lost dongle; nothing: for as long as it takes.
std::optional<std::chrono::nanoseconds> parse_on_lost(std::string_view text) {
  constexpr std::string_view kWait = "wait:";
  if (text == "wait") return std::nullopt;
  if (text == "exit") return std::chrono::nanoseconds(0);
  if (text.rfind(kWait, 0) != 0) refuse(in_quotes(text) + " is not known; write wait, wait:10m or exit");
  return parse_positive_duration(text.substr(kWait.size()));
}

Hertz parse_bandwidth(std::string_view text) {
  const Hertz bandwidth = parse_offset(text);
  if (bandwidth < kNarrowest || bandwidth > kWidest) {
    refuse(in_quotes(text) + " is outside the range; write auto, or 40k to 400k");
  }
  return bandwidth;
}

struct SourceChoice {
  SourceKind kind = SourceKind::rtlsdr;
  std::string path;
};

SourceChoice parse_source(std::string_view text) {
  constexpr std::string_view kFilePrefix = "file:";
  if (text == "rtlsdr") return {SourceKind::rtlsdr, {}};
  if (text == "-") return {SourceKind::standard_input, {}};
  if (text == "sim") return {SourceKind::sim, {}};
  if (text.rfind(kFilePrefix, 0) == 0) {
    if (text.size() == kFilePrefix.size()) refuse("'file:' lacks the path; write file:PATH");
    return {SourceKind::file, std::string(text.substr(kFilePrefix.size()))};
  }

  std::string line = in_quotes(text) + " is not a source; ";
  const auto meant = nearest(text, {"rtlsdr", "sim", "-"});
  if (text.find_first_of("./") != std::string_view::npos) {
    line += "did you mean file:" + printable(text) + "?";
  } else if (meant) {
    line += "did you mean " + std::string(*meant) + "?";
  } else {
    line += "write rtlsdr, file:PATH, - or sim";
  }
  refuse(line);
}

/// `format` is what --format says, `of_names` what the names in a folder end in.
Output parse_output(std::string_view text, std::optional<FileFormat> format,
                    std::optional<FileFormat> of_names) {
  if (text == "play") return {OutputKind::play, {}};
  if (text == "none") return {OutputKind::none, {}};
  if (text == "-") return {OutputKind::standard_output, {}, format.value_or(FileFormat::raw)};
  if (text.size() > 1 && text.back() == '/')
    return {OutputKind::folder, std::string(text), of_names.value_or(format.value_or(FileFormat::flac))};
  const std::optional<FileFormat> ending = format_of_ending(text);
  if (ending || (format && !text.empty()))
    return {OutputKind::file, std::string(text), ending ? *ending : *format};
  if (std::filesystem::path(text).has_extension()) {
    refuse(
        "--output: " + in_quotes(text) +
        " is no format that fmrx writes; write PATH.wav, .flac, .opus, .ogg, .mp3 or .raw, or add --format");
  }
  refuse("--output: " + in_quotes(text) + " is not an output; write play, -, none, PATH.wav or FOLDER/");
}

RdsOutput parse_rds_output(std::string_view text) {
  static constexpr std::array kFormats{std::pair(std::string_view("json"), report::Format::json),
                                       std::pair(std::string_view("hex"), report::Format::hex),
                                       std::pair(std::string_view("events"), report::Format::events)};
  const std::size_t colon = text.find(':');
  const auto format = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const auto& one) { return one.first == text.substr(0, colon); });
  if (format == kFormats.end() || colon == std::string_view::npos || colon + 1 == text.size())
    refuse(in_quotes(text) +
           " is not known; write json:PATH, hex:PATH or events:PATH, with - or fd:N for PATH");
  const std::string_view target = text.substr(colon + 1);
  if (target.starts_with("fd:") && !whole_number<std::uint16_t>(target.substr(3)))
    refuse(in_quotes(target) + " is no descriptor; write fd:N, such as fd:3");
  return {format->second, target == "fd:1" ? "-" : std::string(target)};
}

rds::SystemChoice parse_rbds(std::string_view text) {
  static constexpr std::array kChoices{std::pair(std::string_view("yes"), rds::SystemChoice::rbds),
                                       std::pair(std::string_view("no"), rds::SystemChoice::rds),
                                       std::pair(std::string_view("auto"), rds::SystemChoice::automatic)};
  return parse_choice(text, kChoices);
}

// --- combinations ---------------------------------------------------------

Sources bit(SourceKind kind) {
  switch (kind) {
    case SourceKind::rtlsdr:
      return kDongle;
    case SourceKind::file:
      return kFile;
    case SourceKind::standard_input:
      return kStandardInput;
    case SourceKind::sim:
      return kSimulator;
  }
  return kAnySource;
}

/// "a file or the simulator"
std::string names_of(Sources sources) {
  std::string names;
  for (const auto& [one, name] :
       {std::pair(kDongle, "a dongle"), std::pair(kFile, "a file"),
        std::pair(kStandardInput, "standard input"), std::pair(kSimulator, "the simulator")}) {
    if ((sources & one) == 0) continue;
    if (!names.empty()) names += " or ";
    names += name;
  }
  return names;
}

void check_options_suit_source(const Words& words, SourceKind source) {
  for (const OptionRow& row : words.table().options) {
    if (!words.typed(row.name) || (row.sources & bit(source)) != 0) continue;
    refuse("--" + std::string(row.name) + " is for " + names_of(row.sources) + ", not for " +
           names_of(bit(source)) + "; leave it out or choose another --source");
  }
}

void refuse_excluded(const Words& words) {
  const auto is_given = [&](std::string_view name) {
    return words.table().find(name) != nullptr && words.given(name);
  };
  for (const auto& [one, other] : exclusive_options()) {
    if (is_given(one) && is_given(other))
      refuse(words.label(one) + " and " + words.label(other) + " exclude each other; choose one");
  }
}

void check_outputs(const Options& options) {
  std::vector<std::string> names;
  for (const Output& output : options.outputs) {
    const bool alone = options.outputs.size() == 1;
    if (output.kind == OutputKind::none && !alone) {
      refuse("--output none means no output at all; leave it out or the others");
    }
    const bool is_raw_pipe = output.kind == OutputKind::standard_output && output.format == FileFormat::raw;
    if (is_raw_pipe && options.sample_format == SampleFormat::s24) {
      refuse("--sample-format s24 is for files; for --output - choose s16 or f32");
    }
    if (output.format == FileFormat::flac && options.sample_format == SampleFormat::f32) {
      refuse("--sample-format f32 is not for FLAC; choose s16 or s24");
    }
    const std::string path = std::filesystem::path(output.path).lexically_normal().string();
    const std::string name = output.kind == OutputKind::standard_output ? "-"
                             : output.kind == OutputKind::play          ? "play"
                                                                        : path;
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      refuse("--output " + printable(name) + " was given twice; give it once");
    }
    names.push_back(name);
  }
}

/// Groups go nowhere twice, nor where sound goes.
void check_rds_outputs(const std::vector<RdsOutput>& rds_outputs, const std::vector<Output>& outputs) {
  const auto normal = [](const std::string& path) {
    return std::filesystem::path(path).lexically_normal().string();
  };
  std::vector<std::string> taken;
  for (const Output& output : outputs) {
    if (output.kind == OutputKind::standard_output) taken.emplace_back("-");
    if (output.kind == OutputKind::file) taken.push_back(normal(output.path));
  }
  const std::size_t of_sound = taken.size();
  for (const RdsOutput& output : rds_outputs) {
    const std::string target = normal(output.target);
    const auto found = std::find(taken.begin(), taken.end(), target);
    const std::string name = target == "-" ? "standard output" : printable(target);
    if (found - taken.begin() < static_cast<std::ptrdiff_t>(of_sound))
      refuse("--rds and --output both write to " + name + "; choose another place for one");
    if (found != taken.end()) refuse("--rds writes to " + name + " twice; choose another place for one");
    taken.push_back(target);
  }
}

void check_multiplex(const Words& words, const Options& options) {
  if (options.mpx.empty()) {
    if (words.typed("mpx-rate")) refuse("--mpx-rate is for the multiplex; add --mpx PATH.wav or --mpx -");
    return;
  }
  if (options.mpx == "-" && options.sample_format == SampleFormat::s24)
    refuse("--sample-format s24 is for files; for --mpx - choose s16 or f32");
  const auto normal = [](const std::string& path) { return std::filesystem::path(path).lexically_normal(); };
  for (const Output& output : options.outputs) {
    if (options.mpx == "-" && output.kind == OutputKind::standard_output)
      refuse("--output - and --mpx - both want standard output; give one of them a file");
    if (output.kind == OutputKind::file && normal(output.path) == normal(options.mpx))
      refuse("--output and --mpx name the same file, " + printable(options.mpx) + "; choose two");
  }
  for (const RdsOutput& output : options.rds_outputs) {
    if (normal(output.target) == normal(options.mpx))
      refuse("--rds and --mpx both write to " +
             (options.mpx == "-" ? "standard output" : printable(options.mpx)) +
             "; choose another place for one");
  }
}

/// Of files that are no recordings of the sound.
bool writes_other_files(const Options& options) {
  return !options.iq_path.empty() || (!options.mpx.empty() && options.mpx != "-");
}

/// Options about recordings need one.
void check_recording_words(const Words& words, const Options& options) {
  const auto has = [&](std::initializer_list<OutputKind> kinds) {
    return std::any_of(options.outputs.begin(), options.outputs.end(), [&](const Output& output) {
      return std::find(kinds.begin(), kinds.end(), output.kind) != kinds.end();
    });
  };
  for (const std::string_view name : {"name", "keep"}) {
    if (words.typed(name) && !has({OutputKind::folder}))
      refuse("--" + std::string(name) + " is for recordings in a folder; add -o FOLDER/");
  }
  for (const std::string_view name : {"overwrite", "split", "align", "index", "on-file"}) {
    if (name == "overwrite" && writes_other_files(options)) continue;
    if (words.typed(name) && !has({OutputKind::file, OutputKind::folder}))
      refuse("--" + std::string(name) + " is for recordings; add -o PATH.wav or -o FOLDER/");
  }
  if (options.split.any() && !options.name_pattern.empty() &&
      !recording::NameTemplate(options.name_pattern).tells_time()) {
    refuse("--name gives every file of a split recording the same name; add {start} to it");
  }
}

void check_dongle_rate(const Options& options) {
  if (options.source != SourceKind::rtlsdr || !options.rate) return;
  const SampleRate rate = *options.rate;
  if (rate == kLowestRate || (rate > kDongleGapBegin && rate <= kDongleGapEnd)) {
    refuse("--rate: a dongle cannot do " + format_rate(rate) +
           "; it takes more than 225k up to 300k, and more than 900k up to 3.2M");
  }
}

void check_station(const Options& options) {
  if (options.action != Action::receive || options.freq) return;
  if (options.source == SourceKind::rtlsdr) {
    refuse("which station? add --freq, such as --freq 92.7M (without a dongle, also --source sim)");
  }
  if (options.centre) refuse("--center needs the station, too; add --freq, such as --freq 92.7M");
}

// --- the two commands -----------------------------------------------------

Action read_action(const Words& words) {
  if (words.given("list-devices")) return Action::list_devices;
  if (words.given("list-audio")) return Action::list_audio;
  return words.value("gain") == "list" ? Action::list_gains : Action::receive;
}

Verbosity read_verbosity(const Words& words) {
  if (words.given("quiet")) return Verbosity::quiet;
  return words.given("verbose") ? Verbosity::verbose : Verbosity::normal;
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

/// `words` are those of the command line; what the file says is added to them.
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
  if (!words.given("print-config")) check_station(options);
  check_dongle_rate(options);
  check_outputs(options);
  check_rds_outputs(options.rds_outputs, options.outputs);
  check_multiplex(words, options);
  check_recording_words(words, options);
  return options;
}

IqFormat iq_format_of(const std::string& path) {
  for (const auto& [name, format] : kIqFormats) {
    if (ends_with_ignoring_case(path, "." + std::string(name))) return format;
  }
  refuse("--iq: the name " + in_quotes(path) + " must end in .cu8, .cs16 or .cf32");
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
  check_rds_outputs(options.outputs, {});
  if (words.words().empty()) refuse("which file? write fmrx rds FILE, or - for standard input");
  if (words.words().size() > 1) refuse("one file at a time; write fmrx rds FILE");
  options.path = words.words().front();
  return options;
}

unsigned parse_job_count(std::string_view text) {
  const auto count = whole_number<std::uint16_t>(text);
  if (!count || *count == 0) refuse(in_quotes(text) + " is not a number of files at once; write 1 or more");
  return *count;
}

std::string parse_folder(std::string_view text) {
  if (text.empty()) refuse("'' is no folder; write . for this one");
  return std::string(text) + (text.ends_with('/') ? "" : "/");
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
