// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/option_checks.hpp"

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/printable.hpp"
#include "cli/frequency.hpp"
#include "cli/option_values.hpp"
#include "cli/refuse.hpp"
#include "recording/name_template.hpp"

namespace fmrx::cli {
namespace {

// librtlsdr refuses 225 kS/s itself and what lies between 300 and 900 kS/s, ends included.
constexpr SampleRate kDongleGapBegin{300'000};
constexpr SampleRate kDongleGapEnd{900'000};

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

}  // namespace

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

void check_together(const Words& words, const Options& options) {
  if (!words.given("print-config")) check_station(options);
  check_dongle_rate(options);
  check_outputs(options);
  check_rds_outputs(options.rds_outputs, options.outputs);
  check_multiplex(words, options);
  check_recording_words(words, options);
}

}  // namespace fmrx::cli
