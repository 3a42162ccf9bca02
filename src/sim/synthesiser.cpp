// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/synthesiser.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "base/units.hpp"

namespace fmrx::sim {

namespace {

constexpr double kHighestPartial_Hz = 14'000;  // what an attack spreads stays below 15 kHz

std::uint32_t to_samples(float seconds) {
  return static_cast<std::uint32_t>(std::lround(seconds * kAudioRate.hz()));
}

/// From 0 to 1 along half a cosine: no corner, so no energy far from the note.
float raised_cosine(std::uint32_t position, std::uint32_t length) {
  const float phase = static_cast<float>(position) / static_cast<float>(length);
  return 0.5F - 0.5F * std::cos(std::numbers::pi_v<float> * phase);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads the notation of Part::notes word by word.
class Reader {
 public:
  Reader(std::string_view text, std::size_t position) : text_(text), position_(position) { skip_blanks(); }

  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] std::size_t position() const { return position_; }

  bool accept(char c) {
    if (at_end() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  std::uint32_t number() {
    std::uint32_t value = 0;
    while (!at_end() && is_digit(text_[position_]))
      value = value * 10 + static_cast<std::uint32_t>(text_[position_++] - '0');
    return value;
  }

  double pitch_hz() {
    if (is_digit(text_[position_])) return number();
    constexpr std::array<int, 7> kSemitonesAboveC{9, 11, 0, 2, 4, 5, 7};  // a to g
    int semitone = kSemitonesAboveC.at(static_cast<std::size_t>(text_[position_++] - 'a'));
    if (accept('#')) {
      ++semitone;
    } else if (accept('b')) {
      --semitone;
    }
    const int octave = static_cast<int>(number());
    return 440 * std::exp2((12 * (octave - 4) + semitone - 9) / 12.0);
  }

  std::uint32_t length() { return accept(':') ? number() : 1; }

  void skip_blanks() {
    while (accept(' ')) {
    }
  }

 private:
  std::string_view text_;
  std::size_t position_;
};

}  // namespace

void Voice::start(const Timbre& timbre, double frequency_hz, float gain, float pan, std::uint32_t length) {
  for (std::size_t k = 0; k < Timbre::kPartials; ++k) {
    const double partial_hz = frequency_hz * static_cast<double>(timbre.ratio[k]);
    const bool inside = partial_hz > 0 && partial_hz <= kHighestPartial_Hz;
    const double decay_s = static_cast<double>(timbre.decay_s) /
                           (1 + static_cast<double>(timbre.damping) * static_cast<double>(k));
    const double radius = decay_s > 0 ? std::exp(-1 / (decay_s * kAudioRate.hz())) : 1;
    const double angle = 2 * std::numbers::pi * partial_hz / kAudioRate.hz();
    real_[k] = inside ? static_cast<double>(timbre.amplitude[k] * gain) : 0;
    imag_[k] = 0;
    turn_real_[k] = radius * std::cos(angle);
    turn_imag_[k] = radius * std::sin(angle);
  }
  left_ = std::sqrt((1 - pan) / 2);
  right_ = std::sqrt((1 + pan) / 2);
  age_ = 0;
  attack_ = to_samples(timbre.attack_s);
  release_ = length;
  end_ = length + to_samples(timbre.release_s);
}

float Voice::envelope() const {
  float gain = 1;
  if (age_ < attack_) gain = raised_cosine(age_, attack_);
  if (age_ >= release_) gain *= raised_cosine(end_ - age_, end_ - release_);
  return gain;
}

float Voice::next_sample() {
  double sum = 0;
  for (std::size_t k = 0; k < Timbre::kPartials; ++k) sum += imag_[k];
  for (std::size_t k = 0; k < Timbre::kPartials; ++k) {
    const double real = real_[k] * turn_real_[k] - imag_[k] * turn_imag_[k];
    imag_[k] = real_[k] * turn_imag_[k] + imag_[k] * turn_real_[k];
    real_[k] = real;
  }
  return static_cast<float>(sum);
}

void Voice::add_to(std::span<float> stereo) {
  for (std::size_t i = 0; i + 1 < stereo.size() && sounding(); i += 2) {
    const float sample = next_sample() * envelope();
    stereo[i] += left_ * sample;
    stereo[i + 1] += right_ * sample;
    ++age_;
  }
}

Synthesiser::Synthesiser(const Piece& piece) : step_samples_(piece.step_samples), parts_(piece.parts.size()) {
  assert(parts_ <= kMaxParts);
  for (std::size_t i = 0; i < parts_; ++i) cursors_[i].part = &piece.parts[i];
}

void Synthesiser::render(std::span<float> stereo) {
  std::fill(stereo.begin(), stereo.end(), 0.0F);
  while (!stereo.empty()) {
    auto run = static_cast<std::uint32_t>(stereo.size() / kAudioChannels);
    for (std::size_t i = 0; i < parts_; ++i) {
      if (cursors_[i].wait == 0) advance(cursors_[i]);
      run = std::min(run, cursors_[i].wait);
    }
    const auto now = stereo.first(run * kAudioChannels);
    for (Voice& voice : voices_) {
      if (voice.sounding()) voice.add_to(now);
    }
    for (std::size_t i = 0; i < parts_; ++i) cursors_[i].wait -= run;
    stereo = stereo.subspan(now.size());
  }
}

void Synthesiser::advance(Cursor& cursor) {
  if (cursor.steps_left == 0) read_chord(cursor);
  const Part& part = *cursor.part;
  if (part.broken.empty()) {
    for (std::size_t i = 0; i < cursor.chord_size; ++i) strike(part, cursor.chord_hz[i], cursor.steps_left);
    cursor.wait = cursor.steps_left * step_samples_;
    cursor.steps_left = 0;
    return;
  }
  const std::size_t note = part.broken[cursor.steps_done % part.broken.size()];
  if (note < cursor.chord_size) strike(part, cursor.chord_hz[note], 1);
  ++cursor.steps_done;
  --cursor.steps_left;
  cursor.wait = step_samples_;
}

void Synthesiser::read_chord(Cursor& cursor) {
  Reader reader(cursor.part->notes, cursor.position);
  cursor.chord_size = 0;
  if (!reader.accept('-')) {
    do {
      assert(cursor.chord_size < kMaxChord);
      cursor.chord_hz[cursor.chord_size++] = reader.pitch_hz();
    } while (reader.accept('+'));
  }
  cursor.steps_left = reader.length();
  cursor.steps_done = 0;
  reader.skip_blanks();
  cursor.position = reader.at_end() ? 0 : reader.position();
}

void Synthesiser::strike(const Part& part, double frequency_hz, std::uint32_t steps) {
  const auto free =
      std::find_if(voices_.begin(), voices_.end(), [](const Voice& v) { return !v.sounding(); });
  assert(free != voices_.end());
  if (free == voices_.end()) return;
  constexpr double kMiddleC_Hz = 261.626;
  const auto octaves = static_cast<float>(std::log2(frequency_hz / kMiddleC_Hz));
  const float pan = std::clamp(part.pan + part.spread * octaves, -1.0F, 1.0F);
  const Timbre& timbre = *part.timbre;
  const std::uint32_t length = timbre.ring_s > 0 ? to_samples(timbre.ring_s) : steps * step_samples_;
  free->start(timbre, frequency_hz, part.gain, pan, length);
}

std::uint32_t length_in_steps(const Part& part) {
  std::uint32_t steps = 0;
  for (Reader reader(part.notes, 0); !reader.at_end(); reader.skip_blanks()) {
    if (!reader.accept('-')) {
      do reader.pitch_hz();
      while (reader.accept('+'));
    }
    steps += reader.length();
  }
  return steps;
}

}  // namespace fmrx::sim
