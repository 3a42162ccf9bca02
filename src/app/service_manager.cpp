// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/service_manager.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace fmrx::app {

namespace {

using std::chrono::microseconds;

/// For the eyes of people, where no watchdog wants it more often.
constexpr microseconds kSlowest = std::chrono::seconds(10);

std::string taken_from_environment(const char* name) {
  const char* const value = std::getenv(name);
  std::string text = value != nullptr ? value : "";
  ::unsetenv(name);
  return text;
}

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || value <= 0) return std::nullopt;
  return value;
}

struct SocketAddress {
  sockaddr_un name{};
  socklen_t length = 0;
};

/// Of a path, or one of Linux's abstract names ("@..."); nothing where it is neither, or too long.
std::optional<SocketAddress> socket_address(const std::string& text) {
  SocketAddress address;
  const bool is_abstract = text.starts_with('@');
  if (!is_abstract && !text.starts_with('/')) return std::nullopt;
  if (text.size() >= sizeof address.name.sun_path) return std::nullopt;
  address.name.sun_family = AF_UNIX;
  std::memcpy(address.name.sun_path, text.data(), text.size());
  if (is_abstract) address.name.sun_path[0] = '\0';
  // A path ends with a zero, an abstract name by its length.
  const std::size_t used = text.size() + (is_abstract ? 0 : 1);
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + used);
  return address;
}

/// What the watchdog of this process allows; nothing where it watches another, or none.
std::optional<microseconds> watchdog_limit(const std::string& watchdog_us, const std::string& watchdog_pid) {
  const std::optional<std::int64_t> limit = number(watchdog_us);
  const bool for_us = watchdog_pid.empty() || number(watchdog_pid) == ::getpid();
  if (!limit || !for_us) return std::nullopt;
  return microseconds(*limit);
}

/// A line, since a newline would begin another field.
std::string status_field(std::string status) {
  std::replace(status.begin(), status.end(), '\n', ' ');
  return "STATUS=" + status;
}

/// Which moment a reload began, by the clock that the manager uses.
std::string monotonic_microseconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::to_string(std::chrono::duration_cast<microseconds>(now).count());
}

}  // namespace

ServiceManager::ServiceManager() : interval_(kSlowest) {
  address_ = taken_from_environment("NOTIFY_SOCKET");
  const std::string watchdog_us = taken_from_environment("WATCHDOG_USEC");
  const std::string watchdog_pid = taken_from_environment("WATCHDOG_PID");
  if (address_.empty()) return;
  if (const std::optional<microseconds> limit = watchdog_limit(watchdog_us, watchdog_pid)) {
    watched_ = true;
    // Half of it, as sd_watchdog_enabled(3) recommends.
    interval_ = std::min(*limit / 2, kSlowest);
  }
  socket_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM, 0));
  if (socket_) ::fcntl(socket_.get(), F_SETFD, FD_CLOEXEC);
}

void ServiceManager::ready(const std::string& status) const {
  send("READY=1\n" + status_field(status));
}

void ServiceManager::alive(const std::string& status) const {
  send((watched_ ? "WATCHDOG=1\n" : "") + status_field(status));
}

void ServiceManager::silent(const std::string& status) const {
  send(status_field(status));
}

void ServiceManager::reloading() const {
  send("RELOADING=1\nMONOTONIC_USEC=" + monotonic_microseconds());
}

void ServiceManager::stopping() const {
  send("STOPPING=1\n" + status_field("finishing files"));
}

/// By its address each time: the manager may have begun anew and opened another socket there.
void ServiceManager::send(const std::string& message) const {
  const std::optional<SocketAddress> to = socket_address(address_);
  if (!socket_ || !to) return;
  const auto* const name = reinterpret_cast<const sockaddr*>(&to->name);
  [[maybe_unused]] const auto sent =
      ::sendto(socket_.get(), message.data(), message.size(), MSG_DONTWAIT, name, to->length);
}

}  // namespace fmrx::app
