// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

// The one list of what may stand on the command line. The parser, the help, the
// manual page and the shells' completions are made from it.

namespace fmrx::cli {

/// What a person wants to do; the help is ordered so.
enum class Group : std::uint8_t {
  listen,
  record,
  files,
  rds,
  receiver,
  dongle,
  simulator,
  configuration,
  messages
};

inline constexpr Group kGroups[] = {Group::listen,    Group::record,        Group::files,
                                    Group::rds,       Group::receiver,      Group::dongle,
                                    Group::simulator, Group::configuration, Group::messages};

[[nodiscard]] std::string_view heading(Group group);

/// Sources for which an option means something, one bit each.
using Sources = std::uint8_t;
inline constexpr Sources kDongle = 1;
inline constexpr Sources kFile = 2;
inline constexpr Sources kStandardInput = 4;
inline constexpr Sources kSimulator = 8;
inline constexpr Sources kAnySource = 15;

/// What a value may be beside the fixed `choices`, for those who complete it.
enum class Values : std::uint8_t { free, files, folders, devices, gains, cards, stations };

struct OptionRow {
  std::string_view name;           ///< "freq"
  char letter;                     ///< 'f', or 0
  std::string_view value;          ///< "FREQUENCY"; empty for a flag
  std::string_view help;           ///< one line, lower case, no full stop
  std::string_view default_value;  ///< what holds when it is not given; may be empty
  std::string_view choices;        ///< fixed values, separated by spaces; "x:" goes on with a path
  Group group;
  Sources sources = kAnySource;
  bool repeats = false;  ///< may be given several times
  Values values = Values::free;
  bool only_typed = false;  ///< on the command line, not in the configuration file
};

struct Example {
  std::string_view command;
  std::string_view meaning;
};

struct CommandTable {
  std::string_view name;     ///< "fmrx", "fmrx sim"
  std::string_view usage;    ///< what follows the name
  std::string_view summary;  ///< one sentence
  std::span<const Example> examples;
  std::span<const OptionRow> options;
  bool takes_words = false;  ///< also words that are no options, such as files

  /// The row of that name or letter; nullptr if there is none.
  [[nodiscard]] const OptionRow* find(std::string_view name) const;
  [[nodiscard]] const OptionRow* find(char letter) const;
};

/// Options of which only one of two may stand, whichever command has them.
[[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> exclusive_options();

/// What a status with which fmrx leaves means.
struct StatusMeaning {
  int status;
  std::string_view meaning;
};

[[nodiscard]] std::span<const StatusMeaning> exit_statuses();

/// All commands, `fmrx` itself first.
[[nodiscard]] std::span<const CommandTable* const> all_tables();

/// `fmrx`: receive.
[[nodiscard]] const CommandTable& receive_table();

/// `fmrx doctor`: find what is wrong.
[[nodiscard]] const CommandTable& doctor_table();

/// `fmrx sim`: write what the simulator plays.
[[nodiscard]] const CommandTable& sim_table();

/// `fmrx rds`: what groups, a multiplex or RDS bits in a file tell.
[[nodiscard]] const CommandTable& rds_table();

/// `fmrx batch`: jobs at their times, or many IQ files.
[[nodiscard]] const CommandTable& batch_table();

}  // namespace fmrx::cli
