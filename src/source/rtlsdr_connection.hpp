// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rt/foreign_thread.hpp"
#include "rt/workers.hpp"
#include "source/dongle_connection.hpp"

namespace fmrx::source {

/// A connection by librtlsdr, on a thread of its own, which is told to end with it, or left behind
/// where it hangs in the library.
class RtlsdrConnection final : public DongleConnection {
 public:
  /// `control` makes calls that change settings.
  RtlsdrConnection(RtlsdrConfig config, std::shared_ptr<rt::Workers> control);
  ~RtlsdrConnection() override;

  [[nodiscard]] rt::Task<void> wait_until_open() override;
  [[nodiscard]] const SourceInfo& info() const override;
  [[nodiscard]] const DongleChoice& choice() const override;
  [[nodiscard]] const std::vector<Decibels>& gains() const override;
  void start() noexcept override;
  void stop() noexcept override;
  [[nodiscard]] bool ended() const noexcept override { return thread_.ended(); }
  [[nodiscard]] rt::Inbound<std::byte>& samples() override;
  [[nodiscard]] std::size_t transfer_bytes() const override;
  [[nodiscard]] std::uint64_t lost_bytes() const override;
  [[nodiscard]] std::string reason() const override;
  [[nodiscard]] rt::Task<void> set_gain(std::optional<Decibels> gain) override;

 private:
  class Shared;

  static rt::Task<void> call_set_gain(std::shared_ptr<rt::Workers> control, std::shared_ptr<Shared> shared,
                                      std::optional<Decibels> gain);

  std::shared_ptr<rt::Workers> control_;
  std::shared_ptr<Shared> shared_;
  rt::ForeignThread thread_;
};

}  // namespace fmrx::source
