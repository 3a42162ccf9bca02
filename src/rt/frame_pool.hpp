// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace fmrx::rt {

/// Recycles coroutine frames, one free list for each size and thread, so that a warm
/// program awaits without allocating. Holds at most what was in use at once.
class FramePool {
 public:
  static void* allocate(std::size_t bytes) {
    const std::size_t size_class = class_of(bytes);
    if (!kRecycle || size_class >= kClasses || free_[size_class] == nullptr)
      return ::operator new(rounded(size_class));
    Free* const frame = free_[size_class];
    free_[size_class] = frame->next;
    return frame;
  }

  static void release(void* frame, std::size_t bytes) noexcept {
    const std::size_t size_class = class_of(bytes);
    if (!kRecycle || size_class >= kClasses) {
      ::operator delete(frame);
      return;
    }
    free_[size_class] = ::new (frame) Free{free_[size_class]};
  }

  /// Gives this thread's free frames back. An event loop does so when it ends.
  static void trim() noexcept {
    for (Free*& list : free_) {
      while (list != nullptr) {
        Free* const frame = list;
        list = frame->next;
        ::operator delete(frame);
      }
    }
  }

 private:
  struct Free {
    Free* next;
  };

  static constexpr std::size_t kGranularity_bytes = 64;
  static constexpr std::size_t kClasses = 64;  // frames up to 4 KiB
#if defined(__SANITIZE_ADDRESS__)
  static constexpr bool kRecycle = false;  // so that a use after free is seen
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  static constexpr bool kRecycle = false;
#else
  static constexpr bool kRecycle = true;
#endif
#else
  static constexpr bool kRecycle = true;
#endif

  static constexpr std::size_t class_of(std::size_t bytes) {
    return (bytes + kGranularity_bytes - 1) / kGranularity_bytes;
  }
  static constexpr std::size_t rounded(std::size_t size_class) {
    return size_class * kGranularity_bytes;
  }

  static constinit inline thread_local std::array<Free*, kClasses> free_{};
};

/// A promise type that derives from this has its frame recycled.
struct RecycledFrame {
  static void* operator new(std::size_t bytes) { return FramePool::allocate(bytes); }
  static void operator delete(void* frame, std::size_t bytes) noexcept { FramePool::release(frame, bytes); }
};

}  // namespace fmrx::rt
