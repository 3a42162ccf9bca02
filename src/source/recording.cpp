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
#include "source/shared_bytes.hpp"
#include "source/wav_header.hpp"

namespace fmrx::source {

namespace {

constexpr std::size_t kBlocksPerSecond = 20;
/// Both limits of a block are whole numbers of samples in every format.
constexpr std::size_t kLeastBlock_bytes = 4096;
/// Enough that the next bytes are on their way while these are demodulated.
constexpr std::size_t kBlocksAhead = 2;

class Recording final : public Source {
 public:
  /// `bytes`: of samples that lie ahead, where known.
  Recording(std::unique_ptr<ByteInput> input, SourceInfo info, std::optional<std::uint64_t> bytes,
            bool realtime)
      : input_(std::move(input)),
        info_(std::move(info)),
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

  rt::Task<void> read_ahead(Blocks& blocks);
  rt::Task<void> read_all(Blocks& blocks);
  rt::Task<SharedBytes> next_samples();
  rt::Task<void> cut(Blocks& blocks, SharedBytes samples) const;
  void warn_of_end() const;

  [[nodiscard]] std::size_t sample_bytes() const { return bytes_per_sample(info_.format); }
  [[nodiscard]] std::size_t block_bytes() const;

  std::unique_ptr<ByteInput> input_;
  SourceInfo info_;
  std::optional<std::uint64_t> bytes_left_;
  std::size_t left_over_ = 0;  ///< bytes at the end that are no whole sample
  bool realtime_;
  Pace pace_;
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
  Blocks blocks(kBlocksAhead);
  rt::Scope scope;
  scope.spawn(read_ahead(blocks));
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

rt::Task<void> Recording::read_ahead(Blocks& blocks) {
  const ClosedAtEnd guard(blocks);
  co_await read_all(blocks);
}

rt::Task<void> Recording::read_all(Blocks& blocks) {
  for (;;) {
    const SharedBytes samples = co_await next_samples();
    if (samples.size() == 0) break;
    co_await cut(blocks, samples);
  }
  co_await input_->finish();
  warn_of_end();
}

/// Whole samples; nothing at the end.
rt::Task<SharedBytes> Recording::next_samples() {
  if (bytes_left_ == std::uint64_t{0}) co_return SharedBytes();
  const std::size_t most = input_->most_at_once();
  SharedBytes bytes = co_await input_->next(most - most % block_bytes(), sample_bytes());
  if (bytes_left_) {
    bytes = bytes.part(0, static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), *bytes_left_)));
    *bytes_left_ -= bytes.size();
  }
  left_over_ = bytes.size() % sample_bytes();
  co_return bytes.part(0, bytes.size() - left_over_);
}

rt::Task<void> Recording::cut(Blocks& blocks, SharedBytes samples) const {
  for (std::size_t done = 0; done < samples.size(); done += block_bytes()) {
    const std::size_t size = std::min(block_bytes(), samples.size() - done);
    IqBlock block(info_.format, samples.part(done, size));
    co_await blocks.push(std::move(block));
  }
}

void Recording::warn_of_end() const {
  if (bytes_left_.value_or(0) > 0) log::warn(input_->name() + " ends before the length in its header");
  if (left_over_ > 0)
    log::warn(input_->name() + " ends inside a sample; ignoring the last " + std::to_string(left_over_) +
              (left_over_ == 1 ? " byte" : " bytes"));
}

std::size_t Recording::block_bytes() const {
  const std::size_t samples = info_.rate.value() / kBlocksPerSecond;
  return std::clamp(samples * sample_bytes(), kLeastBlock_bytes, input_->most_at_once());
}

/// Passes over a WAV header.
rt::Task<WavHeader> take_wav_header(ByteInput& input) {
  std::size_t wanted = kWavMagic_bytes;
  for (;;) {
    const std::vector<std::byte> beginning = co_await input.look_at(wanted);
    if (beginning.size() < wanted)
      throw Error(ExitStatus::source, input.name() + " is cut off inside its WAV header");
    std::variant<WavHeader, std::size_t> result;
    try {
      result = parse_wav_header(beginning);
    } catch (const WavError& error) {
      throw Error(ExitStatus::source, input.name() + " " + error.what());
    }
    if (const auto* const header = std::get_if<WavHeader>(&result)) {
      co_await input.skip(header->bytes);
      co_return *header;
    }
    wanted = std::get<std::size_t>(result);
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

/// Bytes of samples behind the header, where they are known.
std::optional<std::uint64_t> bytes_of_samples(const ByteInput& input,
                                              const std::optional<WavHeader>& header) {
  std::optional<std::uint64_t> in_file = input.size();
  if (in_file && header) *in_file -= std::min<std::uint64_t>(*in_file, header->bytes);
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
  const std::vector<std::byte> beginning = co_await input->look_at(kWavMagic_bytes);
  if (beginning.empty()) throw Error(ExitStatus::source, input->name() + " is empty");
  std::optional<WavHeader> header;
  if (is_wav(beginning)) header = co_await take_wav_header(*input);

  SourceInfo info;
  info.name = input->name();
  info.format = choose_format(*input, options, said, header);
  info.rate = choose_rate(*input, options, said, header);
  info.centre = choose_centre(options, said, header);

  const std::uint64_t sample = bytes_per_sample(info.format);
  std::optional<std::uint64_t> bytes = bytes_of_samples(*input, header);
  if (bytes && *bytes < sample) throw Error(ExitStatus::source, input->name() + " holds no samples");

  const std::uint64_t start = samples_in(options.start, info.rate) * sample;
  if (bytes && start >= *bytes) {
    const double length_s = static_cast<double>(*bytes / sample) / info.rate.hz();
    throw starts_behind_end(input->name(), options.start, length_s);
  }
  const bool there = co_await input->skip(start);
  if (!there) throw starts_behind_end(input->name(), options.start, std::nullopt);
  if (bytes) {
    *bytes -= start;
    info.samples = *bytes / sample;
  }
  co_return std::make_unique<Recording>(std::move(input), std::move(info), bytes, options.realtime);
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
