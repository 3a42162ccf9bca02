// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace fmrx::rds {

/// When a group came, and how much was lost until then, both since the beginning.
struct Moment {
  double time_s = 0;
  double lost_s = 0;  ///< the time of groups whose kind is not known
};

}  // namespace fmrx::rds
