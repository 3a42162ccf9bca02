// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "rt/poller.hpp"

namespace fmrx::rt {

/// What every backend must do, as Catch2 sections, each with a new poller.
void check_poller_contract(const std::function<std::unique_ptr<Poller>()>& make);

}  // namespace fmrx::rt
