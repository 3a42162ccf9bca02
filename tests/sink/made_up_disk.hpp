// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <system_error>

#include "recording/folder.hpp"
#include "support/catch2.hpp"

namespace fmrx::test {

/// Files as numbers of bytes, by name; faults on request.
struct Disk {
  std::map<std::string, std::uint64_t> files;
  std::string index;
  std::uint64_t room = UINT64_MAX;
  std::uint64_t fails_at = UINT64_MAX;  ///< bytes of a file
  int error = EIO;
  bool sync_fails = false;

  std::mutex mutex;
  std::condition_variable changed;
  bool stalls = false;

  void wait_while_stalled() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return !stalls; });
  }
  void stall() {
    const std::lock_guard lock(mutex);
    stalls = true;
  }
  void go_on() {
    const std::lock_guard lock(mutex);
    stalls = false;
    changed.notify_all();
  }
};

class DiskFile final : public recording::NewFile {
 public:
  DiskFile(Disk& disk, std::string name) : disk_(disk), name_(std::move(name)) {}
  void write(std::span<const std::byte> bytes) override {
    disk_.wait_while_stalled();
    if (size_ + bytes.size() > disk_.fails_at) {
      size_ = disk_.fails_at;
      throw std::system_error(disk_.error, std::generic_category());
    }
    size_ += bytes.size();
  }
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] bool can_go_back() const override { return true; }
  void write_at(std::uint64_t, std::span<const std::byte>) override {}
  void truncate(std::uint64_t size) override { size_ = size; }
  void sync() override {}
  std::string finish(const std::string& wanted) override {
    if (disk_.sync_fails) throw std::system_error(EIO, std::generic_category());
    REQUIRE(disk_.files.count(wanted) == 0);
    disk_.files[wanted] = size_;
    return wanted;
  }
  void discard() noexcept override {}
  [[nodiscard]] std::string present_name() const override { return name_ + ".part"; }

 private:
  Disk& disk_;
  std::string name_;
  std::uint64_t size_ = 0;
};

class DiskFolder final : public recording::Folder {
 public:
  explicit DiskFolder(Disk& disk) : disk_(disk) {}
  std::unique_ptr<recording::NewFile> create(const std::string& name, recording::Existing) override {
    return std::make_unique<DiskFile>(disk_, name);
  }
  std::optional<std::string> adopt_leftover(const std::string&) override { return std::nullopt; }
  UniqueFd open(const std::string&) override { return {}; }
  void append_line(const std::string&, const std::string& line) override { disk_.index += line; }
  std::optional<std::string> read(const std::string&) override { return disk_.index; }
  std::optional<std::uint64_t> size_of(const std::string& name) override {
    const auto file = disk_.files.find(name);
    return file == disk_.files.end() ? std::nullopt : std::optional(file->second);
  }
  void remove(const std::string& name) override { disk_.files.erase(name); }
  std::uint64_t room() override { return disk_.room; }

 private:
  Disk& disk_;
};

}  // namespace fmrx::test
