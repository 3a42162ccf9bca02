// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/service_manager.hpp"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <string>

#include "base/unique_fd.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;
using fmrx::UniqueFd;
using fmrx::app::ServiceManager;
using fmrx::test::TemporaryFolder;

namespace {

/// What a service with these variables tells when it is alive, and how often it would.
struct Sign {
  std::string message;
  std::chrono::microseconds interval;
};

Sign sign_of_life(const char* watchdog_us, const std::string& watchdog_pid) {
  const TemporaryFolder folder;
  const std::string path = folder.file("notify");
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
  const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM, 0));
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  if (watchdog_us != nullptr) ::setenv("WATCHDOG_USEC", watchdog_us, 1);
  if (!watchdog_pid.empty()) ::setenv("WATCHDOG_PID", watchdog_pid.c_str(), 1);
  const ServiceManager manager;
  manager.alive("plays");
  std::string message(4096, '\0');
  const ssize_t size = ::recv(socket.get(), message.data(), message.size(), MSG_DONTWAIT);
  REQUIRE(size >= 0);
  message.resize(static_cast<std::size_t>(size));
  return {message, manager.interval()};
}

}  // namespace

TEST_CASE("a watchdog of this process, or of any, gets signs twice as often as it wants them") {
  const std::string pid = GENERATE(std::string(), std::to_string(::getpid()));
  const Sign sign = sign_of_life("3000000", pid);
  CHECK(sign.message == "WATCHDOG=1\nSTATUS=plays");
  CHECK(sign.interval == 1500ms);
}

TEST_CASE("without a watchdog, and for another process's, there is a line for people and no sign of life") {
  const auto [watchdog_us, pid] =
      GENERATE(table<const char*, std::string>({{nullptr, ""}, {"3000000", "1"}, {"0", ""}, {"soon", ""}}));
  const Sign sign = sign_of_life(watchdog_us, pid);
  CHECK(sign.message == "STATUS=plays");
  CHECK(sign.interval == 10s);
}
