// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "soak/simulated_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>

#include "rt/foreign_awaiter.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"

namespace fmrx::test {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kFrame_bytes = 4;

template <class Integer>
Integer number_at(std::span<const std::byte> bytes, std::size_t place) {
  Integer value = 0;
  if (place + sizeof value <= bytes.size()) std::memcpy(&value, &bytes[place], sizeof value);
  return value;
}

bool has_word(std::span<const std::byte> bytes, std::size_t place, const char* word) {
  return place + 4 <= bytes.size() && std::memcmp(&bytes[place], word, 4) == 0;
}

/// How many bytes of samples a RIFF or RF64 header announces, if its lengths agree.
std::optional<std::uint64_t> announced_bytes(std::span<const std::byte> header) {
  constexpr std::size_t kLongLengths = 20;  // in chunk ds64, which follows "WAVE"
  const bool is_long = has_word(header, 0, "RF64") && has_word(header, 12, "ds64");
  if ((!is_long && !has_word(header, 0, "RIFF")) || !has_word(header, 8, "WAVE")) return std::nullopt;
  if (header.size() < 8 || !has_word(header, header.size() - 8, "data")) return std::nullopt;
  const std::uint64_t all =
      is_long ? number_at<std::uint64_t>(header, kLongLengths) : number_at<std::uint32_t>(header, 4);
  const std::uint64_t samples = is_long ? number_at<std::uint64_t>(header, kLongLengths + 8)
                                        : number_at<std::uint32_t>(header, header.size() - 4);
  if (all + 8 != samples + header.size()) return std::nullopt;
  return samples;
}

/// Returns when the ring has something, or will never have again.
class RingAwaiter final : public rt::ForeignAwaiter {
 public:
  explicit RingAwaiter(const rt::Outbound<float>& ring) : ring_(ring) {}
  [[nodiscard]] bool ready() const noexcept override { return ring_.size() > 0 || ring_.closed(); }
  bool await_resume() const noexcept { return ring_.size() > 0; }

 private:
  const rt::Outbound<float>& ring_;
};

}  // namespace

class SimulatedDisk::File final : public recording::NewFile {
 public:
  File(SimulatedDisk& disk, std::string name) : disk_(disk), name_(std::move(name)) {}

  /// The first bytes are the header.
  void write(std::span<const std::byte> bytes) override {
    const std::size_t fits = std::min<std::uint64_t>(bytes.size(), disk_.room_);
    if (disk_.room_ != UINT64_MAX) disk_.room_ -= fits;
    append(bytes.first(fits));
    if (fits < bytes.size()) throw std::system_error(ENOSPC, std::generic_category());
  }
  [[nodiscard]] std::uint64_t size() const override { return header_.size() + samples_bytes_; }
  [[nodiscard]] bool can_go_back() const override { return true; }
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
    if (offset != 0 || bytes.size() != header_.size()) disk_.complain(name_ + ": samples were overwritten");
    header_.assign(bytes.begin(), bytes.end());
    check();  // it may be the last word of a program that is killed
  }
  void truncate(std::uint64_t size) override {
    if (size < header_.size() || this->size() - size >= kFrame_bytes)
      disk_.complain(name_ + ": samples were cut off");
    samples_bytes_ = size - header_.size();
  }
  void sync() override {}
  std::string finish(const std::string& wanted) override {
    check();
    ++disk_.files_;
    return wanted;
  }
  void discard() noexcept override {}
  [[nodiscard]] std::string present_name() const override { return name_ + ".part"; }

 private:
  void append(std::span<const std::byte> bytes) {
    if (header_.empty()) {
      header_.assign(bytes.begin(), bytes.end());
      return;
    }
    samples_bytes_ += bytes.size();
    samples_.resize(bytes.size() / kFrame_bytes * 2);
    std::memcpy(samples_.data(), bytes.data(), samples_.size() * sizeof(std::int16_t));
    disk_.track_.follow(samples_);
  }

  void check() {
    const auto announced = announced_bytes(header_);
    if (!announced) disk_.complain(name_ + ": no valid header");
    if (announced && *announced != samples_bytes_)
      disk_.complain(name_ + ": the header tells another length");
  }

  SimulatedDisk& disk_;
  std::string name_;
  std::vector<std::byte> header_;
  std::uint64_t samples_bytes_ = 0;
  std::vector<std::int16_t> samples_;
};

class SimulatedDisk::Directory final : public recording::Folder {
 public:
  explicit Directory(SimulatedDisk& disk) : disk_(disk) {}
  std::unique_ptr<recording::NewFile> create(const std::string& name, recording::Existing) override {
    return std::make_unique<File>(disk_, name);
  }
  std::optional<std::string> adopt_leftover(const std::string&) override { return std::nullopt; }
  UniqueFd open(const std::string&) override { return {}; }
  void append_line(const std::string&, const std::string& line) override {
    if (disk_.room_ < line.size()) throw std::system_error(ENOSPC, std::generic_category());
    if (line.find("\"type\":\"file\"") != std::string::npos) ++disk_.index_lines_;
  }
  std::optional<std::string> read(const std::string&) override { return std::nullopt; }
  std::optional<std::uint64_t> size_of(const std::string&) override { return std::nullopt; }
  void remove(const std::string&) override {}
  std::uint64_t room() override { return disk_.room_; }

 private:
  SimulatedDisk& disk_;
};

class SimulatedDisk::Runner final : public sink::WriterRunner {
 public:
  explicit Runner(SimulatedDisk& disk) : disk_(disk) {}

  void start(std::shared_ptr<sink::WriterWork> work) override { running_.spawn(run(std::move(work))); }
  rt::Task<void> ended() override { co_await running_.join(); }

 private:
  rt::Task<void> run(std::shared_ptr<sink::WriterWork> work) {
    bool wanted = work->begin();
    while (wanted) {
      const bool is_there = co_await RingAwaiter(work->ring);
      co_await rt::sleep_until(disk_.stalls_until_);
      if (!is_there) break;
      wanted = work->write_available();
      if (!work->ring.closed()) co_await rt::sleep_for(500ms);
    }
    work->end();
  }

  SimulatedDisk& disk_;
  rt::Scope running_;
};

std::unique_ptr<recording::Folder> SimulatedDisk::open_folder() {
  return std::make_unique<Directory>(*this);
}

std::unique_ptr<sink::WriterRunner> SimulatedDisk::make_runner() {
  return std::make_unique<Runner>(*this);
}

void SimulatedDisk::complain(const std::string& about) {
  constexpr std::size_t kEnough = 20;
  if (complaints_.size() < kEnough) complaints_.push_back(about);
}

}  // namespace fmrx::test
