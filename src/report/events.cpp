// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/events.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "rds/call_sign.hpp"
#include "rds/programme_type.hpp"
#include "report/hex.hpp"
#include "report/time_text.hpp"
#include "report/utf8.hpp"

namespace fmrx::report {

namespace {

using Json = nlohmann::ordered_json;

/// An event before it has its time: what JSON tells beside.
struct Draft {
  std::string_view name;
  std::string text;
  Json fields;
};

Draft station(const rds::StationFacts& facts) {
  Draft draft{"station", hex(*facts.pi), {{"pi", "0x" + hex(*facts.pi)}}};
  if (facts.system != rds::System::rbds) return draft;
  if (const auto sign = rds::call_sign(*facts.pi)) draft.fields["callsign"] = sign->view();
  return draft;
}

Draft name(const rds::Text& ps) {
  const std::string text = trimmed_utf8_of(ps);
  return {"name", text, {{"ps", text}}};
}

Draft radiotext(const rds::Text& radiotext) {
  const std::string text = trimmed_utf8_of(radiotext);
  return {"text", text, {{"radiotext", text}}};
}

/// For people: the tags, as in "Artist - Title" or in whichever order they come.
Draft title(const rds::RadioTextPlusContent& item) {
  Draft draft{"title", "", {{"item_running", item.item_running}}};
  for (std::size_t i = 0; i < item.size; ++i) {
    const std::string_view kind = rds::content_type_name(item.tags[i].content_type);
    const std::string text = trimmed_utf8_of(item.tags[i].text);
    if (!kind.empty()) draft.fields[std::string(kind)] = text;
    draft.text += (draft.text.empty() ? "" : " - ") + text;
  }
  return draft;
}

Draft type(const rds::StationFacts& facts) {
  const std::string_view kind = rds::programme_type_name(*facts.pty, facts.system);
  Draft draft{"type", std::string(kind), {{"pty", *facts.pty}}};
  if (!kind.empty()) draft.fields["prog_type"] = kind;
  return draft;
}

Draft traffic(bool on) {
  return {"traffic", on ? "on" : "off", {{"on", on}}};
}

/// TA means an announcement only where the station carries them (IEC 62106 3.2.1.3).
bool announces_traffic(const rds::StationFacts& facts) {
  return facts.traffic_programme.value_or(false) && facts.traffic_announcement.value_or(false);
}

}  // namespace

std::vector<Event> EventTeller::changes(const rds::StationFacts& facts, std::chrono::duration<double> time,
                                        std::optional<std::chrono::system_clock::time_point> received) {
  std::vector<Event> events;
  if (!facts.pi) return events;
  const auto tell = [&](Draft draft) {
    Json line{{"event", draft.name}};
    line.update(draft.fields);
    line["time_from_start"] = std::round(time.count() * 1e6) / 1e6;
    if (received) line["rx_time"] = utc_text(*received);
    events.push_back({draft.name, std::move(draft.text),
                      line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'});
  };
  // Another station has said nothing of itself yet; its predecessor's announcement, too, is over.
  const bool announced = announces_traffic(told_);
  if (facts.pi != told_.pi) {
    told_ = rds::StationFacts();
    tell(station(facts));
  }
  if (facts.ps && facts.ps != told_.ps) tell(name(*facts.ps));
  if (facts.radiotext && facts.radiotext != told_.radiotext) tell(radiotext(*facts.radiotext));
  if (facts.item && facts.item != told_.item) tell(title(*facts.item));
  if (facts.pty && facts.pty != told_.pty) tell(type(facts));
  if (announces_traffic(facts) != announced) tell(traffic(!announced));
  told_ = facts;
  return events;
}

}  // namespace fmrx::report
