// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/decode_rds.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/input_bytes.hpp"
#include "app/line_file.hpp"
#include "app/sound_input.hpp"
#include "base/printable.hpp"
#include "rds/bit_receiver.hpp"
#include "rds/receiver.hpp"
#include "report/hex_log.hpp"
#include "report/station_report.hpp"

namespace fmrx::app {

namespace {

/// Who gets the groups: each output until its reader has gone.
class Outputs {
 public:
  explicit Outputs(const cli::RdsOptions& options) : report_(options.system) {
    for (const cli::RdsOutput& output : options.outputs)
      open_.push_back({output.format, std::make_unique<LineFile>(output.target), {}});
  }

  void take(const rds::Group& group) {
    ++groups_;
    report_.take(group);
    for (Output& output : open_) output.text += report_.lines(output.format);
  }
  void take(std::span<const rds::Group> groups) {
    for (const rds::Group& group : groups) take(group);
  }

  /// Writes what was taken. False: nobody reads any more.
  bool deliver() {
    const std::atomic<bool> never{false};
    std::erase_if(open_, [&](Output& output) {
      const auto outcome = output.file->write(output.text, never);
      output.text.clear();
      return outcome == LineFile::Outcome::reader_gone;
    });
    return !open_.empty();
  }

  [[nodiscard]] std::uint64_t groups() const { return groups_; }

 private:
  struct Output {
    report::Format format;
    std::unique_ptr<LineFile> file;
    std::string text;
  };

  report::StationReport report_;
  std::vector<Output> open_;
  std::uint64_t groups_ = 0;
};

void decode_sound(SoundInput& sound, Outputs& outputs) {
  rds::Receiver receiver(sound.rate_hz());
  for (auto multiplex = sound.next(); !multiplex.empty(); multiplex = sound.next()) {
    outputs.take(receiver.process(multiplex));
    if (!outputs.deliver()) return;
  }
  outputs.take(receiver.finish());
  outputs.deliver();
}

void decode_raw_multiplex(InputBytes& bytes, SampleRate rate, Outputs& outputs) {
  rds::Receiver receiver(rate.hz());
  std::vector<float> multiplex;
  std::uint8_t low = 0;
  bool has_low = false;
  for (auto chunk = bytes.next(); !chunk.empty(); chunk = bytes.next()) {
    multiplex.clear();
    for (const char byte : chunk) {
      const auto bits = static_cast<std::uint8_t>(byte);
      if (has_low) {
        const auto sample = static_cast<std::int16_t>(static_cast<std::uint16_t>(bits << 8 | low));
        multiplex.push_back(static_cast<float>(sample) / 32768.0F);
      }
      low = bits;
      has_low = !has_low;
    }
    outputs.take(receiver.process(multiplex));
    if (!outputs.deliver()) return;
  }
  outputs.take(receiver.finish());
  outputs.deliver();
}

/// Zeros and ones, with or without blanks and line ends between them.
void decode_bits(InputBytes& bytes, std::span<const char> chunk, Outputs& outputs) {
  rds::BitReceiver receiver;
  std::vector<std::uint8_t> bits;
  for (; !chunk.empty(); chunk = bytes.next()) {
    bits.clear();
    for (const char c : chunk) {
      if (c == '0' || c == '1') bits.push_back(c == '1');
    }
    outputs.take(receiver.process(bits));
    if (!outputs.deliver()) return;
  }
  outputs.take(receiver.finish());
  outputs.deliver();
}

void decode_log(InputBytes& bytes, std::span<const char> chunk, Outputs& outputs) {
  /// Of a longer line, the beginning is enough.
  constexpr std::size_t kLongestLine = 1'024;
  report::HexLogReader reader;
  std::string line;
  const auto take_line = [&] {
    if (const auto group = reader.read(line)) outputs.take(*group);
    line.clear();
  };
  for (; !chunk.empty(); chunk = bytes.next()) {
    for (const char c : chunk) {
      if (c == '\n' || c == '\r') {
        take_line();
      } else if (line.size() < kLongestLine) {
        line += c;
      }
    }
    if (!outputs.deliver()) return;
  }
  take_line();
  outputs.deliver();
}

bool are_bits(std::span<const char> text) {
  constexpr std::string_view kOfBits = "01 \t\r\n";
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return kOfBits.find(c) != std::string_view::npos; });
}

void decode(const cli::RdsOptions& options, Outputs& outputs) {
  InputBytes bytes(options.path);
  // A raw multiplex from a pipe is taken at the user's word: its first samples might look like any header.
  if (!options.rate || bytes.seekable_fd() >= 0) {
    auto sound = SoundInput::open(bytes);
    if (sound && options.rate)
      throw Error(ExitStatus::usage, "--rate is for raw samples; " + printable(options.path) +
                                         " says its own rate: leave it out");
    if (sound) return decode_sound(*sound, outputs);
  }
  if (options.rate) return decode_raw_multiplex(bytes, *options.rate, outputs);
  const std::span<const char> beginning = bytes.next();
  if (are_bits(beginning)) return decode_bits(bytes, beginning, outputs);
  decode_log(bytes, beginning, outputs);
}

}  // namespace

ExitStatus decode_rds(const cli::RdsOptions& options) {
  Outputs outputs(options);
  decode(options, outputs);
  if (outputs.groups() == 0) {
    const std::string hint =
        options.rate ? "" : "; if it is a raw multiplex, say --rate, such as --rate 192k";
    throw Error(ExitStatus::no_signal, "no RDS in " + printable(options.path) + hint);
  }
  return ExitStatus::done;
}

}  // namespace fmrx::app
