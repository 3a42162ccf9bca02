// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/simulate.hpp"

#include <sndfile.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <complex>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/printable.hpp"
#include "base/units.hpp"
#include "cli/duration.hpp"
#include "cli/frequency.hpp"
#include "sim/band_simulator.hpp"
#include "sim/programme.hpp"
#include "sim/quantise.hpp"
#include "sim/station.hpp"

namespace fmrx::app {

namespace {

constexpr std::uint64_t kBlock = 1 << 15;

[[noreturn]] void cannot_write(const std::string& path, const std::string& why) {
  throw Error(ExitStatus::output, "cannot write " + printable(path) + ": " + why);
}

const sim::Station& station_on(Hertz frequency) {
  const auto band = sim::fm_band();
  const auto found = std::find_if(band.begin(), band.end(),
                                  [&](const auto& station) { return station.frequency == frequency; });
  if (found == band.end()) {
    throw Error(ExitStatus::usage, "the simulator has no station on " + cli::format_frequency(frequency) +
                                       ": fmrx sim --list says where they are");
  }
  return *found;
}

void list_band() {
  for (const sim::Station& station : sim::fm_band()) {
    const std::string name(station.rds ? station.rds->ps : "no RDS");
    const std::string title(station.piece->title);
    std::printf("%-10s %4.0f dBFS  %-6s  %-8s  %s\n", cli::format_frequency(station.frequency).c_str(),
                station.level_dbfs.value(), station.stereo ? "stereo" : "mono", name.c_str(), title.c_str());
  }
}

void write_programme(const cli::SimOptions& options) {
  const auto close = [](SNDFILE* file) { ::sf_close(file); };
  SF_INFO info{};
  info.samplerate = static_cast<int>(kAudioRate.value());
  info.channels = static_cast<int>(kAudioChannels);
  info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  const std::unique_ptr<SNDFILE, decltype(close)> file(
      ::sf_open(options.programme_path.c_str(), SFM_WRITE, &info), close);
  if (!file) cannot_write(options.programme_path, ::sf_strerror(nullptr));
  // So that the file is whole at every moment, whatever ends this program.
  ::sf_command(file.get(), SFC_SET_UPDATE_HEADER_AUTO, nullptr, SF_TRUE);

  sim::Programme programme(station_on(options.freq));
  std::vector<float> audio(kBlock * kAudioChannels);
  for (auto left = cli::samples_in(options.duration, kAudioRate); left > 0;) {
    const auto frames = std::min(left, kBlock);
    const std::span<float> block(audio.data(), frames * kAudioChannels);
    programme.render(block);
    const auto count = static_cast<sf_count_t>(frames);
    if (::sf_writef_float(file.get(), block.data(), count) != count)
      cannot_write(options.programme_path, ::sf_strerror(file.get()));
    left -= frames;
  }
}

void write_iq(const cli::SimOptions& options) {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(options.iq_path.c_str(), "wb"), close);
  if (!file) cannot_write(options.iq_path, std::strerror(errno));

  sim::BandSimulator band(options.rate, options.centre, options.seed);
  std::vector<std::complex<float>> iq(kBlock);
  std::vector<std::byte> bytes(kBlock * bytes_per_sample(options.iq_format));
  for (auto left = cli::samples_in(options.duration, options.rate); left > 0;) {
    const auto samples = std::min(left, kBlock);
    const std::span<std::complex<float>> block(iq.data(), samples);
    const std::span<std::byte> raw(bytes.data(), samples * bytes_per_sample(options.iq_format));
    band.generate(block);
    sim::quantise(block, options.iq_format, raw);
    if (std::fwrite(raw.data(), 1, raw.size(), file.get()) != raw.size())
      cannot_write(options.iq_path, std::strerror(errno));
    left -= samples;
  }
  if (std::fflush(file.get()) != 0) cannot_write(options.iq_path, std::strerror(errno));
}

}  // namespace

ExitStatus simulate(const cli::SimOptions& options) {
  if (options.list) {
    list_band();
    return ExitStatus::done;
  }
  if (!options.programme_path.empty()) write_programme(options);
  if (!options.iq_path.empty()) write_iq(options);
  return ExitStatus::done;
}

}  // namespace fmrx::app
