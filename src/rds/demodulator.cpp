// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rds/demodulator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "rds/block_code.hpp"

namespace fmrx::rds {
namespace {

using std::numbers::pi;

/// Band samples from one look for symbols to the next, some 25 ms.
constexpr std::int64_t kLook = 512;

/// A strong signal is found in 40 ms, a weak one takes longer; the longest stretch is rarely tried.
constexpr std::size_t kStretches[] = {48, 256, 768};
constexpr std::int64_t kLooks[] = {1, 8, 24};
constexpr std::size_t kLongestStretch = 768;
constexpr std::size_t kHistory = 16'384;

/// Where symbols begin to be found there probably were some before.
constexpr double kLead = 64;

constexpr double kCarrierMemory = 1'200;
constexpr double kClockMemory = 2'400;
/// The clock's rate may be off by 100 ppm, and a short stretch does not tell it.
constexpr double kClockStart = 200;

constexpr double kRecent = 32;
constexpr double kHalfMemory = 400;
constexpr double kHalfStart = 100;

constexpr std::size_t kRun = SymbolRun::kSymbols;

/// Symbols of which one is looked at half a symbol off.
constexpr std::size_t kMidwayEach = 4;

/// After 2 s without symbols a station probably has none, and the search takes its time.
constexpr std::int64_t kHurry = 80;
constexpr std::int64_t kLeisure = 4;

/// Looks without a symbol, 5 s, after which nothing is there.
constexpr std::int64_t kGivesUp = 200;

/// tanh(x), to 3e-4: the loops' weights need no more.
double soft_sign(double x) {
  const double limited = std::min(std::max(x, -4.9), 4.9);
  const double square = limited * limited;
  return limited * (10'395 + square * (1'260 + square * 21)) /
         (10'395 + square * (4'725 + square * (210 + square)));
}

}  // namespace

Demodulator::Demodulator(double band_rate_hz, double band_delay_s, std::size_t max_block)
    : rate_hz_(band_rate_hz),
      band_delay_s_(band_delay_s),
      filter_(band_rate_hz),
      acquisition_(band_rate_hz, filter_, kLongestStretch),
      band_(kHistory),
      by_curvature_(1 / filter_.curvature()),
      clock_(kClockMemory),
      carrier_(kCarrierMemory) {
  const double symbols = static_cast<double>(max_block + kHistory) * kBitRate_Hz / band_rate_hz;
  // Each look may start over once.
  symbols_.reserve(static_cast<std::size_t>(symbols) * (2 + max_block / kLook));
}

std::span<const SoftSymbol> Demodulator::process(dsp::ComplexView band) {
  symbols_.clear();
  while (band.size() > 0) {
    const auto until_look = static_cast<std::size_t>(kLook - band_.end() % kLook);
    const std::size_t count = std::min(until_look, band.size());
    push({band.re.first(count), band.im.first(count)});
    band = {band.re.subspan(count), band.im.subspan(count)};
  }
  return symbols_;
}

std::span<const SoftSymbol> Demodulator::finish() {
  symbols_.clear();
  const std::vector<float> silence(filter_.reach());
  band_.push({silence, silence});
  if (following_) {
    follow();
    follow_rest();
  }
  return symbols_;
}

void Demodulator::push(dsp::ComplexView band) {
  band_.push(band);
  if (following_) follow();
  if (band_.end() % kLook == 0) look();
}

/// Nothing to do while symbols come in well.
void Demodulator::look() {
  if (following_ && recent_power_ > 0.5 * std::pow(weigher_.amplitude(), 2)) {
    lost_for_ = 0;
    return;
  }
  ++lost_for_;
  const std::int64_t number = band_.end() / kLook;
  const std::int64_t pace = lost_for_ > kHurry ? kLeisure : 1;
  for (std::size_t i = 0; i < std::size(kStretches); ++i) {
    if (number % (pace * kLooks[i]) != 0) continue;
    const std::optional<SymbolEstimate> estimate = acquisition_.find(band_, kStretches[i]);
    if (!estimate) continue;
    if (!follows(*estimate)) start(*estimate, kStretches[i]);
    lost_for_ = 0;
    return;
  }
  if (lost_for_ > kGivesUp) following_ = false;
}

/// Whether the estimate finds the symbols where they are being followed.
bool Demodulator::follows(const SymbolEstimate& estimate) const {
  if (!following_) return false;
  const double symbols_apart = (clock_.value() - estimate.position) / clock_.slope();
  const double phase_there = estimate.phase_rad + symbols_apart * estimate.turn_rad;
  return std::fabs(std::remainder(symbols_apart, 1.0)) < 0.2 &&
         std::fabs(std::remainder(phase_there - carrier_.value(), pi)) < 0.6;
}

void Demodulator::start(const SymbolEstimate& estimate, std::size_t symbols) {
  following_ = true;
  const auto memory = static_cast<double>(symbols);
  clock_.start(estimate.position, rate_hz_ / kBitRate_Hz, std::min(memory, kClockStart));
  carrier_.start(estimate.phase_rad, estimate.turn_rad, memory);
  weigher_.start(estimate.amplitude_power, estimate.noise_power, memory);
  const double oldest = static_cast<double>(std::max<std::int64_t>(band_.begin(), 0));
  const double lead = std::clamp(std::floor((estimate.position - oldest) / clock_.slope()) - 3, 0.0, kLead);
  clock_.rewind(lead);
  carrier_.rewind(lead);
  age_ = 0;
  power_here_ = recent_power_ = estimate.amplitude_power;
  power_midway_ = estimate.amplitude_power / 2;
  follow();
}

/// Whole runs only: where they end depends on where they began, and not on how the samples came.
void Demodulator::follow() {
  while (is_ready(kRun - 1)) follow_run();
}

/// The last symbols, fewer than a run, and as many more as the weigher has to see before it gives them.
void Demodulator::follow_rest() {
  run_.in_phase.fill(0);
  run_.quadrature.fill(std::sqrt(weigher_.noise_power()));
  const std::complex<double> turn_on = std::polar(1.0, -carrier_.slope());
  std::complex<double> turn_back = std::polar(1.0, -carrier_.value());
  std::size_t rest = 0;
  for (; rest < kRun && is_ready(rest); ++rest, turn_back *= turn_on) filter_symbol(rest, turn_back);
  for (std::size_t left = rest + SymbolWeigher::kReach; left > 0; left -= std::min(left, kRun)) {
    const std::span<const SoftSymbol> symbols = weigher_.process(run_);
    const std::size_t beyond = std::min(kRun - std::min(left, kRun), symbols.size());
    emit(symbols.first(symbols.size() - beyond));
    run_.in_phase.fill(0);
    run_.quadrature.fill(std::sqrt(weigher_.noise_power()));
  }
}

/// Whether all samples are there for the symbol that comes so many after the next.
bool Demodulator::is_ready(std::size_t symbols_ahead) const {
  const double position = clock_.value() + static_cast<double>(symbols_ahead) * clock_.slope();
  return position < static_cast<double>(band_.end()) - static_cast<double>(filter_.reach());
}

/// Symbols where the lines through those before expect them.
void Demodulator::follow_run() {
  const double amplitude = weigher_.amplitude();
  const double amplitude_to_noise = amplitude / weigher_.noise_power();
  const double to_noise = amplitude * amplitude_to_noise;
  const std::complex<double> turn_on = std::polar(1.0, -carrier_.slope());
  std::complex<double> turn_back = std::polar(1.0, -carrier_.value());
  run_power_midway_ = 0;
  for (std::size_t i = 0; i < kRun; ++i, turn_back *= turn_on) filter_symbol(i, turn_back);
  correct_lines(amplitude_to_noise, std::min(1.0, 2 * to_noise) / amplitude);
  emit(weigher_.process(run_));
  const double clean = to_noise / (1 + to_noise);
  observe_power(clean * clean);
}

/// turn_back: by the carrier's phase.
void Demodulator::filter_symbol(std::size_t index, std::complex<double> turn_back) {
  const double position = clock_.value() + static_cast<double>(index) * clock_.slope();
  const MatchedFilter::Symbol filtered = filter_.with_slope_at(band_, position);
  const std::complex<double> symbol = std::complex<double>(filtered.value) * turn_back;
  run_.in_phase[index] = symbol.real();
  run_.quadrature[index] = symbol.imag();
  run_.end_s[index] = position / rate_hz_ + (0.5 / kBitRate_Hz - band_delay_s_);
  slopes_[index] = (std::complex<double>(filtered.slope) * turn_back).real();
  if (index % kMidwayEach != 0) return;
  const std::complex<float> midway = filter_.at(band_, position - clock_.slope() / 2);
  const std::complex<double> turned = std::complex<double>(midway) * turn_back;
  run_power_midway_ += (turned * turned).real() * (static_cast<double>(kMidwayEach) / kRun);
}

/// By the loops' errors of maximum likelihood: as a symbol is probably this sign. In noise they
/// count for little.
void Demodulator::correct_lines(double amplitude_to_noise, double error_gain) {
  const double symbol_samples = rate_hz_ / kBitRate_Hz;
  SymbolRun::Values early;
  SymbolRun::Values turned;
  SymbolRun::Values sensitivities;
  for (std::size_t i = 0; i < kRun; ++i) {
    const double sign = soft_sign(run_.in_phase[i] * amplitude_to_noise) * error_gain;
    early[i] = sign * slopes_[i] * by_curvature_ * symbol_samples;
    turned[i] = sign * run_.quadrature[i];
    sensitivities[i] = sign * run_.in_phase[i];
  }
  clock_.correct(early, sensitivities, 0.25 * symbol_samples);
  carrier_.correct(turned, sensitivities, 1);
  if (std::fabs(carrier_.value()) > pi) carrier_.shift(-2 * pi * std::nearbyint(carrier_.value() / (2 * pi)));
}

/// Half a symbol off there are symbols, too: sums of two neighbours, of half the power.
void Demodulator::observe_power(double weight) {
  constexpr auto symbols = static_cast<double>(kRun);
  double power = 0;
  for (std::size_t i = 0; i < kRun; ++i)
    power += run_.in_phase[i] * run_.in_phase[i] - run_.quadrature[i] * run_.quadrature[i];
  power /= symbols;
  age_ += symbols;
  recent_power_ += (power - recent_power_) * (symbols / kRecent);
  const double gain = weight * symbols / std::min(age_ + kHalfStart, kHalfMemory);
  power_here_ += gain * (power - power_here_);
  power_midway_ += gain * (run_power_midway_ - power_midway_);
  if (power_midway_ < 1.3 * power_here_) return;
  clock_.shift(clock_.slope() / 2);
  std::swap(power_here_, power_midway_);
}

void Demodulator::emit(std::span<const SoftSymbol> symbols) {
  symbols_.insert(symbols_.end(), symbols.begin(), symbols.end());
}

}  // namespace fmrx::rds
