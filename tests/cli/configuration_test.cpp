// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/configuration.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "cli/options.hpp"
#include "cli/refusal.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx::cli;
using fmrx::Decibels;
using fmrx::Hertz;
using fmrx::test::contains;
using fmrx::test::refusal;
using fmrx::test::TemporaryFolder;

namespace {

/// The command line `line` beside a file with `text`.
Command parse_beside(const std::string& text, const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words{"fmrx"};
  for (std::string word; in >> word;) words.push_back(word);
  std::vector<const char*> argv;
  for (const std::string& word : words) argv.push_back(word.c_str());
  return parse(static_cast<int>(argv.size()), argv.data(), [&](const std::optional<std::string>& path) {
    return parse_configuration(text, path.value_or("fmrx.toml"));
  });
}

Options beside(const std::string& text, const std::string& line) {
  return std::get<Options>(parse_beside(text, line));
}

std::string refusal_beside(const std::string& text, const std::string& line) {
  return refusal([&] { static_cast<void>(parse_beside(text, line)); });
}

/// A value for each option that a file may hold, as TOML.
std::string sample_of(const OptionRow& row) {
  const std::string choice(row.choices.substr(0, row.choices.find(' ')));
  if (row.value.empty()) return "true";
  if (!choice.empty() && row.name != "source")
    return choice.ends_with(':') ? "'" + choice + "x'" : "'" + choice + "'";
  const std::set<std::string_view> times{"duration", "require-signal", "start"};
  const std::set<std::string_view> moments{"at", "until"};
  if (times.count(row.name) > 0) return "90";
  if (moments.count(row.name) > 0) return "'20:00'";
  if (row.name == "freq" || row.name == "center") return "92.7";
  if (row.name == "source") return "'sim'";
  if (row.name == "offset") return "'250k'";
  if (row.name == "latency") return "100";
  if (row.name == "rate") return "'2.4M'";
  if (row.name == "split") return "'1h'";
  if (row.name == "keep") return "'30d'";
  if (row.name == "name") return "'{start:%H%M}'";
  if (row.name == "mpx") return "'x.wav'";
  if (row.name == "iq") return "'x.sigmf-data'";
  if (row.name == "output") return "['play', 'shows/']";
  if (row.name == "rds") return "['json:x', 'hex:y']";
  return "1";
}

}  // namespace

TEST_CASE("the file takes every option by its long name, but for those that only the command line has") {
  for (const OptionRow& row : receive_table().options) {
    const std::string name(row.name);
    const std::string text = name + " = " + sample_of(row);
    CAPTURE(text);
    if (row.only_typed) {
      CHECK(refusal_beside(text, "-f 92.7") ==
            "fmrx.toml:1: " + name + " is for the command line; leave it out here");
      continue;
    }
    CHECK_NOTHROW(parse_beside(text, "--print-config"));
  }
}

TEST_CASE("what the file says holds, and the command line beats it") {
  const std::string text =
      "freq = 101.5\nvolume = -6\ndeemphasis = 75\nmono = true\noutput = ['play', 'x.wav']\n";
  const Options options = beside(text, "");
  CHECK(options.freq == Hertz(101.5e6));
  CHECK(options.volume == Decibels(-6));
  CHECK(options.deemphasis_us == 75);
  CHECK(options.stereo == StereoMode::mono);
  CHECK(options.outputs.size() == 2);

  CHECK(beside(text, "-f 92.7").freq == Hertz(92.7e6));
  CHECK(beside(text, "--volume 3").volume == Decibels(3));
  // What excludes it stands on the command line.
  CHECK(beside(text, "--stereo").stereo == StereoMode::stereo);
  CHECK(beside(text, "-o none").outputs.front().kind == OutputKind::none);
  CHECK(beside("duration = 90", "-f 92.7 --until 20:00").duration == std::nullopt);
  CHECK(beside("quiet = true", "-f 92.7 -v").verbosity == Verbosity::verbose);
  CHECK(beside(text, "--no-config -f 92.7").deemphasis_us == 50);
}

TEST_CASE("what the file says of another source or of recordings does no harm") {
  const std::string text = "gain = 32.8\ncenter = '93M'\nkeep = '30d'\nmpx-rate = '171k'\n";
  CHECK_FALSE(beside(text, "--source sim").gain);
  CHECK(beside(text, "-f 92.7").gain == Decibels(32.8));
  CHECK_FALSE(beside(text, "-f 92.7").centre);
  CHECK(beside(text, "--source file:x.cu8 -s 2.4M -f 92.7").centre == Hertz(93e6));
  CHECK(contains(refusal_beside(text, "--source sim -g 30"), "--gain is for a dongle"));
}

TEST_CASE("a station is heard by its name, with its own options") {
  const std::string text =
      "volume = -3\nmono = true\n"
      "[stations]\nwxrt = '93.1M'\nnumber = 101.5\n"
      "[stations.far]\nfreq = '88.5M'\nvolume = 6\nmono = false\nbandwidth = '80k'\n";
  CHECK(beside(text, "-f wxrt").freq == Hertz(93.1e6));
  CHECK(beside(text, "-f wxrt").volume == Decibels(-3));
  CHECK(beside(text, "--freq number").freq == Hertz(101.5e6));
  const Options far = beside(text, "-f far");
  CHECK(far.freq == Hertz(88.5e6));
  CHECK(far.volume == Decibels(6));
  CHECK(far.stereo == StereoMode::automatic);
  CHECK(far.bandwidth == Hertz(80e3));
  CHECK(beside(text, "-f far --volume 0").volume == Decibels(0));
  CHECK(beside("freq = 'far'\n" + text, "").freq == Hertz(88.5e6));
  CHECK(beside("freq = 'far'\n" + text, "-f wxrt").freq == Hertz(93.1e6));
  CHECK(refusal_beside(text, "-f wxrd") == "--freq: there is no station 'wxrd'; did you mean wxrt?");
  CHECK(std::get<Text>(parse_beside(text, "--list-stations")).text ==
        "far  88.5M\nnumber  101.5\nwxrt  93.1M\n");
}

TEST_CASE("what is wrong with the file is told by file, line, key and remedy") {
  struct Wrong {
    std::string text;
    std::string line;
  };
  const std::vector<Wrong> wrong{
      {"\nvolum = 3", "fmrx.toml:2: there is no option 'volum'; did you mean volume?"},
      {"xyzzy = 3", "fmrx.toml:1: there is no option 'xyzzy'; see fmrx --help"},
      {"station = 3", "fmrx.toml:1: there is no option 'station'; did you mean stations?"},
      {"volume = 99", "fmrx.toml:1: volume: '99' is not a number of dB from -60 to 20"},
      {"volume = true", "fmrx.toml:1: volume must be text in quotes, such as volume = \"DB\""},
      {"at = 20:00:00", "fmrx.toml:1: at must be text in quotes, such as at = \"TIME\""},
      {"volume = [1, 2]", "fmrx.toml:1: volume must be text in quotes"},
      {"output = [1979-05-27]", "fmrx.toml:1: output must be text, or a list of texts in quotes"},
      {"mono = 'yes'", "fmrx.toml:1: mono is on or off; write true or false"},
      {"mono = true\nstereo = true", "fmrx.toml:1: mono and fmrx.toml:2: stereo exclude each other"},
      {"rds = 'xml:x'", "fmrx.toml:1: rds: 'xml:x' is not known; write json:PATH"},
      {"source = 'simm'", "fmrx.toml:1: source: 'simm' is not a source; did you mean sim?"},
      {"stations = 3", "fmrx.toml:1: stations must be a table; write [stations]"},
      {"[stations]\nwxrt = '93,1M'", "fmrx.toml:2: station wxrt: freq: '93,1M'"},
      {"[stations]\n93 = '93.1M'", "fmrx.toml:2: '93' is no name for a station"},
      {"[stations]\n'a b' = '93.1M'", "fmrx.toml:2: 'a b' is no name for a station"},
      {"[stations.x]\nmono = true", "fmrx.toml:1: station x has no freq; add freq = \"92.7M\""},
      {"[stations.x]\nfreq = 93\nvolum = 3", "fmrx.toml:3: there is no option 'volum'"},
      {"mono = ", "fmrx.toml:1: "},
      {"mono = true\nmono = false", "fmrx.toml:2: "},
  };
  for (const Wrong& one : wrong) {
    CAPTURE(one.text);
    const std::string line = refusal_beside(one.text, "-f 92.7");
    CHECK_THAT(line, Catch::Matchers::StartsWith(one.line));
  }
}

TEST_CASE("--print-config prints what --config reads as the same") {
  const std::string text =
      "freq = 'far'\nvolume = -3\noutput = ['play', 'a \"b\".wav']\nmono = true\n"
      "[stations]\nwxrt = '93.1M'\n[stations.far]\nfreq = '88.5M'\nbandwidth = '80k'\n";
  const std::string printed = std::get<Text>(parse_beside(text, "--print-config --strict")).text;
  CAPTURE(printed);
  CHECK(std::get<Text>(parse_beside(printed, "--print-config")).text == printed);
  const Options options = beside(printed, "");
  CHECK(options.freq == Hertz(88.5e6));
  CHECK(options.bandwidth == Hertz(80e3));
  CHECK(options.strict);
  CHECK(options.outputs == beside(text, "").outputs);
  CHECK(beside(printed, "-f wxrt").freq == Hertz(93.1e6));
}

TEST_CASE("the file is that of --config, or lies in the user's folder") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("fmrx"));
  std::filesystem::create_directories(folder.file(".config/fmrx"));
  std::ofstream(folder.file("fmrx/fmrx.toml")) << "volume = 1";
  std::ofstream(folder.file(".config/fmrx/fmrx.toml")) << "volume = 2";
  const auto volume = [](const std::optional<std::string>& path) {
    return read_configuration(path).settings.at(0).values.at(0);
  };
  ::setenv("HOME", folder.file("").c_str(), 1);
  ::setenv("XDG_CONFIG_HOME", folder.file("").c_str(), 1);
  CHECK(volume({}) == "1");
  ::unsetenv("XDG_CONFIG_HOME");
  CHECK(volume({}) == "2");
  ::setenv("XDG_CONFIG_HOME", "not/absolute", 1);
  CHECK(volume({}) == "2");
  CHECK(volume(folder.file("fmrx/fmrx.toml")) == "1");

  ::setenv("XDG_CONFIG_HOME", folder.file("none").c_str(), 1);
  CHECK(read_configuration({}).settings.empty());
  CHECK(contains(refusal([&] { static_cast<void>(read_configuration(folder.file("none.toml"))); }),
                 "none.toml: the configuration file cannot be read"));
  CHECK(contains(refusal([&] { static_cast<void>(read_configuration(folder.file("fmrx"))); }),
                 "cannot be read"));
}
