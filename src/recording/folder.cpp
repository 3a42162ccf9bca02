// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "base/printable.hpp"
#include "base/unique_fd.hpp"

namespace fmrx::recording {

namespace {

constexpr mode_t kFileMode = 0666;
constexpr mode_t kFolderMode = 0777;
constexpr const char* kPart = ".part";

[[noreturn]] void throw_errno(int error_number) {
  throw std::system_error(error_number, std::generic_category());
}

int checked(int result) {
  if (result < 0) throw_errno(errno);
  return result;
}

/// A file's folder, held open, and its name in it.
struct Place {
  UniqueFd folder;
  std::string leaf;
};

/// Opens all folders of `name` one by one, so that no symbolic link leads elsewhere.
Place find_place(int root, std::string_view name, bool make) {
  Place place{UniqueFd(checked(::fcntl(root, F_DUPFD_CLOEXEC, 0))), {}};
  for (;;) {
    const std::size_t slash = name.find('/');
    std::string part(name.substr(0, slash));
    if (part.empty() || part == "." || part == "..") throw_errno(EINVAL);
    if (slash == std::string_view::npos) {
      place.leaf = std::move(part);
      return place;
    }
    if (make && ::mkdirat(place.folder.get(), part.c_str(), kFolderMode) != 0 && errno != EEXIST)
      throw_errno(errno);
    place.folder.reset(
        checked(::openat(place.folder.get(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)));
    name.remove_prefix(slash + 1);
  }
}

std::optional<struct stat> status_of(const Place& place) {
  struct stat status {};
  if (::fstatat(place.folder.get(), place.leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return status;
  if (errno == ENOENT) return std::nullopt;
  throw_errno(errno);
}

/// Some file systems have no such thing; then there is nothing to be done.
void ignore_unsupported(int result) {
  if (result < 0 && errno != EINVAL && errno != ENOTSUP) throw_errno(errno);
}

void sync_data(int fd) {
#ifdef __APPLE__
  ignore_unsupported(::fsync(fd));
#else
  ignore_unsupported(::fdatasync(fd));
#endif
}

/// The disk keeps some blocks for what is appended next; the file's size stays.
void keep_room_behind(int fd) {
#ifdef __linux__
  constexpr off_t kRoom_bytes = 65'536;
  // Where that does not work, nothing is lost.
  static_cast<void>(::fallocate(fd, FALLOC_FL_KEEP_SIZE, ::lseek(fd, 0, SEEK_END), kRoom_bytes));
#else
  static_cast<void>(fd);
#endif
}

/// As rename(), but EEXIST where `to` is taken.
void rename_onto_nothing(const Place& from, const Place& to) {
#ifdef RENAME_NOREPLACE
  if (::renameat2(from.folder.get(), from.leaf.c_str(), to.folder.get(), to.leaf.c_str(), RENAME_NOREPLACE) ==
      0) {
    return;
  }
  if (errno != EINVAL && errno != ENOSYS) throw_errno(errno);
#endif
  if (::linkat(from.folder.get(), from.leaf.c_str(), to.folder.get(), to.leaf.c_str(), 0) == 0) {
    checked(::unlinkat(from.folder.get(), from.leaf.c_str(), 0));
    return;
  }
  if (errno == EEXIST) throw_errno(errno);
  // FAT knows neither; then a moment remains in which somebody else may take the name.
  if (status_of(to)) throw_errno(EEXIST);
  checked(::renameat(from.folder.get(), from.leaf.c_str(), to.folder.get(), to.leaf.c_str()));
}

/// "a/x-2.wav" for "a/x.wav" and 2.
std::string numbered(const std::string& name, int number) {
  if (number == 0) return name;
  const std::size_t slash = name.rfind('/');
  const std::size_t leaf = slash == std::string::npos ? 0 : slash + 1;
  std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot <= leaf) dot = name.size();
  return name.substr(0, dot) + "-" + std::to_string(number) + name.substr(dot);
}

/// Gives it the first free name from numbered(name, first) on.
std::string rename_to_free_name(int root, const Place& from, const std::string& name, int first) {
  constexpr int kMost = 9'999;
  for (int number = first;; ++number) {
    std::string candidate = numbered(name, number);
    const Place to = find_place(root, candidate, true);
    try {
      rename_onto_nothing(from, to);
    } catch (const std::system_error& error) {
      if (error.code().value() != EEXIST || number == kMost) throw;
      continue;
    }
    return candidate;
  }
}

class PartFile final : public NewFile {
 public:
  PartFile(UniqueFd root, Place place, UniqueFd file, std::string name, Existing existing)
      : root_(std::move(root)),
        place_(std::move(place)),
        file_(std::move(file)),
        name_(std::move(name)),
        present_name_(name_ + kPart),
        existing_(existing) {}

  void write(std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) throw_errno(written == 0 ? ENOSPC : errno);
      size_ += static_cast<std::uint64_t>(written);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] bool can_go_back() const override { return true; }

  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) throw_errno(written == 0 ? ENOSPC : errno);
      offset += static_cast<std::uint64_t>(written);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void truncate(std::uint64_t size) override {
    checked(::ftruncate(file_.get(), static_cast<off_t>(size)));
    checked(static_cast<int>(::lseek(file_.get(), static_cast<off_t>(size), SEEK_SET) < 0 ? -1 : 0));
    size_ = size;
  }

  void sync() override {
    sync_data(file_.get());
    // A deleted file takes all that is written, and keeps nothing.
    struct stat status {};
    checked(::fstat(file_.get(), &status));
    if (status.st_nlink == 0) throw_errno(ENOENT);
  }

  std::string finish(const std::string& wanted) override {
    ignore_unsupported(::fsync(file_.get()));
    std::string given = wanted;
    if (existing_ == Existing::replace && wanted == name_) {
      const Place to = find_place(root_.get(), wanted, true);
      checked(::renameat(place_.folder.get(), place_.leaf.c_str(), to.folder.get(), to.leaf.c_str()));
    } else {
      given = rename_to_free_name(root_.get(), place_, wanted, 0);
    }
    present_name_ = given;
    ignore_unsupported(::fsync(find_place(root_.get(), given, false).folder.get()));
    ignore_unsupported(::fsync(place_.folder.get()));
    // Some file systems tell only now that they could not keep what they took.
    checked(::close(file_.release()));
    return given;
  }

  void discard() noexcept override { ::unlinkat(place_.folder.get(), place_.leaf.c_str(), 0); }

  [[nodiscard]] std::string present_name() const override { return present_name_; }

 private:
  UniqueFd root_;
  Place place_;  ///< of the .part
  UniqueFd file_;
  std::string name_;
  std::string present_name_;
  Existing existing_;
  std::uint64_t size_ = 0;
};

class DiskFolder final : public Folder {
 public:
  explicit DiskFolder(UniqueFd root) : root_(std::move(root)) {}

  std::unique_ptr<NewFile> create(const std::string& name, Existing existing) override {
    const std::optional<struct stat> present = status_of(find_place(root_.get(), name, true));
    if (present && S_ISDIR(present->st_mode)) throw_errno(EISDIR);
    if (present && existing == Existing::keep) throw_errno(EEXIST);

    UniqueFd root(checked(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0)));
    Place part = find_place(root_.get(), name + kPart, true);
    UniqueFd file = create_exclusively(part);
    if (!file) {
      move_leftover_away(part, name);
      file = create_exclusively(part);
    }
    if (!file) throw_errno(EBUSY);
    return std::make_unique<PartFile>(std::move(root), std::move(part), std::move(file), name, existing);
  }

  std::optional<std::string> adopt_leftover(const std::string& name) override {
    return move_leftover_away(find_place(root_.get(), name + kPart, false), name);
  }

  void append_line(const std::string& name, const std::string& line) override {
    const Place place = find_place(root_.get(), name, true);
    const UniqueFd file(
        checked(::openat(place.folder.get(), place.leaf.c_str(),
                         O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kFileMode)));
    // A run that was killed may have left the last line without its end.
    const off_t size = ::lseek(file.get(), 0, SEEK_END);
    char last = '\n';
    if (size > 0) checked(static_cast<int>(::pread(file.get(), &last, 1, size - 1)));
    const std::string text = last == '\n' ? line : "\n" + line;
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0) throw_errno(errno);
    if (static_cast<std::size_t>(written) < text.size()) throw_errno(ENOSPC);
    keep_room_behind(file.get());
    sync_data(file.get());
  }

  UniqueFd open(const std::string& name) override {
    const Place place = find_place(root_.get(), name, false);
    UniqueFd file(checked(
        ::openat(place.folder.get(), place.leaf.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)));
    struct stat status {};
    checked(::fstat(file.get(), &status));
    if (!S_ISREG(status.st_mode)) throw_errno(EINVAL);
    return file;
  }

  std::optional<std::string> read(const std::string& name) override {
    if (!status_of(find_place(root_.get(), name, false))) return std::nullopt;
    const UniqueFd file = open(name);
    std::string text;
    std::array<char, 65'536> piece{};
    for (;;) {
      const ssize_t count = ::read(file.get(), piece.data(), piece.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw_errno(errno);
      if (count == 0) return text;
      text.append(piece.data(), static_cast<std::size_t>(count));
    }
  }

  std::optional<std::uint64_t> size_of(const std::string& name) override {
    try {
      const std::optional<struct stat> status = status_of(find_place(root_.get(), name, false));
      if (!status || !S_ISREG(status->st_mode)) return std::nullopt;
      return static_cast<std::uint64_t>(status->st_size);
    } catch (const std::system_error&) {
      return std::nullopt;
    }
  }

  void remove(const std::string& name) override {
    const Place place = find_place(root_.get(), name, false);
    checked(::unlinkat(place.folder.get(), place.leaf.c_str(), 0));
  }

  std::uint64_t room() override {
    struct statvfs status {};
    checked(::fstatvfs(root_.get(), &status));
    return std::uint64_t{status.f_bavail} * status.f_frsize;
  }

 private:
  /// Created and locked; nothing if one is there.
  static UniqueFd create_exclusively(const Place& place) {
    UniqueFd file(::openat(place.folder.get(), place.leaf.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
    if (!file && errno == EEXIST) return {};
    checked(file.get());
    // The lock ends with the process, however that ends, and tells others that it lives.
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) throw_errno(EBUSY);
    return file;
  }

  /// The name that it has now; nothing if there is none, or another process is writing it.
  std::optional<std::string> move_leftover_away(const Place& part, const std::string& name) const {
    const UniqueFd leftover(
        ::openat(part.folder.get(), part.leaf.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!leftover && errno == ENOENT) return std::nullopt;
    checked(leftover.get());
    if (::flock(leftover.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return std::nullopt;
    std::string moved = rename_to_free_name(root_.get(), part, name, 1);
    log::info(printable(name) + kPart + " was left by a run that was cut short: it is " + printable(moved) +
              " now");
    return moved;
  }

  UniqueFd root_;
};

}  // namespace

std::unique_ptr<Folder> open_folder(const std::string& path, bool make) {
  if (make) std::filesystem::create_directories(path);
  return std::make_unique<DiskFolder>(
      UniqueFd(checked(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))));
}

}  // namespace fmrx::recording
