// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/usb/behaviour.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace fmrx::test {

namespace {

[[noreturn]] void refuse(std::string_view word) {
  std::fprintf(stderr, "FMRX_USB: what is \"%.*s\"?\n", static_cast<int>(word.size()), word.data());
  std::abort();
}

void apply(std::string_view word, Behaviour& behaviour) {
  const std::size_t equals = std::min(word.find('='), word.size());
  const std::string_view key = word.substr(0, equals);
  const std::string value(word.substr(std::min(equals + 1, word.size())));
  const auto number = [&] { return std::strtol(value.c_str(), nullptr, 10); };
  if (key == "dongles") {
    behaviour.dongles = std::clamp(static_cast<int>(number()), 0, Behaviour::kMostDongles);
  } else if (key == "open") {
    behaviour.open_result = static_cast<int>(number());
  } else if (key == "claim") {
    behaviour.claim_result = static_cast<int>(number());
  } else if (key == "unplug") {
    behaviour.unplug_after = static_cast<std::uint64_t>(number());
  } else if (key == "stall") {
    behaviour.stall_after = static_cast<std::uint64_t>(number());
  } else if (word == "hang=open") {
    behaviour.open_hangs = true;
  } else if (word == "iq=sim" || word == "iq=pattern") {
    behaviour.simulates = value == "sim";
  } else if (word == "pace=fast" || word == "pace=real") {
    behaviour.is_fast = value == "fast";
  } else {
    refuse(word);
  }
}

}  // namespace

Behaviour read_behaviour() {
  Behaviour behaviour;
  const char* const text = std::getenv("FMRX_USB");
  std::string_view rest = text == nullptr ? "" : text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    apply(rest.substr(0, end), behaviour);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return behaviour;
}

}  // namespace fmrx::test
