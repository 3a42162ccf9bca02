// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/byte_input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "source/disk_input.hpp"
#include "source/named_descriptor.hpp"
#include "source/pipe_input.hpp"

namespace fmrx::source {

namespace {

Error cannot_open(const std::string& name, int error) {
  if (error == ENOENT) return Error(ExitStatus::source, "cannot open " + name + ": there is no such file");
  if (error == EACCES)
    return Error(ExitStatus::source, "cannot open " + name + ": you have no permission to read it");
  return Error(ExitStatus::source, "cannot open " + name + ": " + std::generic_category().message(error));
}

std::unique_ptr<ByteInput> input_for(std::shared_ptr<const NamedDescriptor> file, rt::Workers& workers) {
  struct stat status {};
  if (::fstat(file->fd(), &status) != 0) throw cannot_open(file->name(), errno);
  if (S_ISDIR(status.st_mode))
    throw Error(ExitStatus::source, file->name() + " is a directory, not a recording");
  if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))
    return std::make_unique<PipeInput>(std::move(file));
  if (::isatty(file->fd()) != 0)
    throw Error(ExitStatus::usage, file->name() + " is a terminal: give a file or a pipe with IQ samples");
  // Files that the kernel makes up have no size, nor have devices.
  std::optional<std::uint64_t> end;
  if (S_ISREG(status.st_mode) && status.st_size > 0) end = static_cast<std::uint64_t>(status.st_size);
  return std::make_unique<DiskInput>(std::move(file), end, workers);
}

}  // namespace

rt::Task<std::unique_ptr<ByteInput>> open_bytes(std::string path, rt::Workers& workers) {
  auto open_it = [path] {
    // Without O_NONBLOCK, a named pipe keeps the caller waiting for a writer.
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) throw cannot_open(printable(path), errno);
    return std::make_shared<const NamedDescriptor>(std::move(fd), printable(path));
  };
  std::shared_ptr<const NamedDescriptor> file = co_await workers.call(std::move(open_it));
  co_return input_for(std::move(file), workers);
}

std::unique_ptr<ByteInput> standard_input_bytes(rt::Workers& workers) {
  return input_for(std::make_shared<const NamedDescriptor>(STDIN_FILENO, "standard input"), workers);
}

}  // namespace fmrx::source
