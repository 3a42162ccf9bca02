// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/units.hpp"
#include "dsp/aligned.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/channel_chooser.hpp"
#include "dsp/envelope_meter.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/spectrum.hpp"

namespace fmrx::dsp {

/// The adaptive channel filter at IF: a linear-phase FIR whose edges a ChannelChooser
/// sets, or whose width is given. A change is a crossfade between two filters of equal
/// delay. Wide open it only delays.
class ChannelFilter {
 public:
  /// `bandwidth`: from edge to edge, for a fixed filter.
  ChannelFilter(const Kernels& kernels, double if_hz, std::optional<Hertz> bandwidth, std::size_t max_block);

  /// How many older samples must lie before those that process() is given.
  [[nodiscard]] static std::size_t history(double if_hz);

  /// As many samples out as in, at most max_block; valid until the next call, or as long as `in`.
  [[nodiscard]] ComplexView process(ComplexView in);

  /// In samples; the same for all widths.
  [[nodiscard]] std::size_t delay() const { return window_.size() / 2; }
  [[nodiscard]] std::size_t max_output() const { return out_re_.size() - kOutputSlack; }

  [[nodiscard]] ChannelCondition condition() const { return chooser_.condition(); }
  /// Of the filtered station, over the last tenth of a second.
  [[nodiscard]] Envelope envelope() const { return envelope_; }
  /// Noise as a share of the carrier's power since the last call: its density by the spectrum, and
  /// by the envelope in all. Nothing if that was too short a time.
  struct Noise {
    double per_hz;
    double unsteadiness;
  };
  [[nodiscard]] std::optional<Noise> take_noise();
  /// From edge to edge; an open edge is that of the IF.
  [[nodiscard]] Hertz bandwidth() const { return Hertz(now_.below_hz + now_.above_hz); }
  /// Of the present filter, without its delay; an uneven one has real values, too.
  [[nodiscard]] std::complex<double> response(double f_hz) const;

 private:
  struct Filter {
    double below_hz = 0;
    double above_hz = 0;
    bool open = true;
    bool even = true;           ///< real taps
    AlignedVector<float> re{};  ///< re[k] multiplies the k-th oldest sample
    AlignedVector<float> im{};
  };

  [[nodiscard]] bool fading() const { return fade_ < fade_length_; }
  std::size_t pass_open(ComplexView delayed);
  [[nodiscard]] std::size_t until_look(std::size_t most) const;
  void run(std::size_t from, std::span<float> re, std::span<float> im);
  void filter(const Filter& filter, std::size_t from, std::span<float> re, std::span<float> im);
  void pass(ComplexView out, std::size_t done);
  void look(std::size_t first);
  void change_to(ChannelEdges edges);
  void design(double below_hz, double above_hz, Filter& filter) const;

  const Kernels& kernels_;
  double if_hz_;
  std::vector<double> window_;
  std::size_t lead_;  ///< samples before a block
  ChannelEdges edges_;
  Filter now_;
  Filter before_;  ///< while fading

  const float* re_ = nullptr;  ///< the block, from its lead-in on
  const float* im_ = nullptr;
  AlignedVector<float> out_re_;
  AlignedVector<float> out_im_;
  AlignedVector<float> part_re_;  ///< what imaginary taps make
  AlignedVector<float> part_im_;
  AlignedVector<float> scratch_;
  AlignedVector<float> faded_re_;
  AlignedVector<float> faded_im_;

  std::size_t fade_length_;
  std::size_t fade_;    ///< samples of the crossfade done
  bool faded_ = false;  ///< at the last look, the crossfade was going on

  std::uint64_t position_ = 0;
  std::uint64_t looked_ = 0;  ///< position of the last look
  std::uint64_t look_at_;     ///< position of the next one
  std::uint64_t looks_ = 0;
  PowerSpectrum spectrum_;
  ChannelChooser chooser_;
  bool narrows_ = true;           ///< since the last look the output was not always the whole IF
  EnvelopeMeter open_meter_;      ///< of the whole IF, where that is not the output
  EnvelopeMeter envelope_meter_;  ///< of the filtered station
  Envelope envelope_;
  Envelope envelope_since_taken_;  ///< sums
};

}  // namespace fmrx::dsp
