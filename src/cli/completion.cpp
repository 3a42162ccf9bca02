// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/completion.hpp"

namespace fmrx::cli {

std::string_view short_name(const CommandTable& table) {
  return table.name.substr(table.name.rfind(' ') + 1);
}

std::string_view word_of(Values values) {
  switch (values) {
    case Values::free:
      return "free";
    case Values::files:
      return "files";
    case Values::folders:
      return "folders";
    case Values::devices:
      return "devices";
    case Values::gains:
      return "gains";
    case Values::cards:
      return "cards";
    case Values::stations:
      return "stations";
  }
  return {};
}

}  // namespace fmrx::cli
