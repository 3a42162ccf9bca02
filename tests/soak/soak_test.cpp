// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Hours and days of a receiver that everything befalls, on virtual time: docs/testing.md.
#include "soak/soak.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/log.hpp"
#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::test;
using namespace std::chrono_literals;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string description(const SoakPlan& plan, const SoakReport& report) {
  std::string text = "seed " + std::to_string(plan.seed) + ", " + std::to_string(plan.ppm) + " ppm\n";
  for (const Incident& incident : plan.incidents)
    text += std::to_string(incident.when / 1ms) + " ms: " + name_of(incident.mishap) + " " +
            std::to_string(incident.length / 1ms) + " ms\n";
  for (const std::string& about : report.complaints) text += "WRONG: " + about + "\n";
  return text;
}

void check_seeds(std::uint64_t first, std::uint64_t count, rt::Duration length, bool print) {
  log::set_level(log::Level::error);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const SoakPlan plan = make_plan(seed, length, seed % 4 == 0);
    const SoakReport report = soak(plan);
    INFO(description(plan, report));
    CHECK(report.complaints.empty());
    if (!print) continue;
    std::printf(
        "seed %llu: %zu incidents, %llu files, %llu frames sent, %llu recorded, %llu dropped, "
        "time line %+.3f s, heap %+zd bytes, end %lld ms%s\n",
        static_cast<unsigned long long>(seed), plan.incidents.size(),
        static_cast<unsigned long long>(report.files), static_cast<unsigned long long>(report.handed_over),
        static_cast<unsigned long long>(report.recorded), static_cast<unsigned long long>(report.dropped),
        report.silence_error_s, static_cast<std::ptrdiff_t>(report.memory_growth_bytes),
        static_cast<long long>(report.end_took / 1ms), report.disk_was_full ? ", disk full" : "");
    std::fflush(stdout);
  }
}

}  // namespace

TEST_CASE("a virtual hour of mishaps: every sample is recorded or counted and the time line holds") {
  check_seeds(1, 6, 1h, false);
}

TEST_CASE("a seed replays a run to the last sample") {
  const SoakPlan plan = make_plan(7, 10min, false);
  const auto run = [&plan] {
    SoakReport report = soak(plan);
    report.memory_growth_bytes = 0;  // the process's, and so another at the second time
    return report;
  };
  CHECK(run() == run());
}

TEST_CASE("days, and more seeds", "[.long]") {
  // FMRX_SEED=100 FMRX_SEEDS=1000 FMRX_HOURS=24
  check_seeds(setting("FMRX_SEED", 1), setting("FMRX_SEEDS", 1),
              std::chrono::hours(setting("FMRX_HOURS", 24)), true);
}
