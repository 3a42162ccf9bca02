// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/rtlsdr_connection.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <exception>
#include <mutex>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "base/iq.hpp"
#include "source/rtlsdr_dongle.hpp"

namespace fmrx::source {

namespace {

constexpr std::size_t kBytesPerSample = bytes_per_sample(IqFormat::cu8);
/// USB's bulk packets; librtlsdr takes whole ones only.
constexpr std::size_t kPacket_bytes = 512;
/// 15.6 ms each. Sized by time, so that the watchdog means the same at every rate.
constexpr std::size_t kTransfersPerSecond = 64;

std::size_t transfer_bytes(SampleRate rate) {
  const std::size_t bytes = rate.value() * kBytesPerSample / kTransfersPerSecond;
  return std::max(bytes / kPacket_bytes, std::size_t{1}) * kPacket_bytes;
}

/// Between a half and a whole second of samples: longer than a sink or a disk stalls.
std::size_t ring_bytes(SampleRate rate) {
  return std::bit_floor(rate.value() * kBytesPerSample);
}

}  // namespace

/// What the dongle's thread and the loop share. The thread may outlive all else.
class RtlsdrConnection::Shared {
 public:
  explicit Shared(RtlsdrConfig config)
      : config_(std::move(config)),
        transfer_bytes_(source::transfer_bytes(config_.rate)),
        samples_(ring_bytes(config_.rate)) {}
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  // The thread's side.

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

  [[nodiscard]] auto opened() noexcept { return opened_.data(); }

  void start() noexcept {
    constexpr std::uint8_t kGo[] = {1};
    go_.write(kGo);
  }

  void stop() noexcept {
    stop_.store(true);
    go_.close();
    const std::lock_guard lock(cancel_mutex_);
    cancel_once();
  }

  // A worker's.

  void set_gain(std::optional<Decibels> gain) {
    const std::lock_guard lock(control_mutex_);
    if (controllable_ != nullptr) controllable_->set_gain(gain);
  }

  const RtlsdrConfig config_;
  const std::size_t transfer_bytes_;
  rt::Inbound<std::byte> samples_;
  std::atomic<std::uint64_t> lost_bytes_{0};
  SourceInfo info_;              ///< valid once opened
  DongleChoice choice_;          ///< likewise
  std::vector<Decibels> gains_;  ///< likewise
  int code_ = 0;                 ///< librtlsdr's, valid once closed
  std::exception_ptr error_;     ///< valid once closed

 private:
  /// For as long as it lives, other threads may cancel and control the dongle.
  class Shown {
   public:
    Shown(Shared& shared, Dongle& dongle) : shared_(shared) { set(&dongle); }
    Shown(const Shown&) = delete;
    Shown& operator=(const Shown&) = delete;
    ~Shown() { set(nullptr); }

   private:
    void set(Dongle* dongle) {
      // Each alone: a control call may block for seconds, and stop() must not wait for it.
      {
        const std::lock_guard lock(shared_.cancel_mutex_);
        shared_.cancellable_ = dongle;
      }
      const std::lock_guard lock(shared_.control_mutex_);
      shared_.controllable_ = dongle;
    }

    Shared& shared_;
  };

  void open_and_stream() {
    Dongle dongle(config_.dongle);
    if (stop_.load()) return;
    dongle.set_up(config_);
    info_.name = dongle.name();
    info_.format = IqFormat::cu8;
    info_.rate = dongle.rate();
    info_.centre = dongle.centre();
    info_.live = true;
    choice_ = dongle.choice();
    gains_ = dongle.gains();
    const Shown shown(*this, dongle);
    opened_.push(1);
    const bool is_wanted = go_.wait();
    if (!is_wanted || stop_.load()) return;
    code_ = dongle.stream(transfer_bytes_, &Shared::receive, this);
    samples_.close();  // closing the dongle may take seconds
  }

  /// Under `cancel_mutex_`.
  void cancel_once() noexcept {
    if (cancellable_ != nullptr && !cancelled_) cancelled_ = cancellable_->cancel();
  }

  /// In libusb's event loop: whatever takes time here costs samples.
  static void receive(unsigned char* bytes, std::uint32_t count, void* context) noexcept {
    Shared& shared = *static_cast<Shared*>(context);
    if (shared.stop_.load(std::memory_order_relaxed)) {
      // Nobody may be left to ask again.
      const std::unique_lock lock(shared.cancel_mutex_, std::try_to_lock);
      if (lock) shared.cancel_once();
      return;
    }
    // A transfer begins with a whole sample, whatever its length.
    const std::size_t whole = count / kBytesPerSample * kBytesPerSample;
    if (shared.samples_.space() < whole) {
      shared.lost_bytes_.fetch_add(whole, std::memory_order_relaxed);
    } else {
      shared.samples_.write(std::as_bytes(std::span(bytes, whole)));
    }
  }

  rt::Inbound<std::uint8_t> opened_{1};
  rt::Outbound<std::uint8_t> go_{1};
  std::atomic<bool> stop_{false};
  std::mutex cancel_mutex_;  ///< never held over a call that blocks
  Dongle* cancellable_ = nullptr;
  bool cancelled_ = false;
  std::mutex control_mutex_;
  Dongle* controllable_ = nullptr;
};

RtlsdrConnection::RtlsdrConnection(RtlsdrConfig config, std::shared_ptr<rt::Workers> control)
    : control_(std::move(control)),
      shared_(std::make_shared<Shared>(std::move(config))),
      thread_([shared = shared_] { shared->run(); }) {}

RtlsdrConnection::~RtlsdrConnection() {
  shared_->stop();
}

rt::Task<void> RtlsdrConnection::wait_until_open() {
  const bool is_open = co_await shared_->opened();
  if (is_open) co_return;
  co_await thread_.end();
  if (shared_->error_) std::rethrow_exception(shared_->error_);
}

const SourceInfo& RtlsdrConnection::info() const {
  return shared_->info_;
}

const DongleChoice& RtlsdrConnection::choice() const {
  return shared_->choice_;
}

const std::vector<Decibels>& RtlsdrConnection::gains() const {
  return shared_->gains_;
}

void RtlsdrConnection::start() noexcept {
  shared_->start();
}

void RtlsdrConnection::stop() noexcept {
  shared_->stop();
}

rt::Inbound<std::byte>& RtlsdrConnection::samples() {
  return shared_->samples_;
}

std::size_t RtlsdrConnection::transfer_bytes() const {
  return shared_->transfer_bytes_;
}

std::uint64_t RtlsdrConnection::lost_bytes() const {
  return shared_->lost_bytes_.load();
}

std::string RtlsdrConnection::reason() const {
  return "librtlsdr's code " + std::to_string(shared_->code_);
}

rt::Task<void> RtlsdrConnection::set_gain(std::optional<Decibels> gain) {
  return call_set_gain(control_, shared_, gain);
}

/// Owns all it touches, since the call may take seconds.
rt::Task<void> RtlsdrConnection::call_set_gain(std::shared_ptr<rt::Workers> control,
                                               std::shared_ptr<Shared> shared, std::optional<Decibels> gain) {
  auto call = [shared = std::move(shared), gain] { shared->set_gain(gain); };
  co_await control->call(std::move(call));
}

}  // namespace fmrx::source
