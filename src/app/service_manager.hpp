// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "base/unique_fd.hpp"

namespace fmrx::app {

/// Whoever runs fmrx as a service, told how it is: the protocol of sd_notify(3), without its library. Where
/// nobody asks for it ($NOTIFY_SOCKET is not set), nothing is sent. Nothing here blocks or fails: what the
/// other side has no room for is lost.
class ServiceManager {
 public:
  /// Reads and removes its variables from the environment, so that programs started by fmrx do not speak
  /// in its name. Before any thread is started.
  ServiceManager();

  [[nodiscard]] bool listens() const { return static_cast<bool>(socket_); }

  /// How often alive() or silent() is to be called.
  [[nodiscard]] std::chrono::microseconds interval() const { return interval_; }

  /// Started, or done with reloading. Each `status` is a line for people.
  void ready(const std::string& status) const;
  /// It works: a line for people, and a sign of life for a watchdog that watches this process. Where that is
  /// left out for too long, the service is started anew.
  void alive(const std::string& status) const;
  /// It does not: a line for people, but no sign of life.
  void silent(const std::string& status) const;
  void reloading() const;
  void stopping() const;

 private:
  void send(const std::string& message) const;

  std::string address_;
  UniqueFd socket_;
  bool watched_ = false;
  std::chrono::microseconds interval_;
};

}  // namespace fmrx::app
