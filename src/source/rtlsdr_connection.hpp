// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hpp"
#include "rt/bridge.hpp"
#include "rt/foreign_thread.hpp"
#include "rt/task.hpp"
#include "source/rtlsdr.hpp"

namespace fmrx::source {

/// One opening of a dongle, on a thread of its own: opens, streams until stopped or lost,
/// closes. Made and used on the loop's thread. When it goes, its thread is told to end, or left
/// behind where it hangs in a library.
class DongleConnection {
 public:
  explicit DongleConnection(RtlsdrConfig config);
  DongleConnection(const DongleConnection&) = delete;
  DongleConnection& operator=(const DongleConnection&) = delete;
  ~DongleConnection();

  /// Returns when the dongle is open. Throws what kept it from opening: NoSuchDongle, or
  /// another fmrx::Error.
  [[nodiscard]] rt::Task<void> wait_until_open();

  /// Once it is open: what it is, and the choice by which this very dongle is found again.
  [[nodiscard]] const SourceInfo& info() const;
  [[nodiscard]] const DongleChoice& choice() const;
  [[nodiscard]] const std::vector<Decibels>& gains() const;

  void start() noexcept;

  /// Asks the thread to end. Where streaming is just beginning that has no effect: ask again
  /// while you wait for ended().
  void stop() noexcept;
  [[nodiscard]] bool ended() const noexcept { return thread_.ended(); }

  /// Closed when the dongle was lost.
  [[nodiscard]] rt::Inbound<std::byte>& samples();
  [[nodiscard]] std::size_t transfer_bytes() const;

  /// Bytes that the dongle has sent and that did not fit.
  [[nodiscard]] std::uint64_t lost_bytes() const;

  /// Why the samples have ended. Once they have.
  [[nodiscard]] std::string reason() const;

  /// What a worker calls to set the gain; it owns all it touches. Throws fmrx::Error; does
  /// nothing where the dongle is not open.
  [[nodiscard]] std::function<void()> gain_setter(std::optional<Decibels> gain);

 private:
  class Shared;

  std::shared_ptr<Shared> shared_;
  rt::ForeignThread thread_;
};

}  // namespace fmrx::source
