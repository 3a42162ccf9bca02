// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The runtime against the least that could do the work and against Asio: medians of runs in
// turn. docs/runtime.md tells how to read it.
//
//   runtime_bench                               everything
//   runtime_bench ours channel_item 1000000     one run, for an instruction counter
#include "bench/runtime_bench.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

void* operator new(std::size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

using namespace fmrx::bench;

struct Row {
  const char* name;
  Measure Contender::*measure;
  std::size_t count;  ///< operations in one run
};

constexpr std::array kRows{
    Row{"channel_item", &Contender::channel_item, 1'000'000},
    Row{"hop", &Contender::hop, 1'000'000},
    Row{"yield", &Contender::yield, 1'000'000},
    Row{"task", &Contender::task, 1'000'000},
    Row{"spawn", &Contender::spawn, 500'000},
    Row{"timer", &Contender::timer, 500'000},
    Row{"cancel_sleeping", &Contender::cancel_sleeping, 10'000},
    Row{"cancel_receiving", &Contender::cancel_receiving, 10'000},
    Row{"foreign_item", &Contender::foreign_item, 1'000'000},
    Row{"idle_wake_poll", &Contender::idle_wake_poll, 300},
    Row{"idle_wake_epoll", &Contender::idle_wake_epoll, 300},
};

constexpr int kRounds = 9;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double allocations_each(Measure measure, std::size_t count) {
  const std::size_t before = allocations.load();
  measure(count);
  const std::size_t between = allocations.load();
  measure(2 * count);
  const std::size_t after = allocations.load();
  const double extra = static_cast<double>(after - between) - static_cast<double>(between - before);
  return extra / static_cast<double>(count);
}

void print_ns(double ns) {
  if (ns > 0) {
    std::printf(" %9.1f", ns);
  } else {
    std::printf(" %9s", "-");
  }
}

void print_ratio(double ns, double floor_ns) {
  if (ns > 0 && floor_ns > 0) {
    std::printf(" %7.1f", ns / floor_ns);
  } else {
    std::printf(" %7s", "-");
  }
}

void print_row(const Row& row) {
  const std::array<Measure, 3> measures{least.*row.measure, ours.*row.measure, asio.*row.measure};
  std::array<std::vector<double>, 3> taken;
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < measures.size(); ++i) {
      if (measures[i] != nullptr) taken[i].push_back(measures[i](row.count));
    }
  }
  std::array<double, 3> ns{};
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (!taken[i].empty()) ns[i] = median(taken[i]);
  }
  std::printf("%-17s", row.name);
  for (const double each : ns) print_ns(each);
  print_ratio(ns[1], ns[0]);
  print_ratio(ns[2], ns[0]);
  std::printf(" %12.2f\n", allocations_each(measures[1], row.count));
  std::fflush(stdout);
}

void print_all() {
  std::printf("%-17s %9s %9s %9s %7s %7s %12s\n", "ns", "least", "ours", "Asio", "ours/l.", "Asio/l.",
              "our allocs");
  for (const Row& row : kRows) print_row(row);
  const auto& [looks, sleeps, writes] = system_calls;
  const auto writes_each = [&](std::size_t times) {
    return static_cast<double>(writes) / static_cast<double>(times);
  };
  std::printf(
      "\nforeign_item, last run of ours: the loop slept %zu times and looked %zu times more; "
      "%zu wake-up writes: %.3f for each sleep, %.3f for each sleep or look\n",
      sleeps, looks, writes, writes_each(sleeps), writes_each(sleeps + looks));
}

int run_one(const char* who, const char* what, std::size_t count) {
  const Contender& contender = std::strcmp(who, "least") == 0  ? least
                               : std::strcmp(who, "asio") == 0 ? asio
                                                               : ours;
  for (const Row& row : kRows) {
    if (std::strcmp(row.name, what) != 0) continue;
    const Measure measure = contender.*row.measure;
    if (measure == nullptr) break;
    std::printf("%.1f ns\n", measure(count));
    return EXIT_SUCCESS;
  }
  std::fprintf(stderr, "runtime_bench: nothing is called %s\n", what);
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4) return run_one(argv[1], argv[2], std::strtoul(argv[3], nullptr, 10));
  print_all();
  return EXIT_SUCCESS;
}
