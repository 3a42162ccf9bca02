// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "source/recording.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/buffer_pool.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/printable.hpp"
#include "recording/sigmf.hpp"
#include "rt/channel.hpp"
#include "rt/scope.hpp"
#include "rt/sleep.hpp"
#include "source/byte_input.hpp"
#include "source/pace.hpp"
#include "source/recording_name.hpp"
#include "source/wav_header.hpp"

namespace fmrx::source {

namespace {

constexpr std::size_t kBlocksPerSecond = 20;
/// Both limits of a block are whole numbers of samples in every format.
constexpr std::size_t kLeastBlock_bytes = 4096;
constexpr std::size_t kMostBlocksPerBatch = 16;

class Recording final : public Source {
 public:
  /// beginning: bytes of samples that came out of `input` already.
  Recording(std::unique_ptr<ByteInput> input, SourceInfo info, std::vector<std::byte> beginning,
            std::optional<std::uint64_t> bytes, bool realtime)
      : input_(std::move(input)),
        info_(std::move(info)),
        left_over_(std::move(beginning)),
        bytes_left_(bytes),
        realtime_(realtime),
        pace_(info_.rate) {}

  const SourceInfo& info() const override { return info_; }
  rt::AsyncGenerator<IqBlock> stream() override;
  rt::Task<void> close() override {
    input_.reset();
    co_return;
  }

 private:
  using Blocks = rt::Channel<IqBlock>;

  rt::Task<void> read_ahead(Blocks& blocks, std::size_t blocks_at_once);
  rt::Task<void> read_all(Blocks& blocks, std::size_t blocks_at_once);
  Batch take_batch(std::size_t blocks);
  std::size_t keep_left_over(const Batch& batch, std::size_t bytes);
  void check_end(std::size_t left_over) const;

  [[nodiscard]] std::size_t block_bytes() const;

  std::unique_ptr<ByteInput> input_;
  SourceInfo info_;
  std::vector<std::byte> left_over_;         ///< read, but not yet a whole sample
  std::optional<std::uint64_t> bytes_left_;  ///< of samples, behind left_over_
  bool realtime_;
  Pace pace_;
  BufferPool<std::byte> pool_;
};

/// Closes a channel however its writer ends.
class ClosedAtEnd {
 public:
  explicit ClosedAtEnd(rt::Channel<IqBlock>& channel) : channel_(channel) {}
  ClosedAtEnd(const ClosedAtEnd&) = delete;
  ClosedAtEnd& operator=(const ClosedAtEnd&) = delete;
  ~ClosedAtEnd() { channel_.close(); }

 private:
  rt::Channel<IqBlock>& channel_;
};

rt::AsyncGenerator<IqBlock> Recording::stream() {
  const std::size_t blocks_at_once =
      std::clamp<std::size_t>(input_->most_at_once() / block_bytes(), 1, kMostBlocksPerBatch);
  Blocks blocks(blocks_at_once);
  rt::Scope scope;
  scope.spawn(read_ahead(blocks, blocks_at_once));
  for (;;) {
    std::optional<IqBlock> block = co_await blocks.pop();
    if (!block) break;
    if (realtime_) {
      const rt::TimePoint due = pace_.due(block->view().samples());
      co_await rt::sleep_until(due);
    }
    co_yield *block;
  }
  co_await scope.join();
}

rt::Task<void> Recording::read_ahead(Blocks& blocks, std::size_t blocks_at_once) {
  const ClosedAtEnd guard(blocks);
  co_await read_all(blocks, blocks_at_once);
}

rt::Task<void> Recording::read_all(Blocks& blocks, std::size_t blocks_at_once) {
  for (;;) {
    const Batch batch = take_batch(blocks_at_once);
    const std::size_t from = left_over_.size();
    std::ranges::copy(left_over_, batch.pieces().front()->begin());
    left_over_.clear();
    std::size_t count = 0;
    if (bytes_left_ != std::uint64_t{0}) count = co_await input_->read(batch, from);
    if (bytes_left_) {
      count = static_cast<std::size_t>(std::min<std::uint64_t>(count, *bytes_left_));
      *bytes_left_ -= count;
    }
    std::size_t whole = keep_left_over(batch, from + count);
    for (const ByteBuffer& piece : batch.pieces()) {
      if (whole == 0) break;
      piece->resize(std::min(whole, piece->size()));
      whole -= piece->size();
      IqBlock block(info_.format, piece);
      co_await blocks.push(std::move(block));
    }
    if (count == 0) break;
  }
  check_end(left_over_.size());
}

Batch Recording::take_batch(std::size_t blocks) {
  std::vector<ByteBuffer> pieces;
  pieces.reserve(blocks);
  for (std::size_t i = 0; i < blocks; ++i) pieces.push_back(pool_.take(block_bytes()));
  return Batch(std::move(pieces));
}

/// Puts a sample that is not yet whole aside and says how many bytes of the batch are whole.
std::size_t Recording::keep_left_over(const Batch& batch, std::size_t bytes) {
  const std::size_t rest = bytes % bytes_per_sample(info_.format);
  const std::size_t whole = bytes - rest;
  // Pieces hold whole samples, so the rest lies in one of them.
  std::size_t begin = whole;
  for (const ByteBuffer& piece : batch.pieces()) {
    if (begin < piece->size()) {
      const auto first = piece->begin() + static_cast<std::ptrdiff_t>(begin);
      left_over_.assign(first, first + static_cast<std::ptrdiff_t>(rest));
      break;
    }
    begin -= piece->size();
  }
  return whole;
}

void Recording::check_end(std::size_t left_over) const {
  const bool is_short = bytes_left_.value_or(0) > 0;
  if (is_short && input_->size())
    throw Error(ExitStatus::source, input_->name() + " has become shorter while it was read");
  if (is_short) log::warn(input_->name() + " ends before the length in its header");
  if (left_over > 0)
    log::warn(input_->name() + " ends inside a sample; ignoring the last " + std::to_string(left_over) +
              (left_over == 1 ? " byte" : " bytes"));
}

std::size_t Recording::block_bytes() const {
  const std::size_t samples = info_.rate.value() / kBlocksPerSecond;
  return std::clamp(samples * bytes_per_sample(info_.format), kLeastBlock_bytes, input_->most_at_once());
}

/// Reads on until `beginning` has `size` bytes, or fewer at the end.
rt::Task<void> read_beginning(ByteInput& input, std::vector<std::byte>& beginning, std::size_t size) {
  while (beginning.size() < size) {
    const auto more = std::make_shared<std::vector<std::byte>>(size - beginning.size());
    std::vector<ByteBuffer> pieces(1, more);
    Batch batch(std::move(pieces));
    const std::size_t count = co_await input.read(std::move(batch), 0);
    if (count == 0) break;
    beginning.insert(beginning.end(), more->begin(), more->begin() + static_cast<std::ptrdiff_t>(count));
  }
}

/// Takes a WAV header out of `beginning`, which has its first bytes, and leaves it empty.
rt::Task<WavHeader> read_wav_header(ByteInput& input, std::vector<std::byte>& beginning) {
  for (;;) {
    std::variant<WavHeader, std::size_t> result;
    try {
      result = parse_wav_header(beginning);
    } catch (const WavError& error) {
      throw Error(ExitStatus::source, input.name() + " " + error.what());
    }
    if (const auto* const header = std::get_if<WavHeader>(&result)) {
      beginning.clear();
      co_return *header;
    }
    const std::size_t wanted = std::get<std::size_t>(result);
    co_await read_beginning(input, beginning, wanted);
    if (beginning.size() < wanted)
      throw Error(ExitStatus::source, input.name() + " is cut off inside its WAV header");
  }
}

const char* name_of(IqFormat format) {
  switch (format) {
    case IqFormat::cu8:
      return "cu8";
    case IqFormat::cs16:
      return "cs16";
    case IqFormat::cf32:
      return "cf32";
  }
  return "";
}

IqFormat choose_format(const ByteInput& input, const RecordingOptions& options, const RecordingName& said,
                       const std::optional<WavHeader>& header) {
  if (header) {
    if (options.format && *options.format != header->format)
      throw Error(ExitStatus::usage, input.name() + " is a WAV file of " + name_of(header->format) +
                                         ", not " + name_of(*options.format) + ": leave out --iq-format");
    return header->format;
  }
  if (options.format) return *options.format;
  if (said.format) return *said.format;
  if (input.name().ends_with(".wav"))
    throw Error(ExitStatus::source, input.name() + " is not a WAV file, whatever its name says");
  throw Error(ExitStatus::usage, "the sample format of " + input.name() +
                                     " is not known: give it with --iq-format cu8, cs16 or cf32");
}

SampleRate choose_rate(const ByteInput& input, const RecordingOptions& options, const RecordingName& said,
                       const std::optional<WavHeader>& header) {
  if (options.rate) return *options.rate;
  if (header && header->rate.value() > 0) return header->rate;
  if (said.rate) return *said.rate;
  throw Error(ExitStatus::usage,
              "the sample rate of " + input.name() + " is not known: give it with --rate, as in --rate 2.4M");
}

std::optional<Hertz> choose_centre(const RecordingOptions& options, const RecordingName& said,
                                   const std::optional<WavHeader>& header) {
  if (options.centre) return options.centre;
  if (header && header->centre) return header->centre;
  return said.centre;
}

/// Bytes of samples from here on, `beginning` not counted, where they are known.
std::optional<std::uint64_t> bytes_of_samples(const ByteInput& input, std::uint64_t taken,
                                              const std::optional<WavHeader>& header) {
  std::optional<std::uint64_t> in_file;
  if (input.size()) in_file = *input.size() - std::min(*input.size(), taken);
  if (!header || !header->data_bytes) return in_file;
  if (in_file && *in_file < *header->data_bytes) {
    log::warn(input.name() + " ends before the length in its header");
    return in_file;
  }
  return header->data_bytes;
}

/// The sample that lies nearest to this time.
std::uint64_t samples_in(std::chrono::nanoseconds time, SampleRate rate) {
  constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
  const auto nanoseconds = static_cast<std::uint64_t>(time.count());
  const std::uint64_t whole = nanoseconds / kNanosecondsPerSecond * rate.value();
  const std::uint64_t rest = nanoseconds % kNanosecondsPerSecond * rate.value();
  return whole + (rest + kNanosecondsPerSecond / 2) / kNanosecondsPerSecond;
}

std::string in_seconds(double seconds) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << seconds << " s";
  return text.str();
}

Error starts_behind_end(const std::string& name, std::chrono::nanoseconds start,
                        std::optional<double> length_s) {
  std::string line = "--start " + in_seconds(std::chrono::duration<double>(start).count()) +
                     " lies behind the end of " + name;
  if (length_s) line += ", which is " + in_seconds(*length_s) + " long";
  return Error(ExitStatus::usage, line);
}

rt::Task<std::unique_ptr<Source>> open_recording(std::unique_ptr<ByteInput> input, RecordingName said,
                                                 RecordingOptions options) {
  std::vector<std::byte> beginning;
  co_await read_beginning(*input, beginning, kWavMagic_bytes);
  if (beginning.empty()) throw Error(ExitStatus::source, input->name() + " is empty");
  std::uint64_t taken = beginning.size();
  std::optional<WavHeader> header;
  if (is_wav(beginning)) {
    header = co_await read_wav_header(*input, beginning);
    taken = header->bytes;
  }

  SourceInfo info;
  info.name = input->name();
  info.format = choose_format(*input, options, said, header);
  info.rate = choose_rate(*input, options, said, header);
  info.centre = choose_centre(options, said, header);

  const std::uint64_t sample = bytes_per_sample(info.format);
  std::optional<std::uint64_t> bytes = bytes_of_samples(*input, taken, header);
  if (bytes && beginning.size() + *bytes < sample)
    throw Error(ExitStatus::source, input->name() + " holds no samples");

  const std::uint64_t start = samples_in(options.start, info.rate) * sample;
  if (bytes && start >= beginning.size() + *bytes) {
    const std::uint64_t samples = (beginning.size() + *bytes) / sample;
    const double length_s = static_cast<double>(samples) / info.rate.hz();
    throw starts_behind_end(input->name(), options.start, length_s);
  }
  const std::uint64_t from_beginning = std::min<std::uint64_t>(start, beginning.size());
  beginning.erase(beginning.begin(), beginning.begin() + static_cast<std::ptrdiff_t>(from_beginning));
  const bool there = co_await input->skip(start - from_beginning);
  if (!there) throw starts_behind_end(input->name(), options.start, std::nullopt);
  if (bytes) {
    *bytes -= start - from_beginning;
    info.samples = (beginning.size() + *bytes) / sample;
  }
  co_return std::make_unique<Recording>(std::move(input), std::move(info), std::move(beginning), bytes,
                                        options.realtime);
}

/// What stands beside the samples of a SigMF pair.
RecordingName read_sigmf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw Error(ExitStatus::source, "cannot read " + printable(path));
  const std::optional<recording::SigMf> meta = recording::parse_sigmf(text);
  if (!meta) throw Error(ExitStatus::source, printable(path) + " is no SigMF metadata");
  return {meta->format, meta->rate, meta->centre};
}

}  // namespace

rt::Task<std::unique_ptr<Source>> open_file(std::string path, RecordingOptions options,
                                            rt::Workers& workers) {
  RecordingName said = parse_recording_name(path);
  if (const auto stem = recording::sigmf_stem(path)) {
    auto read_meta = [meta_path = *stem + ".sigmf-meta"] { return read_sigmf(meta_path); };
    said = co_await workers.call(std::move(read_meta));
    path = *stem + ".sigmf-data";
  }
  std::unique_ptr<ByteInput> input = co_await open_bytes(path, workers);
  co_return co_await open_recording(std::move(input), said, options);
}

rt::Task<std::unique_ptr<Source>> open_stdin(RecordingOptions options, rt::Workers& workers) {
  std::unique_ptr<ByteInput> input = standard_input_bytes(workers);
  co_return co_await open_recording(std::move(input), RecordingName(), options);
}

}  // namespace fmrx::source
