// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/dongle_source.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "source/clock_loss.hpp"

namespace fmrx::source {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBytesPerSample = bytes_per_sample(IqFormat::cu8);
constexpr std::size_t kMostTransfersPerBlock = 3;

/// A dongle that sends nothing for so long has gone or hangs. Looked at in steps, so that
/// time in which the whole program was suspended counts as one of them.
constexpr rt::Duration kSilenceStep = 250ms;
constexpr int kMostSilentSteps = 4;
/// One that sends the same value for so long hangs, too: noise alone toggles a bit.
constexpr std::uint64_t kMostFrozenSeconds = 1;

constexpr rt::Duration kCancelAgain = 2ms;
/// For a dongle to be closed; then it is left to its fate. With a dead control endpoint
/// librtlsdr needs two seconds.
constexpr rt::Duration kClosePatience = 4s;
/// It takes a second; with a dead control endpoint librtlsdr tries for half a minute.
constexpr rt::Duration kOpenPatience = 5s;
constexpr rt::Duration kLookEvery = 500ms;
constexpr rt::Duration kLongestPause = 8s;

constexpr rt::Duration kSilencePiece = 20ms;

std::string one_decimal(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}
std::string in_seconds(rt::Duration time) {
  return one_decimal(std::chrono::duration<double>(time).count()) + " s";
}

/// One and the same sample.
bool is_constant(std::span<const std::byte> bytes) {
  return bytes.size() > kBytesPerSample &&
         std::memcmp(bytes.data(), bytes.data() + kBytesPerSample, bytes.size() - kBytesPerSample) == 0;
}

class DongleSource final : public Source, private TunerGain {
 public:
  DongleSource(RtlsdrConfig config, MakeConnection connect)
      : config_(std::move(config)),
        connect_(std::move(connect)),
        connection_(connect_(config_)),
        clock_loss_(config_.rate) {}

  rt::Task<void> wait_until_open() {
    const bool is_open = co_await rt::with_timeout(kOpenPatience, connection_->wait_until_open());
    if (!is_open)
      throw Error(ExitStatus::source, "the dongle does not answer; unplug it and plug it in again");
    info_ = connection_->info();
    gains_ = connection_->gains();
    if (config_.gain && !gains_.empty()) config_.gain = nearest_gain(*config_.gain);
    config_.dongle = connection_->choice();
    clock_loss_ = ClockLoss(info_.rate);
  }

  const SourceInfo& info() const override { return info_; }

  std::uint64_t samples_lost() const override {
    const std::uint64_t now = connection_ ? connection_->lost_bytes() : 0;
    return (lost_bytes_before_ + now) / kBytesPerSample + clock_loss_.samples_lost();
  }

  TunerGain* tuner_gain() override { return gains_.empty() ? nullptr : this; }

  rt::AsyncGenerator<IqBlock> stream() override {
    const StopAtEnd guard(*this);
    begin_streaming();
    for (;;) {
      if (!gap_) {
        const bool is_there = co_await wait_for_samples();
        if (!is_there) begin_gap();
      }
      if (gap_) {
        const std::uint64_t missing = co_await wait_in_gap();
        for (std::uint64_t left = missing; left > 0;) {
          IqBlock silence = take_silence(left);
          left -= silence.view().samples();
          co_yield silence;
          // After a stall there may be much of it, all at once.
          co_await rt::yield();
        }
      } else {
        IqBlock block = take_block();
        co_yield block;
      }
    }
  }

  rt::Task<void> close() override {
    reopening_.stop();
    while (connection_ && !connection_->ended()) {
      connection_->stop();
      co_await rt::sleep_for(kCancelAgain);
    }
  }

 private:
  /// While the dongle is away.
  struct Gap {
    rt::TimePoint begun;
    std::uint64_t samples = 0;  ///< of silence that have been given
  };

  enum class Attempt { open, absent, failed };

  class StopAtEnd {
   public:
    explicit StopAtEnd(DongleSource& dongle) : dongle_(dongle) {}
    StopAtEnd(const StopAtEnd&) = delete;
    StopAtEnd& operator=(const StopAtEnd&) = delete;
    ~StopAtEnd() {
      dongle_.reopening_.stop();
      if (dongle_.connection_) dongle_.connection_->stop();
    }

   private:
    DongleSource& dongle_;
  };

  Decibels nearest_gain(Decibels wanted) const {
    const Decibels nearest = *std::ranges::min_element(
        gains_, {}, [&](Decibels gain) { return std::abs(gain.value() - wanted.value()); });
    if (nearest != wanted)
      log::info("gain " + one_decimal(nearest.value()) + " dB: the nearest that the tuner has to " +
                one_decimal(wanted.value()) + " dB");
    return nearest;
  }

  static rt::TimePoint now() { return rt::EventLoop::current().now(); }

  // --- while samples come ---------------------------------------------------

  void begin_streaming() {
    connection_->start();
    is_streaming_ = true;
    received_ = 0;
    last_arrival_ = now();
    if (!gap_) last_life_ = last_arrival_;
    frozen_samples_ = 0;
    clock_loss_.restart();
  }

  /// False: the dongle is lost, and `reason_` says why.
  rt::Task<bool> wait_for_samples() {
    if (!frozen_is_tolerated_ && frozen_samples_ > kMostFrozenSeconds * info_.rate.value()) {
      reason_ = "it sends the same value again and again";
      frozen_is_tolerated_ = true;
      co_return false;
    }
    for (int step = 0; step < kMostSilentSteps; ++step) {
      const std::optional<bool> is_there = co_await rt::with_timeout(kSilenceStep, next_samples());
      if (!is_there) continue;
      if (!*is_there) reason_ = connection_->reason();
      co_return *is_there;
    }
    reason_ = "it has sent nothing for a second";
    co_return false;
  }

  rt::Task<bool> next_samples() {
    const bool is_there = co_await connection_->samples().data(connection_->transfer_bytes());
    co_return is_there;
  }

  IqBlock take_block() {
    rt::Inbound<std::byte>& samples = connection_->samples();
    const std::size_t available = samples.size();
    const std::size_t most = kMostTransfersPerBlock * connection_->transfer_bytes();
    const auto buffer = pool_.take(std::min(available, most));
    samples.read(*buffer);
    last_arrival_ = now();
    const std::uint64_t arrived = received_ + available + connection_->lost_bytes();
    clock_loss_.arrived(last_arrival_.time_since_epoch(), arrived / kBytesPerSample);
    received_ += buffer->size();
    const bool is_frozen = is_constant(*buffer);
    note_life(is_frozen, buffer->size() / kBytesPerSample);
    // Demodulated, it would be noise.
    return IqBlock(IqFormat::cu8, SharedBytes(buffer), is_frozen);
  }

  void note_life(bool is_frozen, std::uint64_t samples) {
    if (is_frozen) {
      frozen_samples_ += samples;
      return;
    }
    frozen_samples_ = 0;
    frozen_is_tolerated_ = false;
    last_life_ = last_arrival_;
  }

  // --- while the dongle is away ----------------------------------------------

  void begin_gap() {
    const std::string what = info_.name + " was lost (" + reason_ + ")";
    if (config_.on_lost.patience == rt::Duration::zero())
      throw Error(ExitStatus::source, what + "; is it still plugged in?");
    log::warn(what + "; silence until it is back");
    gap_ = Gap{last_arrival_};
    pause_ = kLookEvery;
    find_it_again(rt::Duration(0));
  }

  /// How much silence has become due, after a while. Ends the gap once samples are there.
  rt::Task<std::uint64_t> wait_in_gap() {
    const std::uint64_t due = silence_due(0);
    if (due > 0) co_return due;
    co_await rt::sleep_for(kSilencePiece);
    if (is_streaming_) watch_new_connection();
    if (!gap_) co_return std::exchange(last_silence_, 0);
    if (const auto patience = config_.on_lost.patience; patience && now() - gap_->begun > *patience)
      throw Error(ExitStatus::source,
                  info_.name + " has not come back within " + in_seconds(*patience) + " (--on-lost)");
    co_return silence_due(0);
  }

  /// Samples of silence that the time line lacks if so many have come since.
  std::uint64_t silence_due(std::uint64_t samples_there) {
    const double elapsed_s = std::chrono::duration<double>(now() - gap_->begun).count();
    const auto elapsed = static_cast<std::uint64_t>(std::llround(std::max(elapsed_s, 0.0) * info_.rate.hz()));
    const std::uint64_t had = gap_->samples + samples_there;
    const std::uint64_t due = elapsed > had ? elapsed - had : 0;
    gap_->samples += due;
    return due;
  }

  void watch_new_connection() {
    rt::Inbound<std::byte>& samples = connection_->samples();
    if (samples.size() >= connection_->transfer_bytes()) {
      last_silence_ = silence_due(samples.size() / kBytesPerSample);
      log::info(info_.name + " is back after " + in_seconds(now() - last_life_) + "; silence fills the gap");
      gap_.reset();
    } else if (samples.closed() || now() - last_arrival_ > kMostSilentSteps * kSilenceStep) {
      find_it_again(pause_);
      pause_ = std::min(2 * pause_, kLongestPause);
    }
  }

  void find_it_again(rt::Duration pause) {
    is_streaming_ = false;
    reopening_.spawn(reopen(pause));
  }

  /// Closes what is left of the dongle and opens it until that succeeds. Only failures make the
  /// pauses longer: a dongle that is not there may come back at any moment.
  rt::Task<void> reopen(rt::Duration pause) {
    co_await close_lost_connection();
    co_await rt::sleep_for(pause);
    for (;;) {
      const Attempt attempt = co_await try_to_open();
      if (attempt == Attempt::open) break;
      if (attempt == Attempt::absent) pause_ = kLookEvery;
      co_await rt::sleep_for(pause_);
      // Permissions come some tenths of a second after the dongle: once more at the same pace.
      if (attempt == Attempt::failed) pause_ = std::min(2 * pause_, kLongestPause);
    }
    set_gain_of_connection();
    begin_streaming();
  }

  rt::Task<void> close_lost_connection() {
    const rt::TimePoint deadline = now() + kClosePatience;
    while (!connection_->ended() && now() < deadline) {
      connection_->stop();
      co_await rt::sleep_for(kCancelAgain);
    }
    lost_bytes_before_ += connection_->lost_bytes();
    connection_.reset();
  }

  rt::Task<Attempt> try_to_open() {
    std::unique_ptr<DongleConnection> connection = connect_(config_);
    try {
      const bool is_open = co_await rt::with_timeout(kOpenPatience, connection->wait_until_open());
      if (is_open) {
        connection_ = std::move(connection);
        co_return Attempt::open;
      }
    } catch (const NoSuchDongle&) {
      co_return Attempt::absent;
    } catch (const Error& error) {
      if (error.what() != last_failure_) log::warn(error.what() + std::string("; trying again"));
      last_failure_ = error.what();
    }
    co_return Attempt::failed;
  }

  IqBlock take_silence(std::uint64_t samples) {
    const auto most =
        static_cast<std::uint64_t>(std::chrono::duration<double>(kSilencePiece).count() * info_.rate.hz());
    const auto buffer = pool_.take(std::min(samples, most) * kBytesPerSample);
    // Zero lies between 127 and 128.
    for (std::size_t i = 0; i < buffer->size(); ++i) (*buffer)[i] = std::byte(127 + i % 2);
    return IqBlock(IqFormat::cu8, SharedBytes(buffer), true);
  }

  // --- gain --------------------------------------------------------------------

  const std::vector<Decibels>& gains() const override { return gains_; }

  void set_gain(Decibels gain) override {
    if (config_.gain == gain) return;
    config_.gain = gain;  // for when it is opened again
    if (connection_ && !gap_) set_gain_of_connection();
  }

  void set_gain_of_connection() { setting_gain_.spawn(warn_of_failure(connection_->set_gain(config_.gain))); }

  static rt::Task<void> warn_of_failure(rt::Task<void> setting) {
    try {
      co_await std::move(setting);
    } catch (const Error& error) {
      log::warn(error.what());
    }
  }

  RtlsdrConfig config_;
  MakeConnection connect_;
  SourceInfo info_;
  std::vector<Decibels> gains_;
  std::unique_ptr<DongleConnection> connection_;
  bool is_streaming_ = false;
  std::uint64_t received_ = 0;           ///< bytes taken from this connection
  std::uint64_t lost_bytes_before_ = 0;  ///< by earlier ones
  ClockLoss clock_loss_;
  rt::TimePoint last_arrival_{};
  rt::TimePoint last_life_{};  ///< when samples came that were not all alike
  std::uint64_t frozen_samples_ = 0;
  bool frozen_is_tolerated_ = false;  ///< reopening did not help
  std::string reason_;
  std::optional<Gap> gap_;
  std::uint64_t last_silence_ = 0;
  rt::Duration pause_ = kLookEvery;
  std::string last_failure_;
  BufferPool<std::byte> pool_;
  rt::Scope setting_gain_;
  rt::Scope reopening_;
};

}  // namespace

rt::Task<std::unique_ptr<Source>> open_dongle(RtlsdrConfig config, MakeConnection connect) {
  auto dongle = std::make_unique<DongleSource>(std::move(config), std::move(connect));
  co_await dongle->wait_until_open();
  co_return dongle;
}

}  // namespace fmrx::source
