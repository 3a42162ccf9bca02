// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/own_program.hpp"

#ifdef __APPLE__
#include <mach-o/dyld.h>

#include <cstdint>
#elif defined(__FreeBSD__)
#include <sys/types.h>
// After it:
#include <sys/sysctl.h>

#include <climits>
#endif

namespace fmrx::sink {

std::string own_program() {
#ifdef __APPLE__
  std::string path(4096, '\0');
  auto size = static_cast<std::uint32_t>(path.size());
  if (::_NSGetExecutablePath(path.data(), &size) != 0) return {};
  return path.c_str();
#elif defined(__FreeBSD__)
  const int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1};
  char path[PATH_MAX];
  std::size_t size = sizeof path;
  return ::sysctl(name, 4, path, &size, nullptr, 0) == 0 ? path : "";
#else
  // Not a path: the very file that is running, also after an upgrade has replaced it.
  return "/proc/self/exe";
#endif
}

}  // namespace fmrx::sink
