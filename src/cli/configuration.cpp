// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/configuration.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/frequency.hpp"

namespace fmrx::cli {
namespace {

constexpr std::string_view kStations = "stations";

std::string place(const std::string& path, std::size_t line) {
  return printable(path) + ":" + std::to_string(line) + ": ";
}

std::size_t line_of(const toml::node& node) {
  return node.source().begin.line;
}

[[noreturn]] void refuse(const std::string& path, std::size_t line, const std::string& what) {
  throw Error(ExitStatus::usage, place(path, line) + what);
}

/// A value as it would stand on the command line; nothing if it is no text, number or bool.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto number = node.value_exact<double>()) {
    char digits[64];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), *number);
    return std::string(digits, end.ptr);
  }
  return std::nullopt;
}

/// Reads tables of one file.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] Configuration read(const toml::table& file) const {
    Configuration configuration;
    configuration.path = path_;
    for (const auto& [key, node] : file) {
      if (key.str() == kStations) {
        read_stations(node, configuration.stations);
      } else {
        configuration.settings.push_back(setting(key.str(), node));
      }
    }
    return configuration;
  }

 private:
  [[nodiscard]] const OptionRow& row_of(std::string_view key, std::size_t line) const {
    const CommandTable& table = receive_table();
    const OptionRow* const row = table.find(key);
    if (row != nullptr && !row->only_typed) return *row;
    if (row != nullptr) refuse(path_, line, std::string(key) + " is for the command line; leave it out here");
    std::vector<std::string_view> names{kStations};
    for (const OptionRow& one : table.options) {
      if (!one.only_typed) names.push_back(one.name);
    }
    const auto meant = nearest(key, names);
    refuse(path_, line,
           "there is no option '" + printable(key) + "'; " +
               (meant ? "did you mean " + std::string(*meant) + "?" : "see fmrx --help"));
  }

  [[nodiscard]] Setting setting(std::string_view key, const toml::node& node) const {
    const std::size_t line = line_of(node);
    const OptionRow& row = row_of(key, line);
    if (row.value.empty()) return {std::string(key), flag(key, node), line};
    const toml::array* const list = row.repeats ? node.as_array() : nullptr;
    if (list == nullptr) return {std::string(key), {text(row, node)}, line};
    Setting all{std::string(key), {}, line};
    for (const toml::node& entry : *list) all.values.push_back(text(row, entry));
    return all;
  }

  [[nodiscard]] std::vector<std::string> flag(std::string_view key, const toml::node& node) const {
    const std::optional<bool> on = node.value_exact<bool>();
    if (!on) refuse(path_, line_of(node), std::string(key) + " is on or off; write true or false");
    return *on ? std::vector<std::string>{"true"} : std::vector<std::string>{};
  }

  [[nodiscard]] std::string text(const OptionRow& row, const toml::node& node) const {
    const std::optional<std::string> found = text_of(node);
    if (found) return *found;
    refuse(path_, line_of(node),
           std::string(row.name) + " must be " + (row.repeats ? "text, or a list of texts" : "text") +
               " in quotes, such as " + std::string(row.name) + " = \"" + std::string(row.value) + "\"");
  }

  void read_stations(const toml::node& node, std::vector<Station>& stations) const {
    const toml::table* const table = node.as_table();
    if (table == nullptr) refuse(path_, line_of(node), "stations must be a table; write [stations]");
    for (const auto& [name, what] : *table) stations.push_back(station(name.str(), what));
  }

  [[nodiscard]] Station station(std::string_view name, const toml::node& node) const {
    check_name(name, line_of(node));
    Station station{std::string(name), {}};
    if (const toml::table* const table = node.as_table()) {
      for (const auto& [key, value] : *table) station.settings.push_back(setting(key.str(), value));
    } else {
      station.settings.push_back(setting("freq", node));
    }
    const auto freq = std::find_if(station.settings.begin(), station.settings.end(),
                                   [](const Setting& one) { return one.name == "freq"; });
    if (freq == station.settings.end())
      refuse(path_, line_of(node), "station " + printable(name) + " has no freq; add freq = \"92.7M\"");
    try {
      static_cast<void>(parse_frequency(freq->values.front()));
    } catch (const Error& error) {
      refuse(path_, freq->line, "station " + printable(name) + ": freq: " + error.what());
    }
    return station;
  }

  /// What --freq would take for something else is no name.
  void check_name(std::string_view name, std::size_t line) const {
    bool is_frequency = true;
    try {
      static_cast<void>(parse_frequency(name));
    } catch (const Error&) {
      is_frequency = false;
    }
    if (is_frequency || name.empty() || name.find_first_of(" \t\n\r") != std::string_view::npos ||
        name.front() == '-') {
      refuse(
          path_, line,
          "'" + printable(name) + "' is no name for a station; take one that is no number and has no blanks");
    }
  }

  std::string path_;
};

/// The options of that command that cannot stand beside that one.
std::vector<std::string_view> excluded_by(const CommandTable& table, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& [one, other] : exclusive_options()) {
    const std::string_view excluded = one == name ? other : other == name ? one : std::string_view();
    if (table.find(excluded) != nullptr) names.push_back(excluded);
  }
  return names;
}

std::string in_toml(std::string_view text) {
  std::ostringstream out;
  out << toml::value<std::string>(std::string(text));
  return out.str();
}

/// The right side of `name = ...`.
std::string value_in_toml(const OptionRow& row, const std::vector<std::string>& values) {
  if (row.value.empty()) return "true";
  if (values.size() == 1) return in_toml(values.front());
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "" : ", ") + in_toml(value);
  return "[" + list + "]";
}

}  // namespace

Configuration parse_configuration(std::string_view text, const std::string& path) {
  try {
    const toml::table file = toml::parse(text);
    return Reader(path).read(file);
  } catch (const toml::parse_error& error) {
    refuse(path, error.source().begin.line, std::string(error.description()));
  }
}

Configuration read_configuration(const std::optional<std::string>& path) {
  std::filesystem::path found;
  if (path) {
    found = *path;
  } else {
    const char* const base = std::getenv("XDG_CONFIG_HOME");
    const char* const home = std::getenv("HOME");
    // The standard: a path that is not absolute counts for nothing.
    if (base != nullptr && std::filesystem::path(base).is_absolute()) {
      found = base;
    } else if (home != nullptr && home[0] != '\0') {
      found = std::filesystem::path(home) / ".config";
    } else {
      return {};
    }
    found = found / "fmrx" / "fmrx.toml";
    std::error_code ignored;
    if (!std::filesystem::exists(found, ignored)) return {};
  }
  std::ifstream file(found, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file.is_open() || file.bad() || std::filesystem::is_directory(found)) {
    throw Error(ExitStatus::usage, printable(found.string()) + ": the configuration file cannot be read; " +
                                       "name another with --config, or add --no-config");
  }
  return parse_configuration(text.str(), found.string());
}

ConfiguredWords::ConfiguredWords(Words& words, const Configuration& configuration)
    : words_(words), configuration_(configuration) {
  std::optional<std::string> freq = words_.value("freq");
  for (const Setting& setting : configuration_.settings) {
    if (!freq && setting.name == "freq") freq = setting.values.front();
  }
  for (const Station& station : configuration_.stations) {
    if (station.name == freq) station_ = &station;
  }
  if (station_ != nullptr) words_.remove("freq");
}

void ConfiguredWords::add_layer(const std::vector<Setting>& settings,
                                const std::function<bool(const OptionRow&)>& wanted) {
  const Words before = words_;
  const auto stands = [&](std::string_view name) { return before.given(name); };
  const std::set<std::string> settled = settled_;
  for (const Setting& setting : settings) {
    const OptionRow& row = *words_.table().find(setting.name);
    if (!wanted(row) || stands(row.name) || settled.count(setting.name) > 0) continue;
    const auto others = excluded_by(words_.table(), row.name);
    if (std::any_of(others.begin(), others.end(), stands)) continue;
    settled_.insert(setting.name);
    for (const std::string& value : setting.values)
      words_.add(row.name, value, place(configuration_.path, setting.line));
  }
}

void ConfiguredWords::add(std::string_view name) {
  const auto is_it = [&](const OptionRow& row) { return row.name == name; };
  if (station_ != nullptr) add_layer(station_->settings, is_it);
  add_layer(configuration_.settings, is_it);
}

void ConfiguredWords::add_all(Sources sources) {
  const auto means_something = [&](const OptionRow& row) { return (row.sources & sources) != 0; };
  if (station_ != nullptr) add_layer(station_->settings, means_something);
  add_layer(configuration_.settings, means_something);
}

std::string configuration_text(const Words& words, const Configuration& configuration) {
  std::string out = configuration.path.empty() ? "# no configuration file\n"
                                               : "# with " + printable(configuration.path) + "\n";
  for (const OptionRow& row : words.table().options) {
    if (row.only_typed) continue;
    const std::string name(row.name);
    if (words.given(row.name)) {
      out += name + " = " + value_in_toml(row, words.values(row.name)) + "\n";
    } else if (!row.default_value.empty()) {
      out += "#" + name + " = " + in_toml(row.default_value) + "\n";
    }
  }
  for (const Station& station : configuration.stations) {
    out += "\n[stations." + in_toml(station.name) + "]\n";
    for (const Setting& setting : station.settings) {
      if (setting.values.empty()) continue;
      out += setting.name + " = " + value_in_toml(*words.table().find(setting.name), setting.values) + "\n";
    }
  }
  return out;
}

std::string station_list(const Configuration& configuration) {
  std::string out;
  for (const Station& station : configuration.stations) {
    const auto freq = std::find_if(station.settings.begin(), station.settings.end(),
                                   [](const Setting& one) { return one.name == "freq"; });
    out += station.name + "  " + freq->values.front() + "\n";
  }
  return out;
}

}  // namespace fmrx::cli
