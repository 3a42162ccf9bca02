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
#include "cli/recording_words.hpp"
#include "cli/refuse.hpp"
#include "recording/name_template.hpp"
#include "recording/sigmf.hpp"

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
  for (const Output& output : options.outputs) {
    if (output.kind == OutputKind::none && options.outputs.size() > 1) {
      refuse("--output none means no output at all; leave it out or the others");
    }
    const bool is_raw_pipe = output.kind == OutputKind::standard_output && output.format == FileFormat::raw;
    if (is_raw_pipe && options.sample_format == SampleFormat::s24) {
      refuse("--sample-format s24 is for files; for --output - choose s16 or f32");
    }
    if (output.format == FileFormat::flac && options.sample_format == SampleFormat::f32) {
      refuse("--sample-format f32 is not for FLAC; choose s16 or s24");
    }
  }
}

void check_multiplex(const Words& words, const Options& options) {
  if (options.mpx.empty() && words.typed("mpx-rate"))
    refuse("--mpx-rate is for the multiplex; add --mpx PATH.wav or --mpx -");
  if (options.mpx == "-" && options.sample_format == SampleFormat::s24)
    refuse("--sample-format s24 is for files; for --mpx - choose s16 or f32");
}

/// Where an option's samples or lines go.
struct Place {
  std::string option;
  std::string name;  ///< a normal path, or what is no file
};

Place place(std::string option, const std::string& path) {
  const std::string name =
      path == "-" ? "standard output" : std::filesystem::path(path).lexically_normal().string();
  return {std::move(option), name};
}

std::vector<Place> places(const std::vector<RdsOutput>& outputs) {
  std::vector<Place> all;
  for (const RdsOutput& output : outputs) all.push_back(place("--rds", output.target));
  return all;
}

std::vector<Place> places(const Options& options) {
  std::vector<Place> all = places(options.rds_outputs);
  for (const Output& output : options.outputs) {
    if (output.kind == OutputKind::play) all.push_back({"--output", "the sound card"});
    if (output.kind == OutputKind::standard_output) all.push_back(place("--output", "-"));
    if (output.kind == OutputKind::file || output.kind == OutputKind::folder)
      all.push_back(place("--output", output.path));
  }
  if (!options.mpx.empty()) all.push_back(place("--mpx", options.mpx));
  if (const auto stem = recording::sigmf_stem(options.iq_path)) {
    for (const char* const ending : {".sigmf-data", ".sigmf-meta"})
      all.push_back(place("--iq", *stem + ending));
  }
  return all;
}

void refuse_shared_places(const std::vector<Place>& all) {
  for (auto one = all.begin(); one != all.end(); ++one) {
    const auto other =
        std::find_if(one + 1, all.end(), [&](const Place& later) { return later.name == one->name; });
    if (other == all.end()) continue;
    const std::string where = printable(one->name);
    if (one->option == other->option)
      refuse(one->option + " writes to " + where + " twice; choose another place for one");
    refuse(one->option + " and " + other->option + " both write to " + where +
           "; choose another place for one");
  }
}

/// Of files that are no recordings of the sound.
bool writes_other_files(const Options& options) {
  return !options.iq_path.empty() || (!options.mpx.empty() && options.mpx != "-");
}

bool has_format(const Options& options, FileFormat format) {
  return std::any_of(options.outputs.begin(), options.outputs.end(), [&](const Output& output) {
    const bool has_one = output.kind != OutputKind::play && output.kind != OutputKind::none;
    return has_one && output.format == format;
  });
}

/// Options about outputs need one that they are about.
void check_output_words(const Words& words, const Options& options) {
  const auto has = [&](std::initializer_list<OutputKind> kinds) {
    return std::any_of(options.outputs.begin(), options.outputs.end(), [&](const Output& output) {
      return std::find(kinds.begin(), kinds.end(), output.kind) != kinds.end();
    });
  };
  for (const std::string_view name : {"latency", "audio-device"}) {
    if (words.typed(name) && !has({OutputKind::play}))
      refuse("--" + std::string(name) + " is for the sound card; add -o play");
  }
  const bool has_samples = has({OutputKind::standard_output, OutputKind::file, OutputKind::folder});
  if (words.typed("sample-format") && !has_samples && options.mpx.empty())
    refuse("--sample-format is for files and -; add -o PATH.wav or -o -");
  if (words.typed("format") && !has_format(options, *read(words, "format", parse_file_format)))
    refuse("--format: no output is " + *words.value("format") +
           "; it is for -, FOLDER/ and names that do not end in a format");
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

void check_places(const std::vector<RdsOutput>& outputs) {
  refuse_shared_places(places(outputs));
}

void check_together(const Words& words, const Options& options) {
  if (!words.given("print-config")) check_station(options);
  check_dongle_rate(options);
  check_outputs(options);
  check_multiplex(words, options);
  refuse_shared_places(places(options));
  check_output_words(words, options);
}

}  // namespace fmrx::cli
