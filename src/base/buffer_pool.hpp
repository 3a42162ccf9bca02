// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace fmrx {

/// Buffers that are used again as soon as nobody holds them, so that streaming does not
/// allocate. Belongs to one thread; it holds as many as were in use at once.
template <class T>
class BufferPool {
 public:
  using Buffer = std::shared_ptr<std::vector<T>>;

  /// A buffer of `size` items, whose contents are left over from its last use.
  [[nodiscard]] Buffer take(std::size_t size) {
    for (const Buffer& buffer : buffers_) {
      if (buffer.use_count() == 1) {
        buffer->resize(size);
        return buffer;
      }
    }
    buffers_.push_back(std::make_shared<std::vector<T>>(size));
    return buffers_.back();
  }

 private:
  std::vector<Buffer> buffers_;
};

}  // namespace fmrx
