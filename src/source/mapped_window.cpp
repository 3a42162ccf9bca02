// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/mapped_window.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <mutex>
#include <optional>

namespace fmrx::source {

namespace {

#ifdef MADV_POPULATE_READ

/// Addresses at which SIGBUS is ours. Free while `begin` is 0.
struct Guard {
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
};

/// More windows than are ever alive at once; one too many is read instead.
std::array<Guard, 32> guards;

std::optional<std::size_t> take_guard(const std::byte* pages, std::size_t size) {
  const auto begin = reinterpret_cast<std::uintptr_t>(pages);
  for (std::size_t n = 0; n < guards.size(); ++n) {
    std::uintptr_t nobody = 0;
    if (!guards[n].begin.compare_exchange_strong(nobody, begin)) continue;
    guards[n].end.store(begin + size);
    return n;
  }
  return std::nullopt;
}

std::uintptr_t page_size() {
  static const auto size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

/// Zeros from the page of this address to the end of its window. False: it is in none.
bool put_zeros(std::uintptr_t address) {
  for (const Guard& guard : guards) {
    const std::uintptr_t end = guard.end.load();
    if (address < guard.begin.load() || address >= end) continue;
    const std::uintptr_t page = address - address % page_size();
    return ::mmap(reinterpret_cast<void*>(page), end - page, PROT_READ,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
  }
  return false;
}

struct sigaction before_ours {};

void on_bus_error(int signal, siginfo_t* info, void* /*context*/) {
  const bool is_fault = info->si_code > 0;
  if (is_fault && put_zeros(reinterpret_cast<std::uintptr_t>(info->si_addr))) return;
  // None of ours: a fault comes again when this returns, and what somebody sent is sent again.
  ::sigaction(signal, &before_ours, nullptr);
  if (!is_fault) ::raise(signal);
}

void catch_bus_errors() {
  static std::once_flag once;
  std::call_once(once, [] {
    page_size();  // in a signal handler it could not be asked for
    struct sigaction ours {};
    ours.sa_sigaction = on_bus_error;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
    ::sigaction(SIGBUS, &ours, &before_ours);
  });
}

/// Where these pages of the file are now, or null.
std::byte* map_pages(int fd, std::uint64_t offset, std::size_t size) {
  void* const pages = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(offset));
  if (pages == MAP_FAILED) return nullptr;
  // Fails where a page cannot be had, and before Linux 5.14.
  if (::madvise(pages, size, MADV_POPULATE_READ) == 0) return static_cast<std::byte*>(pages);
  ::munmap(pages, size);
  return nullptr;
}

}  // namespace

std::shared_ptr<const MappedWindow> MappedWindow::map(int fd, std::uint64_t offset, std::size_t size) {
  catch_bus_errors();
  const auto before = static_cast<std::size_t>(offset % page_size());
  const std::size_t page_bytes = before + size;
  std::byte* const pages = map_pages(fd, offset - before, page_bytes);
  if (pages == nullptr) return nullptr;
  const std::optional<std::size_t> guard = take_guard(pages, page_bytes);
  if (!guard) {
    ::munmap(pages, page_bytes);
    return nullptr;
  }
  return std::make_shared<const MappedWindow>(pages, page_bytes, std::span(pages + before, size), *guard);
}

MappedWindow::~MappedWindow() {
  // Others may get these addresses once they are free.
  guards[guard_].end.store(0);
  guards[guard_].begin.store(0);
  ::munmap(pages_, page_bytes_);
}

#else  // Without a way to wait for the disk beforehand, the loop would wait for it.

}  // namespace

std::shared_ptr<const MappedWindow> MappedWindow::map(int /*fd*/, std::uint64_t /*offset*/,
                                                      std::size_t /*size*/) {
  return nullptr;
}

MappedWindow::~MappedWindow() = default;

#endif

}  // namespace fmrx::source
