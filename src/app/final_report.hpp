// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/iq_service.hpp"
#include "app/rds_service.hpp"
#include "dsp/fm_receiver.hpp"
#include "radio/pipeline.hpp"
#include "source/source.hpp"

// What is said when a run ends.

namespace fmrx::app {

/// How the station came in at the end, for --verbose.
void report_reception(const dsp::Reception& reception);

/// Warns of what was lost and where; true if anything was. `iq` and `rds` may be nullptr.
[[nodiscard]] bool report_losses(const source::Source& source, const radio::Pipeline& pipeline,
                                 const IqService* iq, const RdsService* rds);

}  // namespace fmrx::app
