// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/hook_command.hpp"

#include <string>
#include <vector>

#include "base/error.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::cli;
using Words = std::vector<std::string>;

namespace {

const std::vector<std::string_view> kFields{"path", "start"};

Words words_of(const std::string& text, const std::string& path = "a b.wav") {
  return HookCommand(text, kFields).words({{"path", path}, {"start", "now"}}, "path");
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
