// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/rtlsdr.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <exception>
#include <mutex>
#include <span>
#include <utility>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "rt/bridge.hpp"
#include "rt/foreign_thread.hpp"
#include "rt/sleep.hpp"
#include "source/rtlsdr_dongle.hpp"

namespace fmrx::source {

namespace {

constexpr std::size_t kBytesPerSample = bytes_per_sample(IqFormat::cu8);
/// USB's bulk packets; librtlsdr takes whole ones only.
constexpr std::size_t kPacket_bytes = 512;
constexpr std::size_t kTransfersPerSecond = 64;
constexpr std::size_t kMostTransfersPerBlock = 3;

/// A dongle that sends nothing for so long has gone or hangs. Looked at in steps, so that
/// time in which the whole program was suspended counts as one of them.
constexpr rt::Duration kSilenceStep = std::chrono::milliseconds(250);
constexpr int kMostSilentSteps = 4;
constexpr rt::Duration kCancelAgain = std::chrono::milliseconds(2);

/// Sized by time, so that the watchdog means the same at every rate.
std::size_t transfer_bytes(SampleRate rate) {
  const std::size_t bytes = rate.value() * kBytesPerSample / kTransfersPerSecond;
  return std::max(bytes / kPacket_bytes, std::size_t{1}) * kPacket_bytes;
}

/// Between a half and a whole second of samples: longer than a sink or a disk stalls.
std::size_t ring_bytes(SampleRate rate) {
  return std::bit_floor(rate.value() * kBytesPerSample);
}

/// What the dongle's thread and the loop share. The thread may outlive all else.
class Session {
 public:
  explicit Session(RtlsdrConfig config)
      : config_(std::move(config)),
        transfer_bytes_(transfer_bytes(config_.rate)),
        samples_(ring_bytes(config_.rate)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // The thread's side.

  /// Opens the dongle, waits for start(), streams until stop() or the dongle's end, closes it.
  void run() noexcept {
    try {
      open_and_stream();
    } catch (...) {
      error_ = std::current_exception();
    }
    opened_.close();
    samples_.close();
  }

  // The loop's side.

  /// co_await gives false when it could not be opened.
  [[nodiscard]] auto opened() noexcept { return opened_.data(); }
  [[nodiscard]] const SourceInfo& info() const { return info_; }

  void start() noexcept {
    constexpr std::uint8_t kGo[] = {1};
    go_.write(kGo);
  }

  /// The thread ends soon after, unless it hangs in the library or has only just begun to
  /// stream and gets no samples: then cancel() must be repeated.
  void stop() noexcept {
    stop_.store(true);
    go_.close();
    cancel();
  }
  void cancel() noexcept {
    const std::lock_guard lock(mutex_);
    if (dongle_ != nullptr) dongle_->cancel();
  }

  [[nodiscard]] rt::Inbound<std::byte>& samples() { return samples_; }
  [[nodiscard]] std::size_t bytes_at_once() const { return transfer_bytes_; }
  [[nodiscard]] std::uint64_t samples_lost() const { return lost_bytes_.load() / kBytesPerSample; }

  /// Once `samples` or `opened` are closed.
  void rethrow_error() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  /// For as long as it lives, the loop may cancel the dongle.
  class Cancellable {
   public:
    Cancellable(Session& session, Dongle& dongle) : session_(session) { set(&dongle); }
    Cancellable(const Cancellable&) = delete;
    Cancellable& operator=(const Cancellable&) = delete;
    ~Cancellable() { set(nullptr); }

   private:
    void set(Dongle* dongle) {
      const std::lock_guard lock(session_.mutex_);
      session_.dongle_ = dongle;
    }

    Session& session_;
  };

  void open_and_stream() {
    Dongle dongle(config_.dongle);
    dongle.set_up(config_);
    info_.name = dongle.name();
    info_.format = IqFormat::cu8;
    info_.rate = dongle.rate();
    info_.centre = dongle.centre();
    info_.live = true;
    const Cancellable cancellable(*this, dongle);
    opened_.push(1);
    const bool is_wanted = go_.wait();
    if (!is_wanted || stop_.load()) return;
    const int code = dongle.stream(transfer_bytes_, &Session::receive, this);
    if (!stop_.load())
      throw Error(ExitStatus::source, info_.name + " was lost; is it still plugged in? (librtlsdr code " +
                                          std::to_string(code) + ")");
  }

  /// In libusb's event loop: whatever takes time here costs samples.
  static void receive(unsigned char* bytes, std::uint32_t count, void* context) noexcept {
    Session& session = *static_cast<Session*>(context);
    if (session.stop_.load(std::memory_order_relaxed)) {
      session.dongle_->cancel();
    } else if (session.samples_.space() < count) {
      session.lost_bytes_.fetch_add(count, std::memory_order_relaxed);
    } else {
      session.samples_.write(std::as_bytes(std::span(bytes, count)));
    }
  }

  const RtlsdrConfig config_;
  const std::size_t transfer_bytes_;
  rt::Inbound<std::uint8_t> opened_{1};
  rt::Outbound<std::uint8_t> go_{1};
  rt::Inbound<std::byte> samples_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> lost_bytes_{0};
  std::mutex mutex_;
  Dongle* dongle_ = nullptr;  ///< written by the thread alone, under the mutex
  SourceInfo info_;           ///< valid once opened
  std::exception_ptr error_;  ///< valid once closed
};

class Rtlsdr final : public Source {
 public:
  explicit Rtlsdr(RtlsdrConfig config)
      : session_(std::make_shared<Session>(std::move(config))),
        thread_([session = session_] { session->run(); }) {}
  ~Rtlsdr() override { session_->stop(); }

  rt::Task<void> wait_until_open() {
    const bool is_open = co_await session_->opened();
    if (is_open) co_return;
    co_await thread_.end();
    session_->rethrow_error();
  }

  const SourceInfo& info() const override { return session_->info(); }
  std::uint64_t samples_lost() const override { return session_->samples_lost(); }

  rt::AsyncGenerator<IqBlock> stream() override {
    const StopAtEnd guard(*session_);
    session_->start();
    for (;;) {
      const bool is_there = co_await wait_for_samples();
      if (!is_there) break;
      IqBlock block = take_block();
      co_yield block;
    }
    session_->rethrow_error();
  }

  rt::Task<void> close() override {
    session_->stop();
    while (!thread_.ended()) {
      session_->cancel();
      co_await rt::sleep_for(kCancelAgain);
    }
  }

 private:
  class StopAtEnd {
   public:
    explicit StopAtEnd(Session& session) : session_(session) {}
    StopAtEnd(const StopAtEnd&) = delete;
    StopAtEnd& operator=(const StopAtEnd&) = delete;
    ~StopAtEnd() { session_.stop(); }

   private:
    Session& session_;
  };

  rt::Task<bool> wait_for_samples() {
    for (int step = 0; step < kMostSilentSteps; ++step) {
      const std::optional<bool> is_there = co_await rt::with_timeout(kSilenceStep, next_samples());
      if (is_there) co_return *is_there;
    }
    throw Error(ExitStatus::source,
                info().name + " has sent nothing for a second; unplug it and plug it in again");
  }

  rt::Task<bool> next_samples() {
    const bool is_there = co_await session_->samples().data(session_->bytes_at_once());
    co_return is_there;
  }

  IqBlock take_block() {
    rt::Inbound<std::byte>& samples = session_->samples();
    const std::size_t most = kMostTransfersPerBlock * session_->bytes_at_once();
    const auto buffer = pool_.take(std::min(samples.size(), most));
    samples.read(*buffer);
    return IqBlock(IqFormat::cu8, buffer);
  }

  std::shared_ptr<Session> session_;
  rt::ForeignThread thread_;
  BufferPool<std::byte> pool_;
};

}  // namespace

rt::Task<std::unique_ptr<Source>> open_rtlsdr(RtlsdrConfig config) {
  check_dongle_rate(config.rate);
  auto dongle = std::make_unique<Rtlsdr>(std::move(config));
  co_await dongle->wait_until_open();
  co_return dongle;
}

rt::Task<std::vector<DongleInfo>> list_dongles(rt::Workers& workers) {
  co_return co_await workers.call(&find_dongles);
}

rt::Task<std::vector<Decibels>> list_gains(DongleChoice dongle, rt::Workers& workers) {
  auto read_gains = [choice = std::move(dongle)] { return Dongle(choice).gains(); };
  co_return co_await workers.call(std::move(read_gains));
}

}  // namespace fmrx::source
