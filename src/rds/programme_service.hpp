// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rds/cyclic_text.hpp"
#include "rds/text.hpp"

namespace fmrx::rds {

/// The name of the station: eight characters, two to a group 0A or 0B (IEC 62106 3.1.5.1), also
/// of another network (14A, 3.1.5.19). Many stations send running text in it, which the standard forbids.
using ProgrammeService = CyclicText<4>;

/// Eight characters that name the kind of programme: four to a group 10A (3.1.5.14).
using ProgrammeTypeName = CyclicText<4>;

/// A longer name in UTF-8, up to 32 bytes, four to a group 15A (IEC 62106-2:2018). A carriage
/// return ends a shorter one.
class LongProgrammeService : public CyclicText<16> {
 public:
  LongProgrammeService();
  [[nodiscard]] Text text() const;
};

/// The characters of a PS or PTYN, always eight.
template <std::size_t kPairs>
[[nodiscard]] Text shown_text(const CyclicText<kPairs>& text) {
  return text_of_pairs(std::span(text.pairs()).first(text.length()));
}

}  // namespace fmrx::rds
