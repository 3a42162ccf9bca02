// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Block errors of the RDS decoder against C/N0, beside theory, and the times that it takes.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsp/fm_receiver.hpp"
#include "rds/rds_transmitter.hpp"
#include "rds/receiver.hpp"
#include "rds/soft_block.hpp"
#include "rds/station.hpp"
#include "sim/noise.hpp"

using namespace fmrx;

namespace {

constexpr std::uint16_t kPi = 0xD318;

struct Settings {
  std::vector<double> cn0_db_hz{66, 67, 68, 69, 70};
  double seconds = 60;
  std::uint64_t seed = 1;
  bool from_iq = false;
  bool steady = false;
  double fading_hz = 0;
  std::string mode = "curve";
  int runs = 12;
  test::RdsSignal signal;
};

/// A station's signal through noise, as multiplex; by way of IQ and FmReceiver, or directly.
class Reception {
 public:
  Reception(const Settings& settings, double cn0_db_hz, double start_s, std::uint64_t seed)
      : from_iq_(settings.from_iq),
        fading_hz_(settings.fading_hz),
        signal_(of(settings, start_s)),
        transmitter(signal_),
        noise_(seed,
               static_cast<float>(from_iq_ ? std::sqrt(std::pow(10, -cn0_db_hz / 10) * signal_.rate_hz / 2)
                                           : test::multiplex_noise_rms(cn0_db_hz, signal_.rate_hz))) {
    if (from_iq_) {
      receiver_.emplace(dsp::ReceiverConfig(SampleRate(static_cast<std::uint32_t>(signal_.rate_hz))));
      std::mt19937_64 generator(seed);
      std::uniform_real_distribution<double> turn(0, 2 * std::numbers::pi);
      for (auto& path : paths_) path = {fading_hz_ * std::cos(turn(generator)), turn(generator)};
    }
  }

  /// For what hear() gives it.
  [[nodiscard]] rds::Receiver rds_receiver() const {
    return from_iq_ ? rds::Receiver(receiver_->difference_band()) : rds::Receiver(signal_.rate_hz);
  }
  [[nodiscard]] double seconds() const { return static_cast<double>(samples_) / signal_.rate_hz; }

  [[nodiscard]] std::span<const rds::Group> next(rds::Receiver& receiver, bool station) {
    advance(station);
    return hear(receiver);
  }

  [[nodiscard]] std::span<const rds::Group> hear(rds::Receiver& receiver) const {
    return from_iq_ ? receiver.process(receiver_->difference_samples()) : receiver.process(re_);
  }

  /// To the next samples; without the station there is noise alone.
  void advance(bool station) {
    re_.assign(kBlock, 0);
    im_.assign(kBlock, 0);
    for (std::size_t i = 0; i < kBlock; ++i, ++samples_) {
      if (!station) {
        transmitter.skip(1);
        continue;
      }
      const float value = transmitter.next();
      if (!from_iq_) {
        re_[i] = value;
        continue;
      }
      phase_turns_ = std::fmod(phase_turns_ + static_cast<double>(value) * turns_per_unit_, 1.0);
      const std::complex<double> z = gain() * std::polar(1.0, 2 * std::numbers::pi * phase_turns_);
      re_[i] = static_cast<float>(z.real());
      im_[i] = static_cast<float>(z.imag());
    }
    noise_.add_to(re_, im_);
    if (!from_iq_) return;
    iq_.resize(2 * kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) {
      iq_[2 * i] = re_[i] / 4;
      iq_[2 * i + 1] = im_[i] / 4;
    }
    (void)receiver_->process({IqFormat::cf32, std::as_bytes(std::span(iq_))});
  }

 private:
  static constexpr std::size_t kBlock = 4'096;
  static constexpr std::size_t kPaths = 24;

  static test::RdsSignal of(const Settings& settings, double start_s) {
    test::RdsSignal signal = settings.signal;
    signal.start_s = start_s;
    signal.groups = [steady = settings.steady](std::size_t index) {
      return steady ? test::steady_group(kPi, index) : test::random_group(kPi, index);
    };
    return signal;
  }

  /// Rayleigh fading by a sum of paths from all directions (Clarke), mean power 1.
  [[nodiscard]] std::complex<double> gain() {
    if (fading_hz_ == 0) return 1;
    if (samples_ % 64 == 0) {
      gain_ = 0;
      for (const auto& [doppler_hz, phase] : paths_)
        gain_ += std::polar(1 / std::sqrt(kPaths), 2 * std::numbers::pi * doppler_hz * seconds() + phase);
    }
    return gain_;
  }

  bool from_iq_;
  double fading_hz_;
  test::RdsSignal signal_;

 public:
  test::RdsTransmitter transmitter;

 private:
  sim::GaussianNoise noise_;
  std::optional<dsp::FmReceiver> receiver_;
  std::array<std::pair<double, double>, kPaths> paths_{};
  std::complex<double> gain_ = 1;
  double phase_turns_ = 0;
  double turns_per_unit_ = test::turns_per_unit(signal_.rate_hz);
  std::uint64_t samples_ = 0;
  std::vector<float> re_;
  std::vector<float> im_;
  std::vector<float> iq_;
};

struct Count {
  std::size_t sent = 0;
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::array<std::size_t, 4> right_at{};

  void add(const rds::Group& group, const test::RdsTransmitter& transmitter) {
    const test::SentGroup words = transmitter.group(transmitter.group_at(group.time.count()));
    for (std::size_t i = 0; i < 4; ++i) {
      if (!group.blocks[i].received()) continue;
      const bool is_right = group.blocks[i].bits == words[i];
      ++(is_right ? right : wrong);
      if (is_right) ++right_at[i];
    }
  }
};

/// An ideal receiver: known phase, clock and group position; each block by itself, by maximum likelihood,
/// accepted when it is right with a probability of 0.99; and one that only checks.
std::array<double, 2> ideal(double cn0_db_hz, double deviation_hz) {
  const double energy = std::pow(test::kRdsRms * deviation_hz, 2) / rds::kBitRate_Hz;
  const double snr = energy * std::pow(10, cn0_db_hz / 10) / (57e3 * 57e3);
  std::mt19937_64 generator(1);
  std::normal_distribution<double> noise(0, std::sqrt(1 / (2 * snr)));
  constexpr int kBlocks = 20'000;
  int soft = 0;
  int hard = 0;
  for (int block = 0; block < kBlocks; ++block) {
    const auto information = static_cast<std::uint16_t>(generator());
    const rds::SymbolWord word = rds::symbols_of(information, rds::Offset::d);
    std::array<float, rds::kWindowSymbols> window;
    for (std::size_t i = 0; i < window.size(); ++i)
      window[i] = static_cast<float>(4 * snr * (((word >> i & 1U) != 0 ? -1.0 : 1.0) + noise(generator)));
    const rds::SymbolWord nearest = rds::nearest_word(window, rds::Offset::d);
    const double all = static_cast<double>(rds::offset_likelihoods(window)[3]);
    const double right = rds::BlockLikelihood(window).of(nearest) / 65'536 / all;
    soft += right > 0.99 && rds::information_in(nearest) == information ? 1 : 0;
    hard += rds::syndrome(rds::hard_symbols(window), rds::Offset::d) == 0 &&
                    rds::information_in(rds::hard_symbols(window)) == information
                ? 1
                : 0;
  }
  return {1 - soft / static_cast<double>(kBlocks), 1 - hard / static_cast<double>(kBlocks)};
}

void curve(const Settings& settings) {
  std::puts(
      "C/N0 dB-Hz | ideal, block by block: checked only, soft | block errors | A B C D | wrong of received | "
      "CPU ms/s");
  for (const double cn0 : settings.cn0_db_hz) {
    Reception reception(settings, cn0, 0.0431, settings.seed);
    rds::Receiver receiver = reception.rds_receiver();
    Count count;
    std::chrono::duration<double> cpu{0};
    while (reception.seconds() < settings.seconds) {
      reception.advance(true);
      const auto start = std::chrono::steady_clock::now();
      const std::span<const rds::Group> groups = reception.hear(receiver);
      cpu += std::chrono::steady_clock::now() - start;
      for (const rds::Group& group : groups) count.add(group, reception.transmitter);
    }
    const double sent = 4 * (settings.seconds / test::kGroupTime_s - 1);
    const auto [soft, hard] = ideal(cn0, settings.signal.deviation_hz);
    std::printf("%6.2f | %.4f %.4f | %.4f |", cn0, hard, soft, 1 - static_cast<double>(count.right) / sent);
    for (const std::size_t right : count.right_at)
      std::printf(" %.4f", 1 - 4 * static_cast<double>(right) / sent);
    std::printf(" | %.1e (%zu) | %.2f\n",
                static_cast<double>(count.wrong) /
                    static_cast<double>(std::max<std::size_t>(count.right + count.wrong, 1)),
                count.wrong, 1e3 * cpu.count() / settings.seconds);
    std::fflush(stdout);
  }
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Times are those of the multiplex that had to be heard until the groups came out.
void starts(const Settings& settings) {
  std::puts("C/N0 dB-Hz | random starts: PI median, worst; all of PS (4 segments) median, worst");
  for (const double cn0 : settings.cn0_db_hz) {
    std::vector<double> pi;
    std::vector<double> ps;
    for (int run = 0; run < settings.runs; ++run) {
      Reception reception(settings, cn0, 1 + 0.737 * run, settings.seed + static_cast<std::uint64_t>(run));
      rds::Receiver receiver = reception.rds_receiver();
      std::optional<double> pi_s;
      std::optional<double> ps_s;
      unsigned segments = 0;
      while (reception.seconds() < settings.seconds && !ps_s) {
        for (const rds::Group& group : reception.next(receiver, true)) {
          if (!pi_s && group.blocks[0].received() && group.blocks[0].bits == kPi) pi_s = reception.seconds();
          if (group.blocks[1].received() && group.blocks[1].bits >> 12 == 0 && group.blocks[3].received())
            segments |= 1U << (group.blocks[1].bits & 3U);
        }
        if (segments == 15) ps_s = reception.seconds();
      }
      pi.push_back(pi_s.value_or(1e9));
      ps.push_back(ps_s.value_or(1e9));
    }
    std::printf("%6.2f | %.3f %.3f | %.3f %.3f\n", cn0, median(pi), *std::max_element(pi.begin(), pi.end()),
                median(ps), *std::max_element(ps.begin(), ps.end()));
    std::fflush(stdout);
  }
}

/// After 5 s the signal is away for two, or some samples are missing: time to the next group.
void interruptions(const Settings& settings) {
  std::puts("C/N0 dB-Hz | gone for 2 s: median, worst | 10 ms lost: median, worst");
  for (const double cn0 : settings.cn0_db_hz) {
    std::array<std::vector<double>, 2> times;
    for (std::size_t kind = 0; kind < 2; ++kind) {
      for (int run = 0; run < settings.runs; ++run) {
        Reception reception(settings, cn0, 1 + 0.737 * run, settings.seed + static_cast<std::uint64_t>(run));
        rds::Receiver receiver = reception.rds_receiver();
        while (reception.seconds() < 5) (void)reception.next(receiver, true);
        if (kind == 0) {
          while (reception.seconds() < 7) (void)reception.next(receiver, false);
        } else {
          reception.transmitter.skip(static_cast<std::size_t>(0.01 * settings.signal.rate_hz));
        }
        const double back_s = reception.seconds();
        double took_s = 1e9;
        std::size_t in_a_row = 0;
        while (reception.seconds() < back_s + 10 && took_s > 1e8) {
          for (const rds::Group& group : reception.next(receiver, true)) {
            // Whole groups: rests of the old position do not count.
            const bool whole = std::all_of(group.blocks.begin(), group.blocks.end(),
                                           [](const rds::Block& block) { return block.received(); });
            in_a_row = whole && group.time.count() > back_s ? in_a_row + 1 : 0;
            if (in_a_row == 1) took_s = reception.seconds() - back_s;
          }
        }
        times[kind].push_back(took_s);
      }
    }
    std::printf("%6.2f |", cn0);
    for (const auto& kind : times)
      std::printf(" %.3f %.3f |", median(kind), *std::max_element(kind.begin(), kind.end()));
    std::puts("");
    std::fflush(stdout);
  }
}

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// A capture of a station with RDS, 8 bits a part, at -6 dBFS.
std::vector<std::byte> capture(const Settings& settings, double cn0_db_hz, double rate_hz) {
  test::RdsSignal signal = settings.signal;
  signal.rate_hz = rate_hz;
  signal.groups = [](std::size_t index) { return test::steady_group(kPi, index); };
  test::RdsTransmitter transmitter(signal);
  std::vector<float> re(static_cast<std::size_t>(settings.seconds * rate_hz));
  std::vector<float> im(re.size());
  double turns = 0;
  for (std::size_t i = 0; i < re.size(); ++i) {
    turns = std::fmod(turns + static_cast<double>(transmitter.next()) * test::turns_per_unit(rate_hz), 1.0);
    re[i] = static_cast<float>(0.5 * std::cos(2 * std::numbers::pi * turns));
    im[i] = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * turns));
  }
  sim::GaussianNoise(settings.seed,
                     static_cast<float>(0.5 * std::sqrt(std::pow(10, -cn0_db_hz / 10) * rate_hz / 2)))
      .add_to(re, im);
  std::vector<std::byte> bytes;
  const auto part = [](float value) {
    return static_cast<std::byte>(std::clamp(127.5F * value + 128, 0.0F, 255.0F));
  };
  for (std::size_t i = 0; i < re.size(); ++i) {
    bytes.push_back(part(re[i]));
    bytes.push_back(part(im[i]));
  }
  return bytes;
}

/// What RDS, from the chain's band to what the station says, and the chain itself cost, in turn for
/// each 14 ms of a capture: the least of several runs, for what else a machine does only adds.
void cost(const Settings& settings) {
  const double rate_hz = std::max(settings.signal.rate_hz, 225e3);
  std::printf("C/N0 dB-Hz | chain ms/s | RDS ms/s | RDS of both\n");
  for (const double cn0 : settings.cn0_db_hz) {
    const std::vector<std::byte> iq = capture(settings, cn0, rate_hz);
    std::array<double, 2> least{1e9, 1e9};
    for (int run = 0; run < settings.runs; ++run) {
      dsp::FmReceiver receiver(dsp::ReceiverConfig(SampleRate(static_cast<std::uint32_t>(rate_hz))));
      rds::Receiver rds_receiver(receiver.difference_band());
      rds::Station station;
      std::array<double, 2> spent{};
      const std::size_t block = 2 * static_cast<std::size_t>(0.014 * rate_hz);
      for (std::size_t at = 0; at + block <= iq.size(); at += block) {
        const double begin_s = cpu_s();
        (void)receiver.process({IqFormat::cu8, std::span(iq).subspan(at, block)});
        const double middle_s = cpu_s();
        for (const rds::Group& group : rds_receiver.process(receiver.difference_samples()))
          (void)station.take(group);
        spent[0] += middle_s - begin_s;
        spent[1] += cpu_s() - middle_s;
      }
      for (std::size_t part = 0; part < 2; ++part) least[part] = std::min(least[part], spent[part]);
    }
    const double ms = 1e3 / settings.seconds;
    std::printf("%6.2f | %.2f | %.2f | %.1f %%\n", cn0, ms * least[0], ms * least[1],
                100 * least[1] / (least[0] + least[1]));
  }
}

void noise_alone(const Settings& settings) {
  Reception reception(settings, settings.cn0_db_hz.front(), 0, settings.seed);
  rds::Receiver receiver = reception.rds_receiver();
  std::size_t groups = 0;
  while (reception.seconds() < settings.seconds) groups += reception.next(receiver, false).size();
  std::printf("noise alone, %.0f s: %zu groups\n", reception.seconds(), groups);
}

int usage() {
  std::puts(
      "rds_curve [curve|starts|interruptions|noise|cost] [--cn0 66,67.5] [--seconds 60] [--seed 1] [--runs "
      "12] "
      "[--iq]\n"
      "  [--steady] [--fading HZ] [--deviation HZ] [--offset HZ] [--ppm PPM] [--phase DEG] [--no-pilot] "
      "[--ari HZ] [--rate HZ]\n"
      "Words are random, so that nothing helps but the code; --steady repeats PS and RadioText as stations "
      "do.");
  return 1;
}

std::optional<Settings> parse(std::span<char*> arguments) {
  Settings settings;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string name = arguments[i];
    if (name[0] != '-') {
      settings.mode = name;
    } else if (name == "--iq") {
      settings.from_iq = true;
    } else if (name == "--steady") {
      settings.steady = true;
    } else if (name == "--no-pilot") {
      settings.signal.pilot_hz = 0;
    } else if (i + 1 == arguments.size()) {
      return std::nullopt;
    } else {
      const char* const text = arguments[++i];
      const double value = std::atof(text);
      if (name == "--cn0") {
        settings.cn0_db_hz.clear();
        for (const char* at = text; at != nullptr;
             at = std::strchr(at, ','), at = at != nullptr ? at + 1 : at)
          settings.cn0_db_hz.push_back(std::atof(at));
      } else if (name == "--seconds") {
        settings.seconds = value;
      } else if (name == "--seed") {
        settings.seed = static_cast<std::uint64_t>(value);
      } else if (name == "--runs") {
        settings.runs = static_cast<int>(value);
      } else if (name == "--fading") {
        settings.fading_hz = value;
      } else if (name == "--deviation") {
        settings.signal.deviation_hz = value;
      } else if (name == "--offset") {
        settings.signal.offset_hz = value;
      } else if (name == "--ppm") {
        settings.signal.clock_ppm = value;
      } else if (name == "--phase") {
        settings.signal.phase_rad = value * std::numbers::pi / 180;
      } else if (name == "--ari") {
        settings.signal.ari_hz = value;
      } else if (name == "--rate") {
        settings.signal.rate_hz = value;
      } else {
        return std::nullopt;
      }
    }
  }
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  std::optional<Settings> settings = parse({argv, static_cast<std::size_t>(argc)});
  if (!settings) return usage();
  if (settings->from_iq && settings->signal.rate_hz < 225'000) settings->signal.rate_hz = 384'000;
  if (settings->mode == "curve") {
    curve(*settings);
  } else if (settings->mode == "starts") {
    settings->steady = true;
    starts(*settings);
  } else if (settings->mode == "interruptions") {
    interruptions(*settings);
  } else if (settings->mode == "cost") {
    cost(*settings);
  } else if (settings->mode == "noise") {
    noise_alone(*settings);
  } else {
    return usage();
  }
  return 0;
}
