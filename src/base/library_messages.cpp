// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/library_messages.hpp"

#include <sys/types.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "base/log.hpp"

namespace fmrx {

namespace {

thread_local std::vector<std::string>* collected = nullptr;

/// Without a destructor: a library may print in its own, when the thread's objects are gone.
struct UnfinishedLine {
  std::array<char, 512> text;
  std::size_t size;
};
thread_local UnfinishedLine unfinished{};

void take_line(std::string_view line) {
  if (line.empty()) return;
  log::debug("library: " + std::string(line));
  if (collected != nullptr) collected->emplace_back(line);
}

/// A line longer than there is room for comes in pieces.
void take(std::string_view text) {
  for (const char c : text) {
    if (c != '\n') unfinished.text[unfinished.size++] = c;
    if (c != '\n' && unfinished.size < unfinished.text.size()) continue;
    take_line({unfinished.text.data(), unfinished.size});
    unfinished.size = 0;
  }
}

[[maybe_unused]] ssize_t write_cookie(void* /*cookie*/, const char* text, std::size_t size) noexcept {
  try {
    take({text, size});
  } catch (...) {
    // Out of memory: a message less.
  }
  return static_cast<ssize_t>(size);
}

#if defined(__APPLE__) || defined(__FreeBSD__)
int write_fun(void* cookie, const char* text, int size) {
  return static_cast<int>(write_cookie(cookie, text, static_cast<std::size_t>(size)));
}
#endif

}  // namespace

void take_over_library_messages() noexcept {
  std::FILE* file = nullptr;
#if defined(__GLIBC__)
  file = ::fopencookie(nullptr, "w", {nullptr, &write_cookie, nullptr, nullptr});
#elif defined(__APPLE__) || defined(__FreeBSD__)
  file = ::funopen(nullptr, nullptr, &write_fun, nullptr, nullptr);
#endif
  if (file == nullptr) return;
  // Each print is delivered in the thread that prints.
  std::setvbuf(file, nullptr, _IONBF, 0);
#if defined(__GLIBC__) || defined(__APPLE__) || defined(__FreeBSD__)
  stderr = file;
#endif
}

LibraryMessages::LibraryMessages() {
  collected = &lines_;
}

LibraryMessages::~LibraryMessages() {
  collected = nullptr;
}

bool LibraryMessages::contain(std::string_view text) const {
  return std::ranges::any_of(lines_, [&](const std::string& line) { return line.find(text) != line.npos; });
}

}  // namespace fmrx
