// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace fmrx::sink {

namespace {

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Nobody else can open it: its name is gone at once.
UniqueFd unnamed_memory() {
  for (int attempt = 0;; ++attempt) {
    const std::string name = "/fmrx-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    UniqueFd memory(::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!memory && errno == EEXIST) continue;
    if (!memory) throw_errno("shared memory");
    ::shm_unlink(name.c_str());
    return memory;
  }
}

}  // namespace

SharedMemory::SharedMemory(std::size_t bytes) : descriptor_(unnamed_memory()), bytes_(bytes) {
  if (::ftruncate(descriptor_.get(), static_cast<off_t>(bytes)) != 0) throw_errno("shared memory");
  map();
}

SharedMemory::SharedMemory(int descriptor, std::size_t bytes) : descriptor_(descriptor), bytes_(bytes) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw_errno("shared memory");
  // Some systems round the size up to whole pages.
  if (static_cast<std::size_t>(status.st_size) < bytes) {
    errno = EINVAL;
    throw_errno("shared memory of another size");
  }
  map();
}

void SharedMemory::map() {
  void* const data = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_.get(), 0);
  if (data == MAP_FAILED) throw_errno("shared memory");
  data_ = data;
}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace fmrx::sink
