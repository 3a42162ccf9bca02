// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/child_process.hpp"

namespace fmrx::test {

/// How much longer everything may take with sanitizers, or under an emulator.
inline constexpr int kSlowness = FMRX_TEST_SLOWNESS;
/// Far more than a run takes, so that only a hang meets it.
inline constexpr auto kPatience = std::chrono::seconds(FMRX_TEST_PATIENCE_S);

/// What a run of the program left behind.
struct Run {
  std::optional<int> status;  ///< nothing: it hung
  std::string errors;
};

/// fmrx with these arguments, as from a shell.
inline ChildProcess::Setup with_arguments(std::vector<std::string> arguments, int input = -1,
                                          int output = -1) {
  arguments.insert(arguments.begin(), FMRX_PROGRAM);
  ChildProcess::Setup setup;
  setup.command = std::move(arguments);
  setup.input = input;
  setup.output = output;
  return setup;
}

inline Run run(const ChildProcess::Setup& setup) {
  ChildProcess program(setup);
  Run result;
  result.status = program.wait(kPatience);
  result.errors = program.errors();
  return result;
}

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    read_end = UniqueFd(ends[0]);
    write_end = UniqueFd(ends[1]);
  }
  UniqueFd read_end;
  UniqueFd write_end;
};

inline UniqueFd new_file(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
}

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace fmrx::test
