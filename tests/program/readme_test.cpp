// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Every example of README.md is run, by a shell, in one folder and in the order of the page.
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

using fmrx::test::ChildProcess;
using fmrx::test::contents;
using fmrx::test::kPatience;
using fmrx::test::Run;
using fmrx::test::TemporaryFolder;

namespace {

const std::string& readme() {
  static const std::string text = contents(FMRX_README);
  return text;
}

/// The lines of all code blocks in that language.
std::vector<std::string> code(const std::string& language) {
  std::vector<std::string> lines;
  bool inside = false;
  std::istringstream in(readme());
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("```", 0) == 0) {
      inside = !inside && line == "```" + language;
      continue;
    }
    if (inside && !line.empty()) lines.push_back(line);
  }
  return lines;
}

void write_program(const std::string& path, const std::string& script) {
  std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

/// Enough for some audio: 2 s, or ten times that under an emulator.
constexpr auto kListening = kPatience / 30;

/// A home with the README's configuration file; an `fmrx` that has a dongle and gets Ctrl-C after
/// kListening; programs that take what is piped into them.
struct Home {
  Home() {
    std::filesystem::create_directories(folder.file(".config/fmrx"));
    std::ofstream file(folder.file(".config/fmrx/fmrx.toml"));
    for (const std::string& line : code("toml")) file << line << "\n";
    std::filesystem::create_directory(folder.file("bin"));
    const std::string interrupted =
        "timeout --foreground --preserve-status -s INT " + std::to_string(kListening.count());
    write_program(folder.file("bin/fmrx"), "fmrx='" FMRX_PROGRAM
                                           "'\n"
                                           "case $1 in sim) exec \"$fmrx\" \"$@\" ;; esac\n"
                                           "exec " +
                                               interrupted +
                                               " env FMRX_USB=iq=sim LD_PRELOAD='" FMRX_USB_STAND_IN
                                               "' \"$fmrx\" \"$@\"");
    for (const char* const reader : {"aplay", "sox", "redsea"})
      write_program(folder.file(std::string("bin/") + reader), "test \"$(head -c 1000 | wc -c)\" -gt 0");
  }

  [[nodiscard]] Run shell(const std::string& line) const {
    ChildProcess::Setup setup;
    setup.command = {"sh", "-c", "cd \"$1\" && " + line, "sh", folder.file("")};
    setup.environment = {{"PATH", folder.file("bin") + ":" + std::getenv("PATH")},
                         {"HOME", folder.file("")},
                         {"XDG_CONFIG_HOME", ""}};
    return fmrx::test::run(setup);
  }

  TemporaryFolder folder;
};

bool is_of_fmrx(const std::string& line) {
  return line.rfind("fmrx ", 0) == 0;
}

/// Without a sound card an example that plays ends with status 5, and says why.
bool plays_without_card(const Run& run) {
  return run.status == 5 && run.errors.find("sound") != std::string::npos;
}

}  // namespace

TEST_CASE("every example of the README does what it says") {
  const Home home;
  int examples = 0;
  for (const std::string& line : code("sh")) {
    if (!is_of_fmrx(line)) continue;
    ++examples;
    const Run run = home.shell(line);
    CAPTURE(line, run.errors);
    CHECK((run.status == 0 || plays_without_card(run)));
    CHECK(run.errors.find("usage") == std::string::npos);
  }
  CHECK(examples > 15);
  for (const char* const made : {"news.wav", "air.cu8", "station.wav", "station2.wav"}) {
    CAPTURE(made);
    REQUIRE(std::filesystem::exists(home.folder.file(made)));
    CHECK(std::filesystem::file_size(home.folder.file(made)) > 10'000);
  }
}

TEST_CASE("what else the README's shell blocks name is there") {
  const std::filesystem::path root = std::filesystem::path(FMRX_README).parent_path();
  for (const std::string& line : code("sh")) {
    CAPTURE(line);
    if (is_of_fmrx(line) || line == "PATH=$PWD/build/release/src:$PATH") continue;
    CHECK(::access((root / line).c_str(), X_OK) == 0);
  }
}

TEST_CASE("the README lists the exit statuses of the help") {
  for (const fmrx::cli::StatusMeaning& one : fmrx::cli::exit_statuses()) {
    CAPTURE(one.status);
    CHECK(readme().find("\n| " + std::to_string(one.status) + " | ") != std::string::npos);
  }
}
