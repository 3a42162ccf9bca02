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

#include "base/error.hpp"
#include "base/units.hpp"
#include "rt/bridge.hpp"
#include "rt/task.hpp"
#include "source/rtlsdr.hpp"

namespace fmrx::source {

/// There is no such dongle, as opposed to one that cannot be opened.
class NoSuchDongle : public Error {
 public:
  using Error::Error;
};

/// One opening of a dongle: opens, streams until stopped or lost, closes. Made and used on the
/// loop's thread; nothing of it blocks. When it goes, the dongle is told to close.
class DongleConnection {
 public:
  DongleConnection() = default;
  DongleConnection(const DongleConnection&) = delete;
  DongleConnection& operator=(const DongleConnection&) = delete;
  virtual ~DongleConnection() = default;

  /// Returns when the dongle is open. Throws what kept it from opening: NoSuchDongle, or
  /// another fmrx::Error.
  [[nodiscard]] virtual rt::Task<void> wait_until_open() = 0;

  /// Once it is open: what it is, and the choice by which this very dongle is found again.
  [[nodiscard]] virtual const SourceInfo& info() const = 0;
  [[nodiscard]] virtual const DongleChoice& choice() const = 0;
  [[nodiscard]] virtual const std::vector<Decibels>& gains() const = 0;

  virtual void start() noexcept = 0;

  /// Asks it to end. Where streaming is just beginning that has no effect: ask again while you
  /// wait for ended().
  virtual void stop() noexcept = 0;
  [[nodiscard]] virtual bool ended() const noexcept = 0;

  /// Closed when the dongle was lost.
  [[nodiscard]] virtual rt::Inbound<std::byte>& samples() = 0;
  [[nodiscard]] virtual std::size_t transfer_bytes() const = 0;

  /// Bytes that the dongle has sent and that did not fit.
  [[nodiscard]] virtual std::uint64_t lost_bytes() const = 0;

  /// Why the samples have ended. Once they have.
  [[nodiscard]] virtual std::string reason() const = 0;

  /// Nothing: the tuner's own AGC. Does nothing where the dongle is not open; throws fmrx::Error.
  /// The task may outlive the connection.
  [[nodiscard]] virtual rt::Task<void> set_gain(std::optional<Decibels> gain) = 0;
};

/// Begins to open the dongle of that choice.
using MakeConnection = std::function<std::unique_ptr<DongleConnection>(const RtlsdrConfig&)>;

}  // namespace fmrx::source
