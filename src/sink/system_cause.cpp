// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sink/system_cause.hpp"

#include <cerrno>
#include <system_error>

namespace fmrx::sink {

std::string system_cause(int error_number) {
  switch (error_number) {
    case ENOSPC:
      return "the disk is full";
    case EDQUOT:
      return "your disk quota is used up";
    case EFBIG:
      return "a file may not grow larger here (see ulimit -f)";
    case EIO:
      return "the disk reports an error (see dmesg)";
    case ENOENT:
    case ENOTDIR:
      return "its folder does not exist";
    case EISDIR:
      return "it is a folder";
    case EACCES:
    case EPERM:
      return "no permission to write there";
    case EROFS:
      return "that disk is read-only";
    case ENXIO:
      return "nobody reads from it, and a WAV file needs a disk";
    case EBADF:
      return "it is closed";
    default:
      return std::generic_category().message(error_number);
  }
}

}  // namespace fmrx::sink
