// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/iq_stream.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/iq.hpp"
#include "sim/quantise.hpp"
#include "support/usb/pattern.hpp"

namespace fmrx::test {

IqStream::IqStream(const Behaviour& behaviour) : kind_(behaviour.iq) {
  stations_.assign(sim::fm_band().begin(), sim::fm_band().end());
  if (behaviour.levels) stations_ = two_stations(*behaviour.levels);
  if (kind_ != IqKind::file) return;
  file_.open(behaviour.iq_path, std::ios::binary);
  if (file_.peek() == std::ifstream::traits_type::eof()) {
    std::fprintf(stderr, "FMRX_USB: nothing to read in %s\n", behaviour.iq_path.c_str());
    std::abort();
  }
  file_bytes_ = std::filesystem::file_size(behaviour.iq_path);
}

void IqStream::fill(std::span<std::byte> bytes, const Settings& settings) {
  if (settings.test_mode) {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(place_++);
  } else if (kind_ == IqKind::simulated) {
    simulate(bytes, settings);
  } else if (kind_ == IqKind::file) {
    read_file(bytes);
  } else {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(pattern_byte(place_++));
  }
}

void IqStream::skip(std::uint64_t bytes, const Settings& settings) {
  if (kind_ == IqKind::pattern || settings.test_mode) {
    place_ += bytes;
    return;
  }
  if (kind_ == IqKind::file) {
    file_.clear();
    const auto place = static_cast<std::uint64_t>(file_.tellg()) + bytes;
    file_.seekg(static_cast<std::streamoff>(place % file_bytes_));
    return;
  }
  // More than a second of the band says no more than a second.
  std::vector<std::byte> unsent(std::min(bytes, static_cast<std::uint64_t>(2 * settings.sample_rate_hz)));
  fill(unsent, settings);
}

/// Round and round.
void IqStream::read_file(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    bytes = bytes.subspan(static_cast<std::size_t>(file_.gcount()));
    if (bytes.empty()) return;
    file_.clear();
    file_.seekg(0);
  }
}

void IqStream::simulate(std::span<std::byte> bytes, const Settings& settings) {
  if (!band_ || rate_hz_ != settings.sample_rate_hz || tuned_hz_ != settings.tuned_hz) {
    constexpr std::uint64_t kSeed = 0;
    const SampleRate rate(static_cast<std::uint32_t>(std::lround(settings.sample_rate_hz)));
    band_.emplace(rate, Hertz(settings.tuned_hz), kSeed, stations_);
    front_end_.emplace(rate, 0);
    rate_hz_ = settings.sample_rate_hz;
    tuned_hz_ = settings.tuned_hz;
  }
  iq_.resize(bytes.size() / bytes_per_sample(IqFormat::cu8));
  band_->generate(iq_);
  front_end_->apply(iq_, settings.gain);
  sim::quantise(iq_, IqFormat::cu8, bytes.first(iq_.size() * bytes_per_sample(IqFormat::cu8)));
}

}  // namespace fmrx::test
