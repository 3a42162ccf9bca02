// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Takes the place of functions of the C library, and of others that fmrx calls: README.md.
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

namespace {

enum class Kind { none, system, memory };

struct Range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

// Constant-initialised: memory is allocated before any constructor of this library runs.
constinit Kind kind = Kind::none;
constinit std::uint64_t fails_at = 0;
constinit const char* log_path = nullptr;
constinit std::atomic<std::uint64_t> calls{0};
constinit std::atomic<bool> is_in_main{false};
constinit std::array<Range, 8> callers{};  ///< code whose calls count

int note_code(dl_phdr_info* info, std::size_t, void* count) {
  const std::string_view name = info->dlpi_name;
  if (!name.empty() && name.find("libstdc++") == name.npos && name.find("libc++") == name.npos) return 0;
  std::size_t& next = *static_cast<std::size_t*>(count);
  for (int i = 0; i < info->dlpi_phnum && next < callers.size(); ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    callers[next++] = {begin, begin + segment.p_memsz};
  }
  return 0;
}

void read_environment() {
  const char* const text = std::getenv("FMRX_FAIL");
  if (text == nullptr) return;
  const std::string_view what = text;
  const std::size_t colon = what.find(':');
  if (colon == what.npos) return;
  kind = what.substr(0, colon) == "memory" ? Kind::memory : Kind::system;
  fails_at = std::strtoull(text + colon + 1, nullptr, 10);
  log_path = std::getenv("FMRX_FAIL_LOG");
  if (log_path != nullptr) log_path = ::strdup(log_path);
  ::unsetenv("FMRX_FAIL");  // not for processes that it starts
  std::size_t count = 0;
  ::dl_iterate_phdr(&note_code, &count);
}

template <class Function>
Function next(const char* name) {
  Function function{};
  void* const symbol = ::dlsym(RTLD_NEXT, name);
  std::memcpy(&function, &symbol, sizeof function);
  return function;
}

bool is_counted(const void* caller) {
  const auto place = reinterpret_cast<std::uintptr_t>(caller);
  for (const Range& range : callers) {
    if (place >= range.begin && place < range.end) return true;
  }
  return false;
}

void write_log(const char* name) {
  if (log_path == nullptr) return;
  static const auto open_file = next<int (*)(const char*, int, ...)>("open");
  static const auto write_file = next<ssize_t (*)(int, const void*, std::size_t)>("write");
  const int file = open_file(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  [[maybe_unused]] const auto written = write_file(file, name, std::strlen(name));
  ::close(file);
}

bool fails(Kind what, const void* caller, const char* name) {
  if (what != kind || !is_in_main.load(std::memory_order_relaxed) || !is_counted(caller)) return false;
  if (calls.fetch_add(1) + 1 != fails_at) return false;
  const int former = errno;
  write_log(name);
  errno = former;
  return true;
}

using Main = int (*)(int, char**, char**);
Main real_main = nullptr;

int counted_main(int argc, char** argv, char** environment) {
  is_in_main = true;
  const int status = real_main(argc, argv, environment);
  is_in_main = false;
  return status;
}

/// Some libraries print when the program has ended, and its objects are gone.
[[gnu::destructor]] void print_last_words() {
  std::fputs("failing: the end\n", stderr);
}

}  // namespace

/// NAME(parameters), called with `arguments`, gives `failure` and sets errno to `code` when it fails.
#define FMRX_FAILING(type, name, parameters, arguments, failure, code)                   \
  type name parameters {                                                                 \
    static const auto real = next<type(*) parameters>(#name);                            \
    if (!fails(Kind::system, __builtin_return_address(0), #name)) return real arguments; \
    errno = (code);                                                                      \
    return failure;                                                                      \
  }

extern "C" {

int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(),
                      void* stack_end) {
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  read_environment();
  real_main = main;
  return next<Start>("__libc_start_main")(&counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}

// --- descriptors and files --------------------------------------------------

#define FMRX_FAILING_OPEN(name)                                                                   \
  int name(const char* path, int flags, ...) {                                                    \
    static const auto real = next<int (*)(const char*, int, ...)>(#name);                         \
    va_list rest;                                                                                 \
    va_start(rest, flags);                                                                        \
    const unsigned mode = va_arg(rest, unsigned);                                                 \
    va_end(rest);                                                                                 \
    if (!fails(Kind::system, __builtin_return_address(0), #name)) return real(path, flags, mode); \
    errno = EMFILE;                                                                               \
    return -1;                                                                                    \
  }
FMRX_FAILING_OPEN(open)
FMRX_FAILING_OPEN(open64)

int openat(int folder, const char* path, int flags, ...) {
  static const auto real = next<int (*)(int, const char*, int, ...)>("openat");
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = va_arg(rest, unsigned);
  va_end(rest);
  if (!fails(Kind::system, __builtin_return_address(0), "openat")) return real(folder, path, flags, mode);
  errno = EMFILE;
  return -1;
}
int fcntl(int fd, int command, ...) {
  static const auto real = next<int (*)(int, int, ...)>("fcntl");
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  if (!fails(Kind::system, __builtin_return_address(0), "fcntl")) return real(fd, command, argument);
  errno = EINVAL;
  return -1;
}

FMRX_FAILING(ssize_t, read, (int fd, void* to, size_t size), (fd, to, size), -1, EIO)
FMRX_FAILING(ssize_t, readv, (int fd, const iovec* to, int count), (fd, to, count), -1, EIO)
FMRX_FAILING(ssize_t, pread, (int fd, void* to, size_t size, off_t from), (fd, to, size, from), -1, EIO)
FMRX_FAILING(ssize_t, preadv64v2, (int fd, const iovec* to, int count, off64_t from, int flags),
             (fd, to, count, from, flags), -1, EIO)
ssize_t write(int fd, const void* from, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  if (!fails(Kind::system, __builtin_return_address(0), "write")) return real(fd, from, size);
  // An eventfd or a pipe can be interrupted, and no more.
  struct stat status {};
  ::fstat(fd, &status);
  errno = S_ISREG(status.st_mode) ? ENOSPC : EINTR;
  return -1;
}
FMRX_FAILING(ssize_t, writev, (int fd, const iovec* from, int count), (fd, from, count), -1, ENOSPC)
FMRX_FAILING(ssize_t, pwrite, (int fd, const void* from, size_t size, off_t to), (fd, from, size, to), -1,
             EIO)
FMRX_FAILING(off_t, lseek, (int fd, off_t to, int whence), (fd, to, whence), -1, ESPIPE)
FMRX_FAILING(off64_t, lseek64, (int fd, off64_t to, int whence), (fd, to, whence), -1, ESPIPE)
FMRX_FAILING(int, fdatasync, (int fd), (fd), -1, EIO)
FMRX_FAILING(int, fsync, (int fd), (fd), -1, EIO)
FMRX_FAILING(int, ftruncate, (int fd, off_t size), (fd, size), -1, EIO)
FMRX_FAILING(int, fstat, (int fd, struct stat* to), (fd, to), -1, EIO)
FMRX_FAILING(int, fstat64, (int fd, struct stat64* to), (fd, to), -1, EIO)
FMRX_FAILING(int, stat, (const char* path, struct stat* to), (path, to), -1, EIO)
FMRX_FAILING(int, fstatat, (int folder, const char* path, struct stat* to, int flags),
             (folder, path, to, flags), -1, EIO)
FMRX_FAILING(int, fstatvfs, (int fd, struct statvfs* to), (fd, to), -1, EIO)
FMRX_FAILING(int, linkat, (int from, const char* name, int to, const char* other, int flags),
             (from, name, to, other, flags), -1, EPERM)
FMRX_FAILING(int, renameat, (int from, const char* name, int to, const char* other), (from, name, to, other),
             -1, EIO)
FMRX_FAILING(int, renameat2, (int from, const char* name, int to, const char* other, unsigned flags),
             (from, name, to, other, flags), -1, EINVAL)
FMRX_FAILING(int, unlinkat, (int folder, const char* name, int flags), (folder, name, flags), -1, EIO)
FMRX_FAILING(int, mkdirat, (int folder, const char* name, mode_t mode), (folder, name, mode), -1, ENOSPC)
FMRX_FAILING(int, mkdir, (const char* name, mode_t mode), (name, mode), -1, ENOSPC)
FMRX_FAILING(int, flock, (int fd, int operation), (fd, operation), -1, ENOLCK)
FMRX_FAILING(int, pipe, (int* ends), (ends), -1, EMFILE)
FMRX_FAILING(int, eventfd, (unsigned count, int flags), (count, flags), -1, EMFILE)
FMRX_FAILING(int, epoll_create1, (int flags), (flags), -1, EMFILE)
FMRX_FAILING(int, epoll_ctl, (int epoll, int operation, int fd, epoll_event* event),
             (epoll, operation, fd, event), -1, ENOMEM)
FMRX_FAILING(int, epoll_wait, (int epoll, epoll_event* events, int most, int timeout),
             (epoll, events, most, timeout), -1, EINTR)
FMRX_FAILING(int, poll, (pollfd * fds, nfds_t count, int timeout), (fds, count, timeout), -1, EINTR)
FMRX_FAILING(void*, mmap, (void* where, size_t size, int protection, int flags, int fd, off_t from),
             (where, size, protection, flags, fd, from), MAP_FAILED, ENOMEM)
FMRX_FAILING(void*, mmap64, (void* where, size_t size, int protection, int flags, int fd, off64_t from),
             (where, size, protection, flags, fd, from), MAP_FAILED, ENOMEM)
FMRX_FAILING(int, shm_open, (const char* name, int flags, mode_t mode), (name, flags, mode), -1, EMFILE)

// --- processes and threads; these return the code -----------------------------

FMRX_FAILING(int, pthread_create,
             (pthread_t * thread, const pthread_attr_t* attributes, void* (*body)(void*), void* argument),
             (thread, attributes, body, argument), EAGAIN, EAGAIN)
FMRX_FAILING(int, posix_spawn,
             (pid_t * pid, const char* path, const posix_spawn_file_actions_t* actions,
              const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment),
             (pid, path, actions, attributes, arguments, environment), EAGAIN, EAGAIN)
FMRX_FAILING(int, posix_spawnp,
             (pid_t * pid, const char* path, const posix_spawn_file_actions_t* actions,
              const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment),
             (pid, path, actions, attributes, arguments, environment), EAGAIN, EAGAIN)
FMRX_FAILING(pid_t, waitpid, (pid_t pid, int* status, int options), (pid, status, options), -1, EINTR)

// --- librtlsdr, as after a control transfer that failed; libsndfile ------------

FMRX_FAILING(int, rtlsdr_open, (void** device, std::uint32_t index), (device, index), -1, EIO)
FMRX_FAILING(int, rtlsdr_close, (void* device), (device), -1, EIO)
FMRX_FAILING(int, rtlsdr_set_sample_rate, (void* device, std::uint32_t rate), (device, rate), -1, EIO)
FMRX_FAILING(int, rtlsdr_set_center_freq, (void* device, std::uint32_t hz), (device, hz), -1, EIO)
FMRX_FAILING(int, rtlsdr_set_tuner_gain_mode, (void* device, int manual), (device, manual), -1, EIO)
FMRX_FAILING(int, rtlsdr_set_tuner_gain, (void* device, int gain), (device, gain), -1, EIO)
FMRX_FAILING(int, rtlsdr_get_tuner_gains, (void* device, int* gains), (device, gains), -1, EIO)
FMRX_FAILING(int, rtlsdr_set_agc_mode, (void* device, int on), (device, on), -1, EIO)
FMRX_FAILING(int, rtlsdr_reset_buffer, (void* device), (device), -1, EIO)
FMRX_FAILING(int, rtlsdr_get_usb_strings, (void* device, char* maker, char* product, char* serial),
             (device, maker, product, serial), -1, EIO)
FMRX_FAILING(std::uint32_t, rtlsdr_get_sample_rate, (void* device), (device), 0, EIO)
FMRX_FAILING(std::uint32_t, rtlsdr_get_center_freq, (void* device), (device), 0, EIO)
FMRX_FAILING(int, rtlsdr_read_async,
             (void* device, void (*receive)(unsigned char*, std::uint32_t, void*), void* context,
              std::uint32_t count, std::uint32_t length),
             (device, receive, context, count, length), -1, EIO)
FMRX_FAILING(void*, sf_open_virtual, (void* io, int mode, void* info, void* data), (io, mode, info, data),
             nullptr, EIO)
FMRX_FAILING(std::int64_t, sf_writef_float, (void* file, const float* from, std::int64_t frames),
             (file, from, frames), 0, EIO)

}  // extern "C"

// --- memory -------------------------------------------------------------------

namespace {

void* allocate(std::size_t size, std::size_t alignment, const void* caller, const char* name) {
  if (fails(Kind::memory, caller, name)) return nullptr;
  return alignment == 0 ? std::malloc(size)
                        : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment, const void* caller, const char* name) {
  void* const memory = allocate(size, alignment, caller, name);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  return allocate_or_throw(size, 0, __builtin_return_address(0), "operator new");
}
void* operator new[](std::size_t size) {
  return allocate_or_throw(size, 0, __builtin_return_address(0), "operator new[]");
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 0, __builtin_return_address(0), "operator new");
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment), __builtin_return_address(0),
                           "operator new");
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
