// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/iq.hpp"
#include "base/units.hpp"
#include "dsp/audio_filter.hpp"
#include "dsp/block_stream.hpp"
#include "dsp/channel_filter.hpp"
#include "dsp/clip_meter.hpp"
#include "dsp/deviation_meter.hpp"
#include "dsp/discriminator.hpp"
#include "dsp/kernels/kernels.hpp"
#include "dsp/multiplex_splitter.hpp"
#include "dsp/rate_plan.hpp"
#include "dsp/spike_notch.hpp"
#include "dsp/station_receiver.hpp"
#include "dsp/stereo_demodulator.hpp"
#include "dsp/stereo_matrix.hpp"
#include "dsp/tuner.hpp"

namespace fmrx::dsp {

struct ReceiverConfig {
  explicit ReceiverConfig(SampleRate input_rate) : rate(input_rate) {}

  SampleRate rate;
  Hertz offset{0};  ///< of the station from the capture's centre
  Deemphasis deemphasis = Deemphasis::us50;
  StereoMode stereo = StereoMode::automatic;
  Decibels volume{0};
  /// Of the channel filter, from edge to edge; chosen as the neighbours allow if not given.
  std::optional<Hertz> bandwidth;
  /// process() allocates only for blocks of more samples than this.
  std::size_t max_block = 65'536;
  /// Whose inner loops do the work; any give the same audio within rounding.
  const Kernels* kernels = &best_kernels();
};

/// Receives one FM station: raw IQ in, 48 kHz stereo out. The audio lags by
/// delay(); any cutting of the input into blocks gives the same audio bit for bit.
class FmReceiver final : public StationReceiver {
 public:
  /// Throws fmrx::Error for a rate outside 225 kS/s to 3.2 MS/s, and for an offset
  /// with which the station's channel is not inside the capture.
  explicit FmReceiver(const ReceiverConfig& config);

  [[nodiscard]] std::span<const float> process(IqView iq) override;
  [[nodiscard]] std::span<const float> multiplex() const override { return multiplex_.block(); }
  [[nodiscard]] double multiplex_rate_hz() const override { return plan_.if_hz(); }
  [[nodiscard]] ComplexView difference_samples() const override { return splitter_.block().difference; }
  [[nodiscard]] DifferenceBand difference_band() const override;

  [[nodiscard]] Reception reception() const override;
  [[nodiscard]] std::optional<Decibels> take_carrier_to_noise() override;

  /// Delay of the audio, the same for all frequencies but for the de-emphasis.
  [[nodiscard]] std::chrono::duration<double> delay() const;

 private:
  void begin_block(std::size_t samples);
  void receive(IqView piece);
  void hear();
  [[nodiscard]] std::span<const float> demodulate(ComplexView channel);
  void measure_channel(Reception& reception) const;
  [[nodiscard]] double heard_bandwidth_hz() const;

  RatePlan plan_;
  std::size_t piece_;
  ClipMeter clip_meter_;
  Tuner tuner_;
  SpikeNotch spike_notch_;
  ChannelFilter channel_filter_;
  Discriminator discriminator_;
  DeviationMeter deviation_meter_;
  MultiplexSplitter splitter_;
  StereoDemodulator demodulator_;
  AudioFilter audio_filter_;
  StereoMatrix matrix_;
  BlockStream multiplex_;
  std::size_t heard_ = 0;  ///< samples of the bands that have become audio
  std::vector<float> audio_;
  std::size_t audio_samples_ = 0;
};

}  // namespace fmrx::dsp
