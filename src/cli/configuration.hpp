// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/option_table.hpp"
#include "cli/words.hpp"

// The configuration file: options of receiving by their long names, and named
// stations. The command line comes first, then what a station says, then the rest.

namespace fmrx::cli {

/// One option in the file, with its values as they would stand on the command line.
struct Setting {
  std::string name;
  std::vector<std::string> values;
  std::size_t line = 0;
};

struct Station {
  std::string name;
  std::vector<Setting> settings;  ///< with freq
};

struct Configuration {
  std::string path;  ///< as messages name it
  std::vector<Setting> settings;
  std::vector<Station> stations;
};

/// Reads the file's text. Throws fmrx::Error (usage) with one line: file, line, key
/// and what to do.
[[nodiscard]] Configuration parse_configuration(std::string_view text, const std::string& path);

/// Finds and reads the file: that of --config, or the one in the user's folder, which
/// may be missing.
using ReadConfiguration = std::function<Configuration(const std::optional<std::string>& path)>;

/// $XDG_CONFIG_HOME/fmrx/fmrx.toml or ~/.config/fmrx/fmrx.toml. Throws fmrx::Error (usage)
/// if it cannot be read.
[[nodiscard]] Configuration read_configuration(const std::optional<std::string>& path);

/// A station's name behind --freq becomes its frequency, and what the station and the file
/// say of `name` is added, unless the command line says it or what excludes it.
class ConfiguredWords {
 public:
  ConfiguredWords(Words& words, const Configuration& configuration);

  /// Of one option, needed before the others.
  void add(std::string_view name);
  /// Of all options that mean something for such sources.
  void add_all(Sources sources);

 private:
  void add_layer(const std::vector<Setting>& settings, const std::function<bool(const OptionRow&)>& wanted);

  Words& words_;
  const Configuration& configuration_;
  const Station* station_ = nullptr;
  std::set<std::string> settled_;  ///< also what is switched off
};

/// What holds, as a file that --config takes.
[[nodiscard]] std::string configuration_text(const Words& words, const Configuration& configuration);

/// One line for each station: its name and frequency.
[[nodiscard]] std::string station_list(const Configuration& configuration);

}  // namespace fmrx::cli
