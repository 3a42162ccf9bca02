// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "dsp/multiplex_output.hpp"
#include "dsp/station_receiver.hpp"
#include "radio/automatic_gain.hpp"
#include "rds/receiver.hpp"
#include "rt/channel.hpp"
#include "rt/scope.hpp"
#include "rt/task.hpp"
#include "sink/sink.hpp"
#include "source/source.hpp"

namespace fmrx::radio {

/// The way of the samples: a coroutine that reads IQ blocks, one that demodulates them, and
/// one for each sink that delivers the audio, linked by bounded channels.
///
/// Closing flows downstream: when the reader ends, the channels drain one after the other
/// and every sink finishes. Stopping flows upstream: stop() cancels the reader alone.
class Pipeline {
 public:
  /// All must outlive it. `frame_limit`: how many audio frames are wanted, if not all.
  Pipeline(source::Source& source, dsp::StationReceiver& receiver,
           const std::vector<std::unique_ptr<sink::Sink>>& sinks, std::optional<std::uint64_t> frame_limit);

  /// Before run(): RDS is wanted, too. Its groups must then be read to the channel's end, or the
  /// channel be abandoned, for a source that is not live waits for the reader.
  [[nodiscard]] rt::Channel<rds::Group>& decode_rds();

  /// Before run(): the multiplex goes to `sink`, too, which must outlive the pipeline.
  void send_multiplex(sink::Sink& sink, dsp::MultiplexOutput output);

  /// Before run(): awaited for each block of IQ before it is demodulated. A source that is not live
  /// waits for it; with one that is, it may not take long.
  void before_block(std::function<rt::Task<void>(const source::IqBlock&)> tap) {
    before_block_ = std::move(tap);
  }

  /// Before run(): called after each block of audio with the frames so far, lost ones included.
  void after_block(std::function<void(std::uint64_t)> callback) { after_block_ = std::move(callback); }

  /// Before run(): the tuner's gain is found and followed. Only for a source with a tuner_gain().
  void control_gain() { automatic_gain_.emplace(*source_.tuner_gain(), source_.info().rate); }

  /// Runs until the source ends or is lost, the limit is reached, no sink is left, or stop().
  /// A source or sink that fails ends alone: it is logged, and listed in failures().
  [[nodiscard]] rt::Task<void> run();

  /// Takes no more samples; what is in the channels is still played.
  void stop() noexcept { reading_.stop(); }

  /// As stop(), for a user who waits: sinks leave out what would have to wait.
  void hurry() noexcept;

  /// Recordings go on in new files.
  void begin_new_files() noexcept;

  [[nodiscard]] const std::vector<Error>& failures() const { return failures_; }
  [[nodiscard]] std::uint64_t frames_played() const { return frames_played_; }

  struct SinkProgress {
    const sink::Sink* sink;
    std::uint64_t drops;           ///< how often it was too slow
    std::uint64_t frames_dropped;  ///< and what it lost by that
    bool ended;
  };
  [[nodiscard]] std::vector<SinkProgress> sinks() const;
  /// Because their reader was too slow.
  [[nodiscard]] std::uint64_t groups_dropped() const { return rds_ ? rds_->dropped : 0; }

 private:
  /// One sink's end of the audio, or of the multiplex.
  struct Feed {
    explicit Feed(sink::Sink& to) : sink(to), audio(kBlocksQueued) {}

    sink::Sink& sink;
    sink::AudioChannel audio;
    std::uint64_t drops = 0;
    std::uint64_t frames_dropped = 0;
  };

  /// The RDS decoder and its end of the groups.
  struct RdsFeed {
    explicit RdsFeed(const dsp::DifferenceBand& source) : receiver(source), groups(kGroupsQueued) {}

    rds::Receiver receiver;
    rt::Channel<rds::Group> groups;
    std::uint64_t dropped = 0;
  };

  /// What makes the multiplex for its sink.
  struct MultiplexFeed {
    dsp::MultiplexOutput output;
    Feed& feed;
    std::uint64_t frames = 0;  ///< so far, without what the source lost
  };

  static constexpr std::size_t kBlocksQueued = 8;
  /// A source that waits needs no reserve: fewer blocks stay in the processor's cache.
  static constexpr std::size_t kWaitingSourceBlocks = 1;
  static constexpr std::size_t kGroupsQueued = 64;  ///< 5.6 s

  rt::Task<void> read();
  rt::Task<void> demodulate();
  rt::Task<void> deliver(Feed& feed);
  rt::Task<void> feed_sink(Feed& feed, sink::AudioBlock block);
  rt::Task<void> hand_on(std::span<const rds::Group> groups);
  [[nodiscard]] std::chrono::duration<double> duration_of(IqView iq) const;

  std::optional<sink::AudioBlock> next_audio(const source::IqBlock& iq);
  [[nodiscard]] std::span<const float> silence(std::uint64_t gap_samples);
  [[nodiscard]] std::span<const float> silence_of(std::size_t samples);
  std::optional<sink::AudioBlock> next_multiplex(const source::IqBlock& iq);
  [[nodiscard]] std::uint64_t position() const;
  [[nodiscard]] std::uint64_t lost_frames(SampleRate rate) const;
  void fail(const Error& error);
  [[nodiscard]] bool nobody_listens() const;

  source::Source& source_;
  dsp::StationReceiver& receiver_;
  std::optional<std::uint64_t> frame_limit_;
  rt::Channel<source::IqBlock> iq_;
  std::vector<std::unique_ptr<Feed>> feeds_;
  std::size_t audio_feeds_;  ///< the first so many of them
  std::optional<MultiplexFeed> multiplex_;
  std::function<rt::Task<void>(const source::IqBlock&)> before_block_;
  std::function<void(std::uint64_t)> after_block_;
  BufferPool<float> audio_buffers_;
  BufferPool<float> multiplex_buffers_;
  std::unique_ptr<RdsFeed> rds_;
  std::uint64_t frames_played_ = 0;
  std::optional<AutomaticGain> automatic_gain_;
  std::uint64_t gap_samples_ = 0;
  std::uint64_t gap_frames_ = 0;
  std::vector<float> silence_;
  std::vector<Error> failures_;
  rt::Scope reading_;
  rt::Scope playing_;
};

}  // namespace fmrx::radio
