// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the shells themselves complete, with the scripts that are installed.
#include "cli/completion.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/option_table.hpp"
#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx::cli;
using fmrx::UniqueFd;
using fmrx::test::ChildProcess;
using fmrx::test::contents;
using fmrx::test::kPatience;
using fmrx::test::new_file;
using fmrx::test::TemporaryFolder;

namespace {

using WordSet = std::set<std::string>;

struct Shell {
  std::string name;
  std::vector<std::string> command;  ///< the driver and the script it loads
};

const std::vector<Shell>& shells() {
  static const std::string drivers = FMRX_DRIVERS;
  static const std::string scripts = FMRX_COMPLETIONS;
  static const std::vector<Shell> all{
      {"bash", {"bash", drivers + "/complete.bash", scripts + "/fmrx.bash"}},
      {"zsh", {"zsh", "-f", drivers + "/complete.zsh", scripts}},
      {"fish", {"fish", "--no-config", drivers + "/complete.fish", scripts + "/fmrx.fish"}}};
  return all;
}

bool is_installed(const std::string& program) {
  std::istringstream folders(std::getenv("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

WordSet words_of(const std::string& line) {
  std::istringstream in(line);
  WordSet words;
  for (std::string word; in >> word;) words.insert(word);
  return words;
}

/// A folder with a recording and a folder in it, where an `fmrx` finds two dongles.
struct Desk {
  Desk() {
    std::ofstream(folder.file("air.cu8")) << "x";
    std::filesystem::create_directory(folder.file("shows"));
    std::filesystem::create_directories(folder.file("bin/fmrx-files/fmrx"));
    std::ofstream(folder.file("bin/fmrx-files/fmrx/fmrx.toml"))
        << "[stations]\nwxrt = '93.1M'\nfar = '88.5M'\n";
    const std::string program = folder.file("bin/fmrx");
#ifdef FMRX_USB_STAND_IN
    std::ofstream(program) << "#!/bin/sh\nLD_PRELOAD='" FMRX_USB_STAND_IN "' FMRX_USB=dongles=2 exec '"
                           << FMRX_PROGRAM << "' \"$@\"\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
#else
    std::filesystem::create_symlink(FMRX_PROGRAM, program);
#endif
  }
  TemporaryFolder folder;
};

/// What the shell offers for the last word of each line, in the folder of the desk.
std::vector<WordSet> completions(const Shell& shell, const Desk& desk,
                                 const std::vector<std::string>& lines) {
  const std::string printed = desk.folder.file("bin/printed");
  {
    const UniqueFd output = new_file(printed);
    ChildProcess::Setup setup;
    setup.command = {"sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", desk.folder.file("")};
    setup.command.insert(setup.command.end(), shell.command.begin(), shell.command.end());
    setup.command.insert(setup.command.end(), lines.begin(), lines.end());
    setup.output = output.get();
    setup.environment = {{"PATH", desk.folder.file("bin") + ":" + std::getenv("PATH")},
                         {"HOME", desk.folder.file("bin")},
                         {"XDG_CONFIG_HOME", desk.folder.file("bin/fmrx-files")},
                         {"TERM", "dumb"}};
    ChildProcess child(setup);
    REQUIRE(child.wait(kPatience));
    CAPTURE(shell.name, child.errors());
    REQUIRE(contents(printed) != "");
  }
  std::istringstream out(contents(printed));
  std::vector<WordSet> all;
  for (std::string line; std::getline(out, line) && all.size() < lines.size();) {
    const std::string& typed = lines[all.size()];
    // bash shows the whole line, in which the candidates have replaced the last word, or what
    // follows its colon or equal sign.
    if (shell.name == "bash") line.erase(0, typed.find_last_of(" :=") + 1);
    all.push_back(words_of(line));
  }
  REQUIRE(all.size() == lines.size());
  return all;
}

bool has_all(const WordSet& words, const WordSet& wanted) {
  for (const std::string& one : wanted) {
    if (words.find(one) == words.end()) {
      UNSCOPED_INFO("lacks " << one);
      return false;
    }
  }
  return true;
}

/// `body(shell, desk)` for each shell that there is.
template <class Body>
void in_each_shell(Body body) {
  const Desk desk;
  for (const Shell& shell : shells()) {
    if (!is_installed(shell.name)) {
      WARN("skipped: " << shell.name << " is not installed");
      continue;
    }
    body(shell, desk);
  }
}

}  // namespace

TEST_CASE("every shell completes exactly the options of each command") {
  std::vector<std::string> lines;
  for (const CommandTable* const table : all_tables()) lines.push_back(std::string(table->name) + " --");
  in_each_shell([&](const Shell& shell, const Desk& desk) {
    const std::vector<WordSet> offered = completions(shell, desk, lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      WordSet wanted;
      for (const OptionRow& row : all_tables()[i]->options) wanted.insert("--" + std::string(row.name));
      CAPTURE(shell.name, lines[i]);
      CHECK(offered[i] == wanted);
    }
  });
}

TEST_CASE("every shell completes the fixed values of each option") {
  std::vector<std::string> lines;
  std::vector<WordSet> wanted;
  for (const CommandTable* const table : all_tables()) {
    for (const OptionRow& row : table->options) {
      if (row.choices.empty()) continue;
      lines.push_back(std::string(table->name) + " --" + std::string(row.name) + " ");
      wanted.push_back(words_of(std::string(row.choices)));
    }
  }
  REQUIRE(lines.size() > 10);
  in_each_shell([&](const Shell& shell, const Desk& desk) {
    const std::vector<WordSet> offered = completions(shell, desk, lines);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      CAPTURE(shell.name, lines[i]);
      CHECK(has_all(offered[i], wanted[i]));
    }
  });
}

TEST_CASE("every shell completes commands, files, folders and paths behind a colon") {
  const std::vector<std::string> lines{
      "fmrx ba",          "fmrx -o a",  "fmrx --source file:a", "fmrx --rds json:a",
      "fmrx batch -o sh", "fmrx rds a", "fmrx batch x -- --de"};
  in_each_shell([&](const Shell& shell, const Desk& desk) {
    CAPTURE(shell.name);
    const std::vector<WordSet> offered = completions(shell, desk, lines);
    CHECK(offered[0] == WordSet{"batch"});
    CHECK(has_all(offered[1], {"air.cu8"}));
    const std::string before = shell.name == "fish" ? "file:" : "";
    CHECK(offered[2] == WordSet{before + "air.cu8"});
    CHECK(offered[3] == WordSet{shell.name == "fish" ? "json:air.cu8" : "air.cu8"});
    CHECK(offered[4] == WordSet{shell.name == "fish" ? "shows/" : "shows"});
    CHECK(offered[5] == WordSet{"air.cu8"});
    CHECK(offered[6] == WordSet{"--deemphasis", "--device"});
  });
}

TEST_CASE("every shell completes the stations of the configuration file") {
  in_each_shell([&](const Shell& shell, const Desk& desk) {
    CAPTURE(shell.name);
    CHECK(completions(shell, desk, {"fmrx --freq "}).front() == WordSet{"far", "wxrt"});
  });
}

#ifdef FMRX_USB_STAND_IN
TEST_CASE("every shell completes the dongles and gains that fmrx finds") {
  const std::vector<std::string> lines{"fmrx --device ", "fmrx -g 4", "fmrx doctor -d "};
  in_each_shell([&](const Shell& shell, const Desk& desk) {
    CAPTURE(shell.name);
    const std::vector<WordSet> offered = completions(shell, desk, lines);
    CHECK(has_all(offered[0], {":00000001", ":00000002"}));
    // The R820T's largest steps, as librtlsdr lists them.
    CHECK(has_all(offered[1], {"40.2", "42.1", "43.4", "43.9", "44.5", "48.0", "49.6"}));
    CHECK(has_all(offered[2], {":00000001", ":00000002"}));
  });
}
#endif
