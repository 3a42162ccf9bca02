// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstddef>
#include <random>
#include <vector>

#include "dsp/fm_receiver.hpp"
#include "rds/group_encoder.hpp"
#include "rds/rds_transmitter.hpp"
#include "rds/receiver.hpp"
#include "rds/station.hpp"
#include "sim/noise.hpp"
#include "support/catch2.hpp"
#include "support/counted_allocations.hpp"

TEST_CASE("a streaming RDS receiver allocates nothing, in good times and bad") {
  using namespace fmrx;
  test::RdsSignal signal;
  signal.groups = [](std::size_t index) { return test::random_group(0xD318, index); };
  test::RdsTransmitter transmitter(signal);
  sim::GaussianNoise noise(1, static_cast<float>(test::multiplex_noise_rms(67, signal.rate_hz)));
  std::vector<float> multiplex(static_cast<std::size_t>(6 * signal.rate_hz));
  std::vector<float> unused(multiplex.size());
  for (std::size_t i = 0; i < multiplex.size(); ++i) {
    if (i == multiplex.size() / 3) transmitter.skip(1'920);
    multiplex[i] = transmitter.next();
  }
  noise.add_to(multiplex, unused);
  rds::Receiver receiver(signal.rate_hz);
  (void)rds::offset_likelihoods(std::array<float, rds::kWindowSymbols>{});  // its tables, once a program
  std::size_t groups = 0;
  const std::size_t before = test::allocations();
  for (std::size_t i = 0; i < multiplex.size(); i += 2'688)
    groups +=
        receiver.process(std::span(multiplex).subspan(i, std::min<std::size_t>(2'688, multiplex.size() - i)))
            .size();
  CHECK(test::allocations() == before);
  CHECK(groups > 50);
}

TEST_CASE("nor does one that takes its band from the stereo decoder's") {
  using namespace fmrx;
  dsp::FmReceiver fm(dsp::ReceiverConfig(SampleRate(240'000)));
  rds::Receiver receiver(fm.difference_band());
  const std::vector<float> silence(2 * 3'360);
  const std::size_t history = fm.difference_band().history;
  const std::vector<float> samples(history + 1'680 + dsp::kReadSlack, 0.1F);
  const std::span<const float> band = std::span(samples).subspan(history, 1'680);
  const std::size_t before = test::allocations();
  for (int block = 0; block < 500; ++block) {
    (void)fm.process({IqFormat::cf32, std::as_bytes(std::span(silence))});
    (void)receiver.process(fm.difference_samples());
    (void)receiver.process(dsp::ComplexView{band, band});
  }
  CHECK(test::allocations() == before);
}

TEST_CASE("what a station is told takes no more memory, whatever it is") {
  using namespace fmrx;
  std::mt19937 random(1);
  rds::test::GroupEncoder encoder(0xD318);
  rds::Station station;
  std::size_t other_networks = 0;
  const std::size_t before = test::allocations();
  for (int i = 0; i < 100'000; ++i) {
    const auto word = [&] { return static_cast<unsigned>(random() & 0xFFFF); };
    // Every third group speaks of another network, of which there are thousands.
    const unsigned number = i % 3 == 0 ? 14 : word() % 16;
    rds::Group group = encoder.group(number, 'A', word() % 32, word(), word());
    if (word() % 8 == 0) rds::test::lose(group, word() % 4);
    other_networks += station.take(group).other_network ? 1 : 0;
  }
  CHECK(test::allocations() == before);
  CHECK(other_networks > 20'000);
}
