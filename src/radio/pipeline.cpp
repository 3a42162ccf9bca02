// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "radio/pipeline.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/log.hpp"

namespace fmrx::radio {

namespace {

/// Closes a channel when its writer ends, whichever way it ends.
template <class T>
class ClosedAtEnd {
 public:
  explicit ClosedAtEnd(rt::Channel<T>& channel) : channel_(channel) {}
  ClosedAtEnd(const ClosedAtEnd&) = delete;
  ClosedAtEnd& operator=(const ClosedAtEnd&) = delete;
  ~ClosedAtEnd() { channel_.close(); }

 private:
  rt::Channel<T>& channel_;
};

}  // namespace

Pipeline::Pipeline(source::Source& source, dsp::StationReceiver& receiver,
                   const std::vector<std::unique_ptr<sink::Sink>>& sinks,
                   std::optional<std::uint64_t> frame_limit)
    : source_(source),
      receiver_(receiver),
      frame_limit_(frame_limit),
      iq_(source.info().live ? kBlocksQueued : kWaitingSourceBlocks),
      audio_feeds_(0) {
  for (const auto& sink : sinks) feeds_.push_back(std::make_unique<Feed>(*sink));
  audio_feeds_ = feeds_.size();
}

void Pipeline::send_multiplex(sink::Sink& sink, dsp::MultiplexOutput output) {
  feeds_.push_back(std::make_unique<Feed>(sink));
  multiplex_.emplace(MultiplexFeed{std::move(output), *feeds_.back()});
}

rt::Channel<rds::Group>& Pipeline::decode_rds() {
  rds_ = std::make_unique<RdsFeed>(receiver_.difference_band());
  return rds_->groups;
}

rt::Task<void> Pipeline::run() {
  reading_.spawn(read());
  playing_.spawn(demodulate());
  for (const auto& feed : feeds_) playing_.spawn(deliver(*feed));
  co_await playing_.join();
  reading_.stop();
  co_await reading_.join();
}

rt::Task<void> Pipeline::read() {
  const ClosedAtEnd closed_at_end(iq_);
  rt::AsyncGenerator<source::IqBlock> stream = source_.stream();
  try {
    for (;;) {
      source::IqBlock* const block = co_await stream.next();
      if (block == nullptr) break;
      const bool wanted = co_await iq_.push(*block);
      if (!wanted) break;
    }
  } catch (const Error& lost) {
    fail(lost);
  }
}

rt::Task<void> Pipeline::demodulate() {
  for (;;) {
    const std::optional<source::IqBlock> iq = co_await iq_.pop();
    if (!iq) break;
    if (before_block_) co_await before_block_(*iq);
    const std::optional<sink::AudioBlock> audio = next_audio(*iq);
    if (automatic_gain_ && !iq->is_gap()) automatic_gain_->process(iq->view(), receiver_);
    if (rds_ && !iq->is_gap()) co_await hand_on(rds_->receiver.process(receiver_.difference_samples()));
    // In a gap there is no new multiplex.
    if (rds_ && iq->is_gap()) rds_->receiver.skip(duration_of(iq->view()));
    if (multiplex_) {
      const std::optional<sink::AudioBlock> multiplex = next_multiplex(*iq);
      if (multiplex) co_await feed_sink(multiplex_->feed, *multiplex);
    }
    if (audio) {
      for (std::size_t i = 0; i < audio_feeds_; ++i) co_await feed_sink(*feeds_[i], *audio);
      if (after_block_) after_block_(position());
    }
    // Without audio, too: what the source has lost may have gone beyond the limit.
    if (frame_limit_ && position() >= *frame_limit_) break;
  }
  iq_.abandon();
  for (const auto& feed : feeds_) feed->audio.close();
  if (rds_) {
    co_await hand_on(rds_->receiver.finish());
    rds_->groups.close();
  }
}

/// A live source does not wait, so a slow sink loses audio, and it alone. Any other source waits
/// for the slowest sink.
rt::Task<void> Pipeline::feed_sink(Feed& feed, sink::AudioBlock block) {
  const std::size_t frames = block.frames();
  if (!source_.info().live) {
    co_await feed.audio.push(std::move(block));
  } else if (!feed.audio.try_push(block) && !feed.audio.abandoned()) {
    ++feed.drops;
    feed.frames_dropped += frames;
  }
}

std::chrono::duration<double> Pipeline::duration_of(IqView iq) const {
  return std::chrono::duration<double>(static_cast<double>(iq.samples()) / source_.info().rate.hz());
}

/// As with audio: nobody waits for the reader of a live station's groups.
rt::Task<void> Pipeline::hand_on(std::span<const rds::Group> groups) {
  for (rds::Group group : groups) {
    if (!source_.info().live) {
      co_await rds_->groups.push(group);
    } else if (!rds_->groups.try_push(group) && !rds_->groups.abandoned()) {
      ++rds_->dropped;
    }
  }
}

rt::Task<void> Pipeline::deliver(Feed& feed) {
  try {
    co_await feed.sink.run(feed.audio);
  } catch (const Error& failed) {
    fail(failed);
  }
  feed.audio.abandon();
  if (nobody_listens()) stop();
}

/// Nothing where the samples did not suffice for a frame, or are beyond the limit.
std::optional<sink::AudioBlock> Pipeline::next_audio(const source::IqBlock& iq) {
  const std::span<const float> samples =
      iq.is_gap() ? silence(iq.view().samples()) : receiver_.process(iq.view());
  std::uint64_t frames = samples.size() / kAudioChannels;
  const std::uint64_t first_frame = position();
  if (frame_limit_) frames = std::min(frames, *frame_limit_ - std::min(first_frame, *frame_limit_));
  if (frames == 0) return std::nullopt;
  frames_played_ += frames;
  const auto buffer = audio_buffers_.take(frames * kAudioChannels);
  std::copy_n(samples.begin(), buffer->size(), buffer->begin());
  return sink::AudioBlock(buffer, first_frame, iq.is_gap());
}

/// Multiplex of what next_audio() has just received; a gap is silence, and passes through the filter.
std::optional<sink::AudioBlock> Pipeline::next_multiplex(const source::IqBlock& iq) {
  const std::uint64_t first_frame = multiplex_->frames + lost_frames(multiplex_->output.rate());
  std::span<const float> samples;
  if (iq.is_gap()) {
    const double gap =
        static_cast<double>(iq.view().samples()) * receiver_.multiplex_rate_hz() / source_.info().rate.hz();
    samples = multiplex_->output.process(silence_of(static_cast<std::size_t>(gap)));
  } else {
    samples = multiplex_->output.process(receiver_.multiplex());
  }
  std::uint64_t frames = samples.size();
  if (frame_limit_) {
    const std::uint64_t limit = *frame_limit_ * multiplex_->output.rate().value() / kAudioRate.value();
    frames = std::min(frames, limit - std::min(first_frame, limit));
  }
  if (frames == 0) return std::nullopt;
  multiplex_->frames += frames;
  const auto buffer = multiplex_buffers_.take(frames);
  std::copy_n(samples.begin(), frames, buffer->begin());
  return sink::AudioBlock(buffer, first_frame, iq.is_gap(), 1);
}

/// Frames so far, with what the source's losses are in audio. Where exactly those were it does not
/// say; they are known as soon as they are counted, up to a tenth of a second early.
std::uint64_t Pipeline::position() const {
  return frames_played_ + lost_frames(kAudioRate);
}

/// What the source's losses are at another rate.
std::uint64_t Pipeline::lost_frames(SampleRate rate) const {
  const std::uint64_t lost = source_.samples_lost();
  const std::uint64_t source_rate = source_.info().rate.value();
  // Whole seconds apart, so that years stay within 64 bits.
  return lost / source_rate * rate.value() + lost % source_rate * rate.value() / source_rate;
}

/// As much audio as so many samples of a gap would have given: the time line goes on.
std::span<const float> Pipeline::silence(std::uint64_t gap_samples) {
  gap_samples_ += gap_samples;
  const std::uint64_t frames = gap_samples_ * kAudioRate.value() / source_.info().rate.value() - gap_frames_;
  gap_frames_ += frames;
  return silence_of(frames * kAudioChannels);
}

std::span<const float> Pipeline::silence_of(std::size_t samples) {
  silence_.resize(std::max(silence_.size(), samples));
  return {silence_.data(), samples};
}

void Pipeline::fail(const Error& error) {
  log::error(error.what());
  failures_.push_back(error);
}

void Pipeline::hurry() noexcept {
  stop();
  for (const auto& feed : feeds_) feed->sink.hurry();
}

void Pipeline::begin_new_files() noexcept {
  for (const auto& feed : feeds_) feed->sink.begin_new_file();
}

bool Pipeline::nobody_listens() const {
  return std::all_of(feeds_.begin(), feeds_.end(), [](const auto& feed) { return feed->audio.abandoned(); });
}

std::vector<Pipeline::SinkProgress> Pipeline::sinks() const {
  std::vector<SinkProgress> progress;
  for (const auto& feed : feeds_)
    progress.push_back({&feed->sink, feed->drops, feed->frames_dropped, feed->audio.abandoned()});
  return progress;
}

}  // namespace fmrx::radio
