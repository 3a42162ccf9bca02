// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <csignal>

#include "app/service_manager.hpp"
#include "rt/signals.hpp"

namespace fmrx::app {

/// Who may tell a run what to do, and is told how it goes: the person at the terminal, or a service manager.
struct Supervisor {
  rt::Signals& signals;
  const ServiceManager& manager;
  bool at_terminal = false;

  /// SIGHUP tells that the terminal has gone. Where there never was one, it asks for new files, as it does
  /// of any service; other signals ask to leave.
  [[nodiscard]] bool asks_for_new_files(int signal) const { return signal == SIGHUP && !at_terminal; }
};

}  // namespace fmrx::app
