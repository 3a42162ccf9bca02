// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/file_format.hpp"
#include "base/iq.hpp"
#include "base/sample_format.hpp"
#include "base/units.hpp"
#include "cli/options.hpp"
#include "rds/programme_type.hpp"

// The value of one option, from its text. Each throws fmrx::Error (usage) that says what was wrong
// and what to write instead, without the option's name. Frequencies, durations and the formats of
// recordings are read by frequency.hpp, duration.hpp and recording_words.hpp.

namespace fmrx::cli {

/// Rates that the chain takes.
inline constexpr SampleRate kLowestRate{225'000};
inline constexpr SampleRate kHighestRate{3'200'000};

[[nodiscard]] bool ends_with_ignoring_case(std::string_view text, std::string_view end);
/// Is it the path of a file `NAME.wav`, whatever the case of the extension?
[[nodiscard]] bool is_wav(std::string_view path);

// The signal's source.
struct SourceChoice {
  SourceKind kind = SourceKind::rtlsdr;
  std::string path;  ///< of a file
};
[[nodiscard]] SourceChoice parse_source(std::string_view text);
[[nodiscard]] SampleRate parse_chain_rate(std::string_view text);
[[nodiscard]] IqFormat parse_iq_format(std::string_view text);
/// By what the path ends in.
[[nodiscard]] IqFormat iq_format_of(const std::string& path);
[[nodiscard]] std::uint64_t parse_seed(std::string_view text);

// The dongle.
[[nodiscard]] Device parse_device(std::string_view text);
[[nodiscard]] Decibels parse_gain(std::string_view text);
[[nodiscard]] double parse_ppm(std::string_view text);
/// How long to wait for a lost dongle; nothing: for as long as it takes.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_on_lost(std::string_view text);

// The receiver.
[[nodiscard]] Hertz parse_bandwidth(std::string_view text);
/// In microseconds; 0 for none.
[[nodiscard]] unsigned parse_deemphasis(std::string_view text);
[[nodiscard]] Decibels parse_volume(std::string_view text);

// Where things go.
/// `format` is what --format says, `of_names` what the names in a folder end in.
[[nodiscard]] Output parse_output(std::string_view text, std::optional<FileFormat> format,
                                  std::optional<FileFormat> of_names);
[[nodiscard]] SampleFormat parse_sample_format(std::string_view text);
[[nodiscard]] std::string parse_mpx(std::string_view text);
[[nodiscard]] SampleRate parse_mpx_rate(std::string_view text);
[[nodiscard]] std::string parse_iq_path(std::string_view text);
[[nodiscard]] RdsOutput parse_rds_output(std::string_view text);
[[nodiscard]] rds::SystemChoice parse_rbds(std::string_view text);
/// A card's name is compared only when the cards are looked at.
[[nodiscard]] std::string parse_audio_device(std::string_view text);
[[nodiscard]] std::chrono::milliseconds parse_latency(std::string_view text);
/// With a slash at its end.
[[nodiscard]] std::string parse_folder(std::string_view text);

// Recordings.
[[nodiscard]] std::chrono::nanoseconds parse_positive_duration(std::string_view text);
[[nodiscard]] std::string parse_name_pattern(std::string_view text);
/// True for "exit".
[[nodiscard]] bool parse_on_signal_lost(std::string_view text);
[[nodiscard]] std::string parse_file_command(std::string_view text);
[[nodiscard]] std::string parse_event_command(std::string_view text);
[[nodiscard]] unsigned parse_job_count(std::string_view text);

}  // namespace fmrx::cli
