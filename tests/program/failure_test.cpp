// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The Nth system call, library call or allocation of the program fails, for N = 1, 2, 3 until there
// are no more (tests/support/failing). Whichever it is: the program ends, with a documented status,
// one line for what was wrong, and whole files; or nobody notices.
#include <sndfile.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "program/program.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace fmrx;
using namespace fmrx::test;

namespace {

constexpr long kFrames = 9'600;  // 0.2 s
constexpr std::size_t kSideBySide = 4;
constexpr int kLastStatus = 7;

struct Scenario {
  const char* name;
  std::function<std::vector<std::string>(const std::string& folder, const std::string& iq)> arguments;
  std::vector<const char*> files;  ///< that a run without failure leaves, of kFrames each
  bool reads_stdin = false;
  bool writes_pipe = false;
  bool has_dongle = false;
};

std::vector<Scenario> scenarios() {
  using Words = std::vector<std::string>;
  const Words sim{"--source", "sim", "-f", "92.7M", "-s", "256k", "-t", "0.2"};
  const auto with = [](Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  return {
      {"simulator to WAV",
       [=](const std::string& folder, const std::string&) {
         return with(sim, {"-o", folder + "x.wav"});
       },
       {"x.wav"}},
      {"simulator to FLAC, and RDS",
       [=](const std::string& folder, const std::string&) {
         return with(sim, {"-o", folder + "x.flac", "--rds", "json:" + folder + "rds.json"});
       },
       {"x.flac"}},
      {"IQ file to a pipe",
       [](const std::string&, const std::string& iq) {
         return Words{"--source", "file:" + iq, "-o", "-"};
       },
       {},
       false,
       true},
      {"standard input to WAV",
       [](const std::string& folder, const std::string&) {
         return Words{"--source", "-", "--iq-format", "cu8", "-s", "256k", "-o", folder + "x.wav"};
       },
       {"x.wav"},
       true},
      {"dongle to WAV",
       [](const std::string& folder, const std::string&) {
         return Words{"-f", "92.7M", "-s", "256k", "-g", "20.7", "-t", "0.2", "-o", folder + "x.wav"};
       },
       {"x.wav"},
       false,
       false,
       true},
      {"batch",
       [](const std::string& folder, const std::string& iq) {
         return Words{"batch", "-o", folder + "out", "--format", "wav", iq};
       },
       {"out/iq_92.7M_256k.wav"}},
  };
}

/// One run in which a call fails.
class FailingRun {
 public:
  FailingRun(const Scenario& scenario, const char* kind, std::size_t number, const std::string& iq)
      : scenario_(scenario), number_(number) {
    ChildProcess::Setup setup = with_arguments(scenario.arguments(folder_.file(""), iq));
    std::string libraries = FMRX_FAILING;
    if (scenario.has_dongle) libraries += std::string(":") + FMRX_USB_STAND_IN;
    setup.environment = {{"LD_PRELOAD", libraries},
                         {"FMRX_FAIL", std::string(kind) + ":" + std::to_string(number)},
                         {"FMRX_FAIL_LOG", log()},
                         {"FMRX_USB", ""}};
    input_ = UniqueFd(::open(iq.c_str(), O_RDONLY | O_CLOEXEC));
    if (scenario.reads_stdin) setup.input = input_.get();
    // Holds all of it: nobody needs to read meanwhile.
    if (scenario.writes_pipe) setup.output = pipe_.write_end.get();
    program_ = std::make_unique<ChildProcess>(setup);
    pipe_.write_end.reset();
  }

  /// False: there are not so many calls.
  [[nodiscard]] bool check() {
    const auto status = program_->wait(kPatience);
    const std::string failed = contents(log());
    INFO(scenario_.name << ": call " << number_ << ", " << failed << "; status " << status.value_or(-1)
                        << "\n"
                        << program_->errors());
    REQUIRE(status);
    CHECK((*status >= 0 && *status <= kLastStatus));
    if (*status == 0) check_success();
    if (*status != 0) check_one_line(program_->errors());
    check_files();
    return !failed.empty();
  }

 private:
  [[nodiscard]] std::string log() const { return folder_.file("failed"); }

  void check_success() {
    for (const char* const name : scenario_.files) {
      const long frames = frames_in(folder_.file(name));
      CHECK((frames == kFrames || (frames >= 0 && frames < kFrames && has_told_losses())));
    }
    if (!scenario_.writes_pipe) return;
    std::string bytes(1 << 16, '\0');
    const ssize_t got = ::read(pipe_.read_end.get(), bytes.data(), bytes.size());
    CHECK(got == kFrames * 4);
  }

  /// A dongle does not wait for an emulator that is too slow, but then the user is told.
  [[nodiscard]] bool has_told_losses() const {
    return kSlowness > 1 && scenario_.has_dongle &&
           program_->errors().find(" samples lost: ") != std::string::npos;
  }

  /// What the user reads: of this program, one error, and nothing of an internal one.
  static void check_one_line(const std::string& errors) {
    int count = 0;
    std::istringstream text(errors);
    for (std::string line; std::getline(text, line);) {
      CHECK(line.starts_with("fmrx: "));
      if (line.starts_with("fmrx: error: ")) ++count;
    }
    CHECK(count >= 1);
    CHECK(errors.find("internal error") == std::string::npos);
  }

  /// What has its name is a whole file; what is a .part has at least a whole header.
  void check_files() const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.file(""))) {
      const std::string path = entry.path().string();
      if (!path.ends_with(".wav") && !path.ends_with(".flac")) continue;
      INFO(path);
      CHECK(frames_in(path) >= 0);
    }
  }

  static long frames_in(const std::string& path) {
    SF_INFO info{};
    SNDFILE* const file = ::sf_open(path.c_str(), SFM_READ, &info);
    if (file == nullptr) return -1;
    std::vector<short> piece(8'192);
    long frames = 0;
    for (sf_count_t count = 1; count > 0; frames += static_cast<long>(count))
      count = ::sf_readf_short(file, piece.data(), static_cast<sf_count_t>(piece.size() / 2));
    ::sf_close(file);
    return frames == info.frames ? frames : -1;
  }

  const Scenario& scenario_;
  std::size_t number_;
  TemporaryFolder folder_;
  UniqueFd input_;
  Pipe pipe_;
  std::unique_ptr<ChildProcess> program_;
};

std::string make_iq(const TemporaryFolder& folder) {
  const std::string path = folder.file("iq_92.7M_256k.cu8");
  REQUIRE(run(with_arguments({"sim", "-f", "92.7M", "-s", "256k", "-t", "0.2", "--iq", path})).status == 0);
  return path;
}

/// Every `stride`th call.
void fail_one_after_the_other(const char* kind, std::size_t stride) {
  const TemporaryFolder folder;
  const std::string iq = make_iq(folder);
  for (const Scenario& scenario : scenarios()) {
    std::size_t number = 1;
    for (bool more = true; more;) {
      std::vector<std::unique_ptr<FailingRun>> runs;
      for (std::size_t i = 0; i < kSideBySide; ++i, number += stride)
        runs.push_back(std::make_unique<FailingRun>(scenario, kind, number, iq));
      for (const auto& run : runs) more &= run->check();
    }
    if (stride == 1) WARN(scenario.name << ": " << kind << ", up to " << number - 1 << " calls");
  }
}

}  // namespace

TEST_CASE("whichever system or library call fails: the end is a clean one") {
  fail_one_after_the_other("system", 1);
}

TEST_CASE("whichever allocation fails: the end is a clean one", "[.memory]") {
  // FMRX_STRIDE=97 tries each 97th only.
  const char* const stride = std::getenv("FMRX_STRIDE");
  fail_one_after_the_other("memory", stride == nullptr ? 1 : std::strtoul(stride, nullptr, 10));
}
