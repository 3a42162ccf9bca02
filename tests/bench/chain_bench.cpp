// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What each block of the receiver costs on every instruction set that this processor has, and
// the whole chain: nanoseconds of CPU time for each sample of the capture, the least of many
// runs, for what else the machine does only ever adds. Beside it what the processor could do:
// multiply-adds a second, from registers, measured in the same run.
//
//   chain_bench [RATE...]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "dsp/channel_filter.hpp"
#include "dsp/fm_receiver.hpp"
#include "dsp/kernels/kernel_sets.hpp"
#include "support/fm_modulator.hpp"

namespace {

using namespace fmrx;
using namespace fmrx::dsp;

constexpr double kSignal_s = 0.25;
constexpr std::size_t kPieceIf = 8192;
constexpr int kRuns = 31;

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double least_cpu_s(const std::function<void()>& run) {
  double least = 1e9;
  for (int n = 0; n < kRuns; ++n) {
    const double start = cpu_s();
    run();
    least = std::min(least, cpu_s() - start);
  }
  return least;
}

/// What one block gave for each piece of the signal: the next block's input.
struct Planar {
  std::vector<float> first, second, third;
};

Planar copy(ComplexView view) {
  return {{view.re.begin(), view.re.end()}, {view.im.begin(), view.im.end()}, {}};
}
Planar copy(ComplexRoom view) {
  return copy(ComplexView(view));
}
Planar copy(std::span<const float> view) {
  return {{view.begin(), view.end()}, {}, {}};
}
Planar copy(const MultiplexBands& bands) {
  return {{bands.sum.begin(), bands.sum.end()},
          {bands.difference.re.begin(), bands.difference.re.end()},
          {bands.difference.im.begin(), bands.difference.im.end()}};
}
Planar copy(SumAndDifference view) {
  return {{view.sum.begin(), view.sum.end()}, {view.difference.begin(), view.difference.end()}, {}};
}

/// Before each piece what came before it, silence before the first; and room to read behind.
void surround(std::vector<float> Planar::*part, std::vector<Planar>& pieces, std::size_t history) {
  std::vector<float> before(history);
  for (Planar& piece : pieces) {
    std::vector<float>& samples = piece.*part;
    samples.insert(samples.begin(), before.begin(), before.end());
    std::copy(samples.end() - static_cast<std::ptrdiff_t>(history), samples.end(), before.begin());
    samples.resize(samples.size() + kReadSlack);
  }
}

void surround(std::vector<Planar>& pieces, std::size_t history) {
  for (const auto part : {&Planar::first, &Planar::second, &Planar::third}) surround(part, pieces, history);
}

/// A piece without what surrounds it.
std::span<const float> inside(const std::vector<float>& samples, std::size_t history) {
  return std::span(samples).subspan(history, samples.size() - history - kReadSlack);
}

/// Nanoseconds a sample of each block, on one instruction set.
struct Column {
  std::string name;
  std::vector<double> ns;
};

class ChainBench {
 public:
  explicit ChainBench(SampleRate rate) : rate_(rate), plan_(rate) {
    const double offset_hz = rate.hz() > 900e3 ? 300e3 : 1e3;
    test::FmModulator station(rate.hz(), offset_hz);
    station.tone(1000, 40e3, 20e3, 50e-6).pilot();
    iq_ = station.bytes(static_cast<std::size_t>(kSignal_s * rate.hz()), IqFormat::cu8);
    offset_ = Hertz(offset_hz);
    const std::size_t piece_bytes = 2 * kPieceIf * plan_.if_decimation;
    for (std::size_t at = 0; at < iq_.size(); at += piece_bytes)
      pieces_.push_back({IqFormat::cu8, std::span(iq_).subspan(at, std::min(piece_bytes, iq_.size() - at))});
  }

  void run() {
    for (const Kernels* const kernels : available_kernels()) measure(*kernels);
    std::printf("\n%u S/s: ns a sample\n%-20s", rate_.value(), "");
    for (const Column& column : columns_) std::printf(" %10s", column.name.c_str());
    std::printf("\n");
    for (std::size_t row = 0; row < names_.size(); ++row) {
      std::printf("%-20s", names_[row].c_str());
      for (const Column& column : columns_) std::printf(" %10.3f", column.ns[row]);
      std::printf("\n");
    }
    std::printf("%-20s", "x real time");
    for (const Column& column : columns_) std::printf(" %10.0f", 1e9 / rate_.hz() / column.ns.back());
    std::printf("\n");
  }

 private:
  void measure(const Kernels& kernels) {
    columns_.push_back({kernels.name, {}});
    names_.clear();

    Tuner tuner(plan_, offset_, kernels, kPieceIf * plan_.if_decimation);
    std::vector<Planar> wide = block("tuner", pieces_, [&](IqView in) {
      tuner.begin_block(in);
      return tuner.process(in.samples());
    });

    SpikeNotch spike_notch(kernels, plan_.if_hz(), offset_);
    std::vector<ComplexRoom> rooms;
    for (Planar& piece : wide) rooms.push_back({piece.first, piece.second});
    block("spike notch", rooms, [&](ComplexRoom in) {
      spike_notch.process(in);
      return in;
    });
    const std::size_t history = ChannelFilter::history(plan_.if_hz());
    surround(wide, history);

    std::vector<Planar> channel;
    for (const bool narrow : {true, false}) {
      ChannelFilter channel_filter(kernels, plan_.if_hz(),
                                   narrow ? std::optional(Hertz(120e3)) : std::nullopt, tuner.max_output());
      channel = block(narrow ? "channel, narrow" : "channel, open", wide, [&](const Planar& in) {
        return channel_filter.process({inside(in.first, history), inside(in.second, history)});
      });
    }
    const std::size_t max_channel = tuner.max_output();

    Discriminator discriminator(kernels, plan_.if_hz());
    AlignedVector<float> demodulated(max_channel + kOutputSlack);
    std::vector<Planar> multiplex = block("discriminator", channel, [&](const Planar& in) {
      discriminator.process({in.first, in.second}, demodulated.data());
      return std::span<const float>(demodulated).first(in.first.size());
    });

    DeviationMeter deviation_meter(kernels, plan_.if_hz(), max_channel);
    MultiplexSplitter splitter(plan_, kernels, max_channel);
    const std::size_t multiplex_history = std::max(deviation_meter.history(), splitter.history());
    surround(multiplex, multiplex_history);
    block("deviation meter", multiplex, [&](const Planar& in) {
      deviation_meter.process(inside(in.first, multiplex_history));
      return ComplexView{};
    });

    std::vector<Planar> bands = block("multiplex splitter", multiplex, [&](const Planar& in) {
      const std::span<const float> piece = inside(in.first, multiplex_history);
      splitter.begin_block(piece.size());
      return splitter.process(piece);
    });

    StereoDemodulator demodulator(plan_, StereoMode::stereo, kernels, splitter.max_output());
    const std::size_t bands_history = StereoDemodulator::history(plan_);
    surround(bands, bands_history);
    std::vector<Planar> baseband = block("pilot and stereo", bands, [&](const Planar& in) {
      return demodulator.process({inside(in.first, bands_history),
                                  {inside(in.second, bands_history), inside(in.third, bands_history)}});
    });

    const auto flat = [](double /*f_hz*/) { return 1.0; };
    AudioFilter audio_filter(plan_, Deemphasis::us50, flat, flat, 0, kernels, demodulator.max_output());
    const std::size_t baseband_history = AudioFilter::history(plan_);
    surround(baseband, baseband_history);
    double baseband_samples = 0;
    const double input_per_baseband = plan_.if_decimation * plan_.baseband_decimation;
    const auto audio = block("audio filter", baseband, [&](const Planar& in) {
      const SumAndDifference piece{inside(in.first, baseband_history), inside(in.second, baseband_history)};
      baseband_samples += static_cast<double>(piece.sum.size());
      return audio_filter.process(piece, static_cast<std::uint64_t>(baseband_samples * input_per_baseband));
    });

    StereoMatrix matrix(Decibels(0), 0);
    std::vector<float> frames(2 * kPieceIf);
    block("matrix", audio, [&](const Planar& in) {
      matrix.process({in.first, in.second}, frames.data());
      return ComplexView{};
    });

    ReceiverConfig config(rate_);
    config.offset = offset_;
    config.stereo = StereoMode::stereo;
    config.kernels = &kernels;
    FmReceiver receiver(config);
    report("whole chain", least_cpu_s([&] {
             for (const IqView piece : pieces_) static_cast<void>(receiver.process(piece));
           }));
  }

  /// Times a block over all pieces, and gives what it made of them.
  template <class Input, class Process>
  std::vector<Planar> block(const char* name, const std::vector<Input>& in, const Process& process) {
    report(name, least_cpu_s([&] {
             for (const Input& piece : in) static_cast<void>(process(piece));
           }));
    std::vector<Planar> out;
    for (const Input& piece : in) out.push_back(copy(process(piece)));
    return out;
  }

  void report(const char* name, double seconds) {
    names_.emplace_back(name);
    columns_.back().ns.push_back(seconds * 1e9 / (static_cast<double>(iq_.size()) / 2));
  }

  SampleRate rate_;
  RatePlan plan_;
  Hertz offset_{0};
  std::vector<std::byte> iq_;
  std::vector<IqView> pieces_;
  std::vector<std::string> names_;
  std::vector<Column> columns_;
};

void show_limit() {
  std::printf("%-20s %12s\n", "instruction set", "10^9 multiply-adds a second");
  for (const Kernels* const kernels : available_kernels()) {
    constexpr double kOperations = 4e6;
    float result = 0;
    const double seconds =
        least_cpu_s([&] { result = kernels->spin(static_cast<std::size_t>(kOperations)); });
    if (result == 0) std::abort();
    std::printf("%-20s %12.1f\n", kernels->name, kOperations / seconds * 1e-9);
  }
}

}  // namespace

int main(int argc, char** argv) {
  show_limit();
  std::vector<std::uint32_t> rates;
  for (const char* const rate : std::span(argv, static_cast<std::size_t>(argc)).subspan(1))
    rates.push_back(static_cast<std::uint32_t>(std::atoi(rate)));
  if (rates.empty()) rates = {240'000, 1'024'000, 2'400'000};
  for (const std::uint32_t rate : rates) ChainBench(SampleRate(rate)).run();
}
