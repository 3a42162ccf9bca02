// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What each block of the receiver costs, and the whole chain: input samples a CPU
// second and multiples of real time, median of the runs. CPU time, so that other
// programs disturb little.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include "dsp/channel_filter.hpp"
#include "dsp/fm_receiver.hpp"
#include "support/fm_modulator.hpp"

namespace {

using namespace fmrx;
using namespace fmrx::dsp;

constexpr double kSignal_s = 0.25;
constexpr std::size_t kPiece = 8192;
constexpr int kRuns = 21;

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median_cpu_s(const std::function<void()>& run) {
  std::vector<double> times;
  for (int n = 0; n < kRuns; ++n) {
    const double start = cpu_s();
    run();
    times.push_back(cpu_s() - start);
  }
  std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
  return times[kRuns / 2];
}

/// What one block gave for each piece of the signal: the next block's input.
struct Planar {
  std::vector<float> first, second, third;
};

Planar copy(ComplexView view) {
  return {{view.re.begin(), view.re.end()}, {view.im.begin(), view.im.end()}, {}};
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

class ChainBench {
 public:
  explicit ChainBench(SampleRate rate) : rate_(rate), plan_(rate) {
    const double offset_hz = rate.hz() > 900e3 ? 300e3 : 1e3;
    test::FmModulator station(rate.hz(), offset_hz);
    station.tone(1000, 40e3, 20e3, 50e-6).pilot();
    iq_ = station.bytes(static_cast<std::size_t>(kSignal_s * rate.hz()), IqFormat::cu8);
    offset_ = Hertz(offset_hz);
  }

  void run() {
    std::printf("\n%u S/s\n%-22s %12s %12s\n", rate_.value(), "block", "MS/CPU s", "x real time");

    FrontEnd front_end(plan_, offset_, kPiece);
    std::vector<IqView> pieces;
    for (std::size_t at = 0; at < iq_.size(); at += 2 * kPiece)
      pieces.push_back({IqFormat::cu8, std::span(iq_).subspan(at, std::min(2 * kPiece, iq_.size() - at))});
    const auto station = block("convert and mix", pieces, [&](IqView in) { return front_end.process(in); });

    ComplexFir decimator(decimation_taps(plan_), plan_.if_decimation, kPiece);
    const auto wide = block("decimate to IF", station, [&](const Planar& in) {
      return decimator.process({in.first, in.second});
    });

    ComplexFir channel_filter(channel_taps(plan_), 1, decimator.max_output());
    const auto channel = block("channel filter", wide, [&](const Planar& in) {
      return channel_filter.process({in.first, in.second});
    });

    LevelMeter level_meter(plan_.if_hz(), Hertz(200e3));
    block("level meter", channel, [&](const Planar& in) {
      level_meter.process({in.first, in.second});
      return ComplexView{};
    });

    Discriminator discriminator(plan_.if_hz(), channel_filter.max_output());
    const auto multiplex = block("discriminator", channel, [&](const Planar& in) {
      return discriminator.process({in.first, in.second});
    });

    DeviationMeter deviation_meter(plan_.if_hz(), channel_filter.max_output());
    block("deviation meter", multiplex, [&](const Planar& in) {
      deviation_meter.process(in.first);
      return ComplexView{};
    });

    MultiplexSplitter splitter(plan_, channel_filter.max_output());
    const auto bands =
        block("multiplex splitter", multiplex, [&](const Planar& in) { return splitter.process(in.first); });

    StereoDemodulator demodulator(plan_, StereoMode::stereo, splitter.max_output());
    const auto baseband = block("pilot and stereo", bands, [&](const Planar& in) {
      return demodulator.process({in.first, {in.second, in.third}});
    });

    const auto flat = [](double /*f_hz*/) { return 1.0; };
    AudioFilter audio_filter(plan_, Deemphasis::us50, flat, flat, demodulator.max_output());
    double baseband_samples = 0;
    const double input_per_baseband = plan_.if_decimation * plan_.baseband_decimation;
    const auto audio = block("audio filter", baseband, [&](const Planar& in) {
      baseband_samples += static_cast<double>(in.first.size());
      return audio_filter.process({in.first, in.second},
                                  static_cast<std::uint64_t>(baseband_samples * input_per_baseband));
    });

    StereoMatrix matrix(Decibels(0), 0, kPiece);
    block("matrix", audio, [&](const Planar& in) { return matrix.process({in.first, in.second}); });

    ReceiverConfig config(rate_);
    config.offset = offset_;
    config.stereo = StereoMode::stereo;
    FmReceiver receiver(config);
    report("whole chain", median_cpu_s([&] {
             for (const IqView piece : pieces) static_cast<void>(receiver.process(piece));
           }));
  }

 private:
  /// Times a block over all pieces, and gives what it made of them.
  template <class Input, class Process>
  std::vector<Planar> block(const char* name, const std::vector<Input>& in, const Process& process) {
    report(name, median_cpu_s([&] {
             for (const Input& piece : in) static_cast<void>(process(piece));
           }));
    std::vector<Planar> out;
    for (const Input& piece : in) out.push_back(copy(process(piece)));
    return out;
  }

  void report(const char* name, double seconds) const {
    const double samples = static_cast<double>(iq_.size()) / 2;
    std::printf("%-22s %12.1f %12.0f\n", name, samples / seconds / 1e6, samples / rate_.hz() / seconds);
  }

  SampleRate rate_;
  RatePlan plan_;
  Hertz offset_{0};
  std::vector<std::byte> iq_;
};

}  // namespace

int main() {
  for (const std::uint32_t rate : {240'000U, 1'024'000U, 2'400'000U}) ChainBench(SampleRate(rate)).run();
}
