// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "rds/call_sign.hpp"
#include "rds/country.hpp"
#include "rds/language.hpp"
#include "rds/open_data_application.hpp"
#include "rds/programme_type.hpp"
#include "report/hex.hpp"
#include "report/time_text.hpp"
#include "report/utf8.hpp"

namespace fmrx::report {

namespace {

using Json = nlohmann::ordered_json;

std::string prefixed_hex(std::uint16_t value) {
  return "0x" + hex(value);
}

int kilohertz(Hertz frequency) {
  return static_cast<int>(std::lround(frequency.value() / 1e3));
}

std::string group_name(rds::GroupType type) {
  return std::to_string(type.number) + (type.version_b ? "B" : "A");
}

const char* name_of(rds::Confidence confidence) {
  switch (confidence) {
    case rds::Confidence::failed:
      return "failed";
    case rds::Confidence::corrected:
      return "corrected";
    case rds::Confidence::clean:
      return "clean";
  }
  return "";
}

const char* name_of(rds::DecoderBit::Meaning meaning) {
  using Meaning = rds::DecoderBit::Meaning;
  switch (meaning) {
    case Meaning::dynamic_pty:
      return "dynamic_pty";
    case Meaning::compressed:
      return "compressed";
    case Meaning::artificial_head:
      return "artificial_head";
    case Meaning::stereo:
      return "stereo";
  }
  return "";
}

/// The last five bits of block 2 and blocks 3 and 4: "1F 0123 ----".
std::string raw_words(const rds::RawContent& raw) {
  std::string words = hex(raw.bits, 2);
  for (const auto& block : {raw.block3, raw.block4}) words += block ? " " + hex(*block) : " ----";
  return words;
}

void put_group(Json& out, const rds::GroupContent& content) {
  out["raw_data"] = hex_line(content.group);
  Json& confidence = out["confidence"];
  for (const rds::Block& block : content.group.blocks) confidence.push_back(name_of(block.confidence));
  if (content.type) out["group"] = group_name(*content.type);
  if (content.foreign) out["foreign"] = true;
}

void put_identification(Json& out, const rds::GroupContent& content) {
  if (!content.pi) return;
  out["pi"] = prefixed_hex(*content.pi);
  if (content.system != rds::System::rbds) return;
  const auto sign = rds::call_sign(*content.pi);
  // What begins with 1 may be a code of regional networks or an encoder's default.
  const bool uncertain = *content.pi >> 12 == 1;
  if (sign) out[uncertain ? "callsign_uncertain" : "callsign"] = sign->view();
}

void put_programme_type(Json& out, const rds::GroupContent& content) {
  if (content.tp) out["tp"] = *content.tp;
  if (!content.pty) return;
  out["pty"] = *content.pty;
  const std::string_view name = rds::programme_type_name(*content.pty, content.system);
  if (!name.empty()) out["prog_type"] = name;
}

void put_basic(Json& out, const rds::GroupContent& content) {
  if (content.basic) {
    out["di"][name_of(content.basic->decoder.meaning)] = content.basic->decoder.set;
    out["is_music"] = content.basic->music;
    out["ta"] = content.basic->traffic_announcement;
  }
  if (content.ps) out["ps"] = utf8_of(*content.ps);
}

/// Method A: a list. Method B: which transmitter's alternatives, and of which kind each is.
void put_alternatives(Json& out, const rds::AfList& list) {
  if (!list.tuned) {
    Json& all = out["alt_frequencies_a"] = Json::array();
    for (const auto& entry : list.view()) all.push_back(kilohertz(entry.frequency));
    return;
  }
  Json& method_b = out["alt_frequencies_b"];
  method_b["tuned_frequency"] = kilohertz(*list.tuned);
  for (const auto& entry : list.view())
    method_b[entry.regional_variant ? "regional_variants" : "same_programme"].push_back(
        kilohertz(entry.frequency));
}

void put_label(Json& out, const rds::GroupContent& content) {
  using Kind = rds::SlowLabel::Kind;
  const rds::SlowLabel& label = *content.label;
  out["has_linkage"] = label.linkage_actuator;
  switch (label.kind()) {
    case Kind::extended_country_code: {
      out["ecc"] = "0x" + hex(label.low_byte(), 2);
      if (!content.pi) break;
      const std::string_view country = rds::country_code(*content.pi, label.low_byte());
      if (!country.empty()) out["country"] = country;
      break;
    }
    case Kind::tmc_identification:
      out["tmc_id"] = label.value;
      break;
    case Kind::paging_identification:
      out["paging_id"] = label.value;
      break;
    case Kind::language: {
      out["language_code"] = "0x" + hex(label.low_byte(), 2);
      const std::string_view language = rds::language_name(label.low_byte());
      if (!language.empty()) out["language"] = language;
      break;
    }
    case Kind::broadcasters_use:
      out["slc_broadcaster_bits"] = "0x" + hex(label.value & 0x7FFU, 3);
      break;
    case Kind::emergency_warning_channel:
      out["ews"] = label.value;
      break;
  }
}

void put_item(Json& out, const rds::ProgrammeItem& item) {
  out["prog_item_number"] = item.number;
  out["prog_item_started"] = {{"day", item.day()}, {"time", clock_text(item.hour(), item.minute())}};
}

Json tags_of(const rds::RadioTextPlusContent& content) {
  Json out;
  out["item_running"] = content.item_running;
  out["item_toggle"] = content.item_toggle ? 1 : 0;
  Json& tags = out["tags"] = Json::array();
  for (std::size_t i = 0; i < content.size; ++i) {
    const rds::TaggedText& tag = content.tags[i];
    const std::string_view name = rds::content_type_name(tag.content_type);
    tags.push_back({{"content-type", name.empty() ? "unknown" : std::string(name)},
                    {"data", trimmed_utf8_of(tag.text)}});
  }
  return out;
}

void put_radiotext(Json& out, const rds::GroupContent& content) {
  if (content.radiotext_flag_b) out["rt_ab"] = *content.radiotext_flag_b ? "B" : "A";
  if (content.radiotext) out["radiotext"] = trimmed_utf8_of(*content.radiotext);
  if (content.enhanced_radiotext) out["enhanced_radiotext"] = trimmed_utf8_of(*content.enhanced_radiotext);
  if (content.radiotext_plus) out["radiotext_plus"] = tags_of(*content.radiotext_plus);
  if (content.enhanced_radiotext_plus) out["ert_plus"] = tags_of(*content.enhanced_radiotext_plus);
}

void put_announcement(Json& out, const rds::OpenDataAnnouncement& announcement) {
  Json& app = out["open_data_app"];
  app["app_id"] = hex(announcement.application);
  const std::string_view name = rds::application_name(announcement.application);
  app["app_name"] = name.empty() ? "(Unknown)" : std::string(name);
  if (announcement.carrier) app["oda_group"] = group_name(*announcement.carrier);
  if (announcement.message) app["message"] = *announcement.message;
}

void put_traffic_service(Json& out, const rds::TrafficService& service) {
  Json& info = out["tmc"]["system_info"];
  if (service.is_second_part) {
    info["service_id"] = service.service_identifier;
    info["gap"] = service.gap;
    return;
  }
  info["is_encrypted"] = service.is_encrypted();
  if (!service.is_encrypted()) info["location_table"] = service.location_table;
  info["is_on_alt_freqs"] = service.alternative_frequencies;
  Json& scope = info["scope"] = Json::array();
  if (service.international) scope.push_back("inter-road");
  if (service.national) scope.push_back("national");
  if (service.regional) scope.push_back("regional");
  if (service.urban) scope.push_back("urban");
}

void put_traffic_message(Json& out, const rds::TrafficMessage& message, bool is_encrypted) {
  constexpr std::uint8_t kAdditionalEvent = 9;
  const rds::TrafficEvent& event = message.event;
  Json events = Json::array({event.event});
  Json details = Json::array();
  for (std::size_t i = 0; i < message.size; ++i) {
    const rds::TrafficDetail& detail = message.details[i];
    if (detail.label == kAdditionalEvent) events.push_back(detail.value);
    details.push_back({{"label", detail.label}, {"value", detail.value}});
  }
  Json& json = out["tmc"]["message"];
  json["event_codes"] = std::move(events);
  json[is_encrypted ? "encrypted_location" : "location"] = event.location;
  json["extent"] = (event.negative_direction ? "-" : "+") + std::to_string(event.extent);
  json["diversion_advised"] = event.diversion_advised;
  if (!event.is_first_of_several) json["duration"] = event.duration;
  if (!details.empty()) json["details"] = std::move(details);
}

void put_other_network(Json& out, const rds::OtherNetworkContent& content, rds::System system) {
  Json& network = out["other_network"];
  network["pi"] = prefixed_hex(content.pi);
  network["tp"] = content.tp;
  if (content.ta) network["ta"] = *content.ta;
  if (content.pty) {
    network["pty"] = *content.pty;
    const std::string_view name = rds::programme_type_name(*content.pty, system);
    if (!name.empty()) network["prog_type"] = name;
  }
  if (content.ps) network["ps"] = utf8_of(*content.ps);
  if (content.af) {
    Json& all = network["alt_frequencies"] = Json::array();
    for (const auto& entry : content.af->view()) all.push_back(kilohertz(entry.frequency));
  }
  if (content.mapped) {
    network["tuned_kilohertz"] = kilohertz(content.mapped->tuned);
    network["kilohertz"] = kilohertz(content.mapped->other);
  }
  if (content.linkage) {
    network["has_linkage"] = content.linkage->linkage_actuator;
    if (content.linkage->set_number != 0) network["linkage_set"] = content.linkage->set_number;
  }
  if (content.item && content.item->is_valid()) put_item(network, *content.item);
  if (content.broadcasters_data) network["broadcaster_data"] = hex(*content.broadcasters_data);
}

/// Groups whose content is data of others.
void put_raw(Json& out, const rds::GroupContent& content) {
  const rds::RawContent& raw = *content.raw;
  if (content.application) {
    const std::string_view name = rds::application_name(*content.application);
    out["oda"] = {{"app_id", hex(*content.application)},
                  {"app_name", name.empty() ? "(Unknown)" : std::string(name)},
                  {"raw_data", raw_words(raw)}};
    return;
  }
  switch (content.type->number) {
    case 5:
      out["transparent_data"] = {{"address", raw.bits}, {"raw_data", raw_words(raw)}};
      return;
    case 6: {
      Json& data = out["in_house_data"] = Json::array({raw.bits});
      if (raw.block3) data.push_back(*raw.block3);
      if (raw.block4) data.push_back(*raw.block4);
      return;
    }
    case 7:
      if (!content.type->version_b) {
        out["paging"]["raw_data"] = raw_words(raw);
        return;
      }
      break;
    case 8:
      if (!content.type->version_b) {
        out["tmc"]["raw_data"] = raw_words(raw);
        return;
      }
      break;
    case 9:
      if (!content.type->version_b) {
        out["emergency_warning"]["raw_data"] = raw_words(raw);
        return;
      }
      break;
    default:
      break;
  }
  out["unknown_oda"]["raw_data"] = raw_words(raw);
}

}  // namespace

std::string json_line(const rds::GroupContent& content,
                      std::optional<std::chrono::system_clock::time_point> received) {
  Json out;
  put_identification(out, content);
  if (received) out["rx_time"] = utc_text(*received);
  out["time_from_start"] = std::round(content.group.time.count() * 1e6) / 1e6;
  put_group(out, content);
  put_programme_type(out, content);
  put_basic(out, content);
  if (content.af) put_alternatives(out, *content.af);
  if (content.label) put_label(out, content);
  if (content.item) put_item(out, *content.item);
  put_radiotext(out, content);
  if (content.announcement) put_announcement(out, *content.announcement);
  if (content.traffic_service) put_traffic_service(out, *content.traffic_service);
  if (content.clock) out["clock_time"] = iso_text(*content.clock);
  if (content.programme_type_name) out["pty_name"] = utf8_of(*content.programme_type_name);
  if (content.long_ps) out["long_ps"] = trimmed_utf8_of(*content.long_ps);
  if (content.other_network) put_other_network(out, *content.other_network, content.system);
  if (content.raw) put_raw(out, content);
  if (content.traffic_message)
    put_traffic_message(out, *content.traffic_message, content.traffic_is_encrypted);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fmrx::report
