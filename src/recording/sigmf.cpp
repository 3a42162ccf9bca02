// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording/sigmf.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace fmrx::recording {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kTypes{std::pair(IqFormat::cu8, "cu8"), std::pair(IqFormat::cs16, "ci16_le"),
                            std::pair(IqFormat::cf32, "cf32_le")};

std::optional<double> number_of(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key) || !object[key].is_number()) return std::nullopt;
  return object[key].get<double>();
}

}  // namespace

std::string sigmf_text(const SigMf& meta) {
  Json global;
  for (const auto& [format, name] : kTypes) {
    if (meta.format == format) global["core:datatype"] = name;
  }
  global["core:sample_rate"] = meta.rate.value().value();
  global["core:version"] = "1.0.0";
  global["core:num_channels"] = 1;
  global["core:recorder"] = "fmrx";
  if (!meta.hardware.empty()) global["core:hw"] = meta.hardware;
  Json captures = Json::array();
  for (const SigMf::Capture& capture : meta.captures) {
    Json entry{{"core:sample_start", capture.first_sample},
               {"core:global_index", capture.first_sample + capture.lost_before}};
    if (meta.centre) entry["core:frequency"] = meta.centre->value();
    if (capture.time) entry["core:datetime"] = format_utc(*capture.time);
    captures.push_back(entry);
  }
  Json annotations = Json::array();
  for (const SigMf::Gap& gap : meta.gaps) {
    annotations.push_back({{"core:sample_start", gap.first_sample},
                           {"core:sample_count", gap.samples},
                           {"core:label", "gap"},
                           {"core:comment", "nothing was received"}});
  }
  const Json text{{"global", global}, {"captures", captures}, {"annotations", annotations}};
  return text.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<SigMf> parse_sigmf(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("global") || !json["global"].is_object()) return std::nullopt;
  const Json& global = json["global"];
  SigMf meta;
  if (global.contains("core:datatype") && global["core:datatype"].is_string()) {
    const std::string type = global["core:datatype"];
    for (const auto& [format, name] : kTypes) {
      if (type == name) meta.format = format;
    }
  }
  const auto rate = number_of(global, "core:sample_rate");
  if (rate && *rate >= 1 && *rate <= UINT32_MAX)
    meta.rate = SampleRate(static_cast<std::uint32_t>(*rate + 0.5));
  if (json.contains("captures") && json["captures"].is_array() && !json["captures"].empty()) {
    const auto centre = number_of(json["captures"][0], "core:frequency");
    if (centre) meta.centre = Hertz(*centre);
  }
  return meta;
}

std::optional<std::string> sigmf_stem(std::string_view path) {
  for (const std::string_view ending : {kSigMfData, kSigMfMeta, ".sigmf"}) {
    if (path.size() > ending.size() && path.ends_with(ending))
      return std::string(path.substr(0, path.size() - ending.size()));
  }
  return std::nullopt;
}

}  // namespace fmrx::recording
