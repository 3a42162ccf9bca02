// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "soak/simulated_dongle.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "soak/numbered_frames.hpp"

namespace fmrx::test {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kTransfer_bytes = 2'560;  // 13.3 ms, as RtlsdrConnection would choose
constexpr std::uint64_t kTransfer_frames = kTransfer_bytes / numbered::kIqBytesPerFrame;
constexpr std::size_t kRing_bytes = 131'072;  // likewise: 0.68 s
/// Longer than anybody waits for a call that hangs.
constexpr auto kForEver = 1h;

}  // namespace

class SimulatedDongle::Connection final : public source::DongleConnection {
 public:
  explicit Connection(SimulatedDongle& dongle) : dongle_(dongle), samples_(kRing_bytes) {
    info_.name = "simulated dongle";
    info_.rate = numbered::kIqRate;
    info_.live = true;
  }
  ~Connection() override { dongle_.ledger_.unread += samples_.size() / numbered::kIqBytesPerFrame; }

  rt::Task<void> wait_until_open() override {
    if (std::exchange(dongle_.hangs_in_opening_, false)) co_await rt::sleep_for(kForEver);
    co_await rt::sleep_for(dongle_.some_time(200ms, 900ms));
    if (!dongle_.is_plugged()) throw source::NoSuchDongle(ExitStatus::source, "no dongle found");
    if (now() < dongle_.refuses_until_) throw Error(ExitStatus::source, "no permission to open the dongle");
    dongle_.wedged_ = false;
    life_ = dongle_.lives_;
  }

  const source::SourceInfo& info() const override { return info_; }
  const source::DongleChoice& choice() const override { return choice_; }
  const std::vector<Decibels>& gains() const override { return gains_; }

  void start() noexcept override { streaming_.spawn(stream()); }

  void stop() noexcept override {
    streaming_.stop();
    begin_to_close();
  }
  bool ended() const noexcept override { return closed_at_ && now() >= *closed_at_; }

  rt::Inbound<std::byte>& samples() override { return samples_; }
  std::size_t transfer_bytes() const override { return kTransfer_bytes; }
  std::uint64_t lost_bytes() const override { return lost_bytes_; }
  std::string reason() const override { return "it is gone"; }

  rt::Task<void> set_gain(std::optional<Decibels>) override { co_return; }

 private:
  [[nodiscard]] bool is_dead() const { return life_ != dongle_.lives_; }

  void begin_to_close() {
    if (closed_at_) return;
    const bool hangs = std::exchange(dongle_.hangs_in_closing_, false);
    closed_at_ = now() + (hangs ? rt::Duration(kForEver) : dongle_.some_time(1ms, 200ms));
  }

  rt::Task<void> stream() {
    next_frame_ = dongle_.frames_in(now().time_since_epoch());
    for (;;) {
      co_await rt::sleep_until(dongle_.time_of(next_frame_ + kTransfer_frames));
      if (is_dead()) break;
      if (dongle_.wedged_) {
        co_await rt::sleep_for(100ms);
        continue;
      }
      if (now() < dongle_.silent_until_) {
        co_await rt::sleep_until(dongle_.silent_until_);
        lose(dongle_.frames_in(now().time_since_epoch()) - next_frame_);
      }
      if (dongle_.to_lose_ > 0) lose(std::exchange(dongle_.to_lose_, 0));
      // All that is due: the loop may have stood still, which does not stop a dongle.
      while (dongle_.time_of(next_frame_ + kTransfer_frames) <= now()) send();
    }
    samples_.close();
    begin_to_close();
  }

  void lose(std::uint64_t frames) {
    dongle_.ledger_.lost += frames;
    next_frame_ += frames;
  }

  void send() {
    std::array<std::byte, kTransfer_bytes> transfer{};
    numbered::fill(transfer, next_frame_);
    const bool is_frozen = now() < dongle_.frozen_until_;
    if (is_frozen) transfer.fill(std::byte{0});  // no digits
    next_frame_ += kTransfer_frames;
    if (samples_.space() < transfer.size()) {
      lost_bytes_ += transfer.size();
      dongle_.ledger_.overflowed += kTransfer_frames;
      return;
    }
    samples_.write(transfer);
    std::uint64_t& account = is_frozen ? dongle_.ledger_.lost : dongle_.ledger_.handed_over;
    account += kTransfer_frames;
  }

  SimulatedDongle& dongle_;
  source::SourceInfo info_;
  source::DongleChoice choice_;
  std::vector<Decibels> gains_;
  rt::Inbound<std::byte> samples_;
  std::uint64_t lost_bytes_ = 0;
  std::uint64_t next_frame_ = 0;
  unsigned life_ = 0;
  std::optional<rt::TimePoint> closed_at_;
  rt::Scope streaming_;
};

std::unique_ptr<source::DongleConnection> SimulatedDongle::connect() {
  return std::make_unique<Connection>(*this);
}

void SimulatedDongle::unplug(rt::Duration time) {
  ++lives_;
  away_until_ = now() + time;
}

std::uint64_t SimulatedDongle::frames_in(rt::Duration time) const {
  return static_cast<std::uint64_t>(std::chrono::duration<double>(time).count() * rate_hz_);
}

rt::TimePoint SimulatedDongle::time_of(std::uint64_t frame) const {
  // Rounded up, so that frames_in() of it is no less.
  const double time_s = static_cast<double>(frame) / rate_hz_;
  return rt::TimePoint(rt::Duration(static_cast<std::int64_t>(std::ceil(time_s * 1e9)) + 1));
}

rt::Duration SimulatedDongle::some_time(rt::Duration least, rt::Duration most) {
  return least + rt::Duration(static_cast<std::int64_t>(random_() %
                                                        static_cast<std::uint64_t>((most - least).count())));
}

}  // namespace fmrx::test
