// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/station.hpp"

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch2.hpp"

using namespace fmrx;
using namespace fmrx::sim;

namespace {

/// The rows of the page's table of stations: those that begin with a frequency.
std::vector<std::vector<std::string>> documented_stations() {
  std::ifstream page(FMRX_SIMULATOR_PAGE);
  std::vector<std::vector<std::string>> rows;
  for (std::string row; std::getline(page, row);) {
    if (row.size() < 3 || row[0] != '|' || row[2] < '0' || row[2] > '9') continue;
    std::vector<std::string> cells;
    std::istringstream line(row.substr(1));
    for (std::string cell; std::getline(line, cell, '|');) {
      const auto first = cell.find_first_not_of(' ');
      cells.push_back(
          first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
    }
    if (cells.size() == 7) rows.push_back(cells);
  }
  return rows;
}

std::string hexadecimal(std::uint16_t value) {
  std::ostringstream out;
  out << std::hex << std::uppercase << value;
  return out.str();
}

}  // namespace

TEST_CASE("the documentation lists the band as it is") {
  const auto rows = documented_stations();
  REQUIRE(rows.size() == fm_band().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Station& station = fm_band()[i];
    CAPTURE(rows[i][0]);
    CHECK(std::lround(std::stod(rows[i][0]) * 1e6) == std::lround(station.frequency.value()));
    CHECK(std::stod(rows[i][1]) == station.level_dbfs.value());
    CHECK(std::stod(rows[i][2]) == (station.level_dbfs - kNoiseFloor_dBFS).value());
    CHECK(rows[i][3] == (station.stereo ? "stereo" : "mono"));
    CHECK(rows[i][4] == (station.rds ? std::string(station.rds->ps) : "-"));
    CHECK(rows[i][5] == (station.rds ? hexadecimal(station.rds->pi) : "-"));
    CHECK(rows[i][6].starts_with(station.piece->title));
  }
}

TEST_CASE("a station is on 92.7 MHz, clear enough for stereo") {
  std::size_t found = 0;
  for (const Station& station : fm_band()) {
    if (station.frequency != Hertz(92.7e6)) continue;
    ++found;
    CHECK(station.stereo);
    CHECK((station.level_dbfs - kNoiseFloor_dBFS).value() >= 65);
  }
  CHECK(found == 1);
}

TEST_CASE("no window of a dongle's width is overloaded") {
  for (const Station& lowest : fm_band()) {
    double sum = 0;
    for (const Station& station : fm_band()) {
      const double above_hz = (station.frequency - lowest.frequency).value();
      if (above_hz >= 0 && above_hz <= 3.2e6) sum += std::pow(10, station.level_dbfs.value() / 20);
    }
    CHECK(sum < 1);
  }
}

TEST_CASE("stations are in order and inside the band of 87.5 to 108 MHz") {
  for (std::size_t i = 0; i < fm_band().size(); ++i) {
    CHECK(fm_band()[i].frequency >= Hertz(87.5e6));
    CHECK(fm_band()[i].frequency <= Hertz(108e6));
    if (i > 0) CHECK(fm_band()[i].frequency > fm_band()[i - 1].frequency);
  }
}
