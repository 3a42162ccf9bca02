// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/hooks.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace fmrx::cli;
using Words = std::vector<std::string>;

namespace {

const std::vector<std::string_view> kFields{"path", "start"};

Words words_of(const std::string& text, const std::string& path = "a b.wav") {
  return HookCommand(text, kFields).words({{"path", path}, {"start", "now"}}, "path");
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a command is split at blanks, outside quotes") {
  CHECK(words_of("mv  {path}\t/archive") == Words{"mv", "a b.wav", "/archive"});
  CHECK(words_of("x 'a b' \"c d\"e '' {start}") == Words{"x", "a b", "c de", "", "now"});
}

TEST_CASE("without a field the path is the last argument") {
  CHECK(words_of("gzip -9") == Words{"gzip", "-9", "a b.wav"});
}

TEST_CASE("what is filled in stays one argument and is not looked at again") {
  CHECK(words_of("x {path}", "$(rm -rf /) {start} 'q\"") == Words{"x", "$(rm -rf /) {start} 'q\""});
  CHECK(words_of("x --file={path}.bak") == Words{"x", "--file=a b.wav.bak"});
  CHECK(words_of("x {} {Path} {path}") == Words{"x", "{}", "{Path}", "a b.wav"});
}

TEST_CASE("a command that is none is refused") {
  for (const char* wrong : {"", "  ", "x 'y", "x {file}"})
    CHECK_THROWS_AS(HookCommand(wrong, kFields), Error);
}

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
