// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/events.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "rds/call_sign.hpp"
#include "rds/programme_type.hpp"
#include "report/hex.hpp"
#include "report/time_text.hpp"
#include "report/utf8.hpp"

namespace fmrx::report {

namespace {

using Json = nlohmann::ordered_json;

Json station(const rds::StationFacts& facts) {
  Json out{{"event", "station"}, {"pi", "0x" + hex(*facts.pi)}};
  if (facts.system != rds::System::rbds) return out;
  if (const auto sign = rds::call_sign(*facts.pi)) out["callsign"] = sign->view();
  return out;
}

Json title(const rds::RadioTextPlusContent& item) {
  Json out{{"event", "title"}, {"item_running", item.item_running}};
  for (std::size_t i = 0; i < item.size; ++i) {
    const std::string_view name = rds::content_type_name(item.tags[i].content_type);
    if (!name.empty()) out[std::string(name)] = trimmed_utf8_of(item.tags[i].text);
  }
  return out;
}

Json type(const rds::StationFacts& facts) {
  Json out{{"event", "type"}, {"pty", *facts.pty}};
  const std::string_view name = rds::programme_type_name(*facts.pty, facts.system);
  if (!name.empty()) out["prog_type"] = name;
  return out;
}

/// TA means an announcement only where the station carries them (IEC 62106 3.2.1.3).
bool announces_traffic(const rds::StationFacts& facts) {
  return facts.traffic_programme.value_or(false) && facts.traffic_announcement.value_or(false);
}

}  // namespace

std::string EventTeller::changes(const rds::StationFacts& facts, std::chrono::duration<double> time,
                                 std::optional<std::chrono::system_clock::time_point> received) {
  std::string lines;
  if (!facts.pi) return lines;
  const auto tell = [&](Json event) {
    event["time_from_start"] = std::round(time.count() * 1e6) / 1e6;
    if (received) event["rx_time"] = utc_text(*received);
    lines += event.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
  };
  // Another station has said nothing of itself yet; its announcement, too, is over.
  const bool announced = announces_traffic(told_);
  if (facts.pi != told_.pi) {
    told_ = rds::StationFacts();
    tell(station(facts));
  }
  if (facts.ps && facts.ps != told_.ps) tell({{"event", "name"}, {"ps", trimmed_utf8_of(*facts.ps)}});
  if (facts.radiotext && facts.radiotext != told_.radiotext)
    tell({{"event", "text"}, {"radiotext", trimmed_utf8_of(*facts.radiotext)}});
  if (facts.item && facts.item != told_.item) tell(title(*facts.item));
  if (facts.pty && facts.pty != told_.pty) tell(type(facts));
  if (announces_traffic(facts) != announced) tell({{"event", "traffic"}, {"on", announces_traffic(facts)}});
  told_ = facts;
  return lines;
}

}  // namespace fmrx::report
