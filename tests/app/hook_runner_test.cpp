// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/hook_runner.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace fmrx::app;

namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("commands run in their order, and before the end") {
  const test::TemporaryFolder folder;
  {
    HookRunner runner;
    runner.run({"sh", "-c", "echo 1 >> \"$0\"", folder.file("out")});
    runner.run({"sh", "-c", "echo 2 >> \"$0\"", folder.file("out")});
  }
  CHECK(contents(folder.file("out")) == "1\n2\n");
}

TEST_CASE("a command has no input, and its output does not reach standard output") {
  const test::TemporaryFolder folder;
  const std::string said = test::stderr_of([&] {
    HookRunner runner;
    runner.run({"sh", "-c", "cat > \"$0\"; echo hello", folder.file("out")});
  });
  CHECK(contents(folder.file("out")).empty());
  CHECK(said == "hello\n");
}

TEST_CASE("a command that fails or is not there is said") {
  const std::string said = test::stderr_of([&] {
    HookRunner runner;
    runner.run({"false"});
    runner.run({"/nonexistent/command"});
  });
  CHECK(said.find("false ended with status 1") != std::string::npos);
  CHECK(said.find("cannot run /nonexistent/command") != std::string::npos);
}
