// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/job_file.hpp"

#include <string>
#include <vector>

#include "base/error.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::cli;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kJob = "[[job]]\nfreq = '92.7M'\nstart = '20:00'\ndays = 'daily'\nlength = '1h'\n";

std::string refusal_of(const std::string& text) {
  try {
    const auto jobs = parse_jobs(text, "jobs.toml");
    CHECK_FALSE(jobs.empty());
  } catch (const Error& error) {
    CHECK(error.status() == ExitStatus::usage);
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a file of jobs, with what holds for all of them") {
  const auto jobs = parse_jobs(R"(
folder = "archive"
format = "opus"
options = ["--source", "sim"]

[[job]]
name = "news"
freq = "92.7M"
days = ["mon", "wed"]
start = "20:00"
length = "30m"

[[job]]
freq = "88.0M"
start = "2026-11-21T20:00"
length = "1h"
folder = "once/"
names = "{ps}.wav"
format = "wav"
options = ["--mono"]
)",
                               "jobs.toml");
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].name == "news");
  CHECK(jobs[0].times.days == 0b000'0101);
  CHECK(jobs[0].times.length == 30min);
  CHECK(jobs[0].arguments == std::vector<std::string>{"--freq", "92.7M", "--output", "archive/", "--format",
                                                      "opus", "--source", "sim"});
  CHECK(jobs[1].name == "88.0M");
  CHECK(jobs[1].times.start.has_date);
  CHECK(jobs[1].arguments == std::vector<std::string>{"--freq", "88.0M", "--output", "once/", "--format",
                                                      "wav", "--name", "{ps}.wav", "--source", "sim",
                                                      "--mono"});
}

TEST_CASE("what is wrong is refused in one line that says where") {
  CHECK(refusal_of(kJob) == "accepted");
  CHECK_THAT(refusal_of("a = "), ContainsSubstring("jobs.toml: line 1: "));
  CHECK_THAT(refusal_of(""), ContainsSubstring("there is no [[job]]"));
  CHECK_THAT(refusal_of("job = 3"), ContainsSubstring("there is no [[job]]"));
  CHECK_THAT(refusal_of("colour = 'red'\n" + kJob), ContainsSubstring("there is no key 'colour'"));
  CHECK_THAT(refusal_of("[[job]]\nstart = '20:00'\n"), ContainsSubstring("job 1: freq is missing"));
  CHECK_THAT(refusal_of(kJob + "freqency = '1'\n"), ContainsSubstring("job 1: there is no key 'freqency'"));
  CHECK_THAT(refusal_of(kJob + "options = ['--mono', 3]\n"),
             ContainsSubstring("options must be a list of texts"));
  CHECK_THAT(refusal_of(kJob + "options = ['--colour']\n"),
             ContainsSubstring("job '92.7M': unknown option --colour"));
  CHECK_THAT(refusal_of(kJob + "options = ['-t', '10']\n"), ContainsSubstring("without times"));
  CHECK_THAT(refusal_of(kJob + "options = ['--help']\n"),
             ContainsSubstring("options may be those of recording"));
  CHECK_THAT(refusal_of(kJob + "names = '../{start}.wav'\n"),
             ContainsSubstring("may not lead out of the folder"));
  CHECK_THAT(refusal_of("[[job]]\nfreq = '92.7M'\nstart = '20:00'\nlength = '1h'\n"),
             ContainsSubstring("days is missing"));
  CHECK_THAT(refusal_of("[[job]]\nfreq = '92.7M'\nstart = '2026-11-21T20:00'\nlength = '1h'\ndays='mon'\n"),
             ContainsSubstring("days must be left out"));
  CHECK_THAT(refusal_of("[[job]]\nfreq = '92.7M'\nstart = '20:00'\ndays = 'someday'\nlength = '1h'\n"),
             ContainsSubstring("'someday' is no day"));
  CHECK_THAT(refusal_of("[[job]]\nfreq = 92.7\n"), ContainsSubstring("freq must be text in quotes"));
}
