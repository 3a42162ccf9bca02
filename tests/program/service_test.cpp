// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// fmrx as a service: what it tells its manager by the protocol of sd_notify(3), and what SIGHUP does.

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "program/program.hpp"
#include "support/can_have_terminal.hpp"
#include "support/catch2.hpp"
#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;
using namespace fmrx;
using namespace fmrx::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// The manager's end of the notify socket.
class Manager {
 public:
  /// `address` as in $NOTIFY_SOCKET: a path, or "@name".
  explicit Manager(std::string address) : address_(std::move(address)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address_.data(), address_.size());
    const bool is_abstract = address_[0] == '@';
    if (is_abstract) name.sun_path[0] = '\0';
    const std::size_t length = offsetof(sockaddr_un, sun_path) + address_.size() + (is_abstract ? 0U : 1U);
    socket_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&name), static_cast<socklen_t>(length)) != 0)
      throw std::runtime_error("bind " + address_);
  }

  [[nodiscard]] const std::string& address() const { return address_; }

  /// The next message, or nothing if none comes.
  std::optional<std::string> next() const {
    pollfd waiting{socket_.get(), POLLIN, 0};
    constexpr int kPatience_ms = 1000 * static_cast<int>(kPatience.count());
    if (::poll(&waiting, 1, kPatience_ms) != 1) return std::nullopt;
    std::string message(4096, '\0');
    const auto size = ::recv(socket_.get(), message.data(), message.size(), 0);
    if (size < 0) return std::nullopt;
    message.resize(static_cast<std::size_t>(size));
    return message;
  }

  /// Reads on until a message holds `line`, a whole line of it or its beginning; gives that message.
  std::optional<std::string> next_with(const std::string& line) const {
    for (;;) {
      const std::optional<std::string> message = next();
      if (!message || ("\n" + *message).find("\n" + line) != std::string::npos) return message;
    }
  }

 private:
  std::string address_;
  UniqueFd socket_;
};

/// Twenty signs of life a second.
constexpr const char* kWatchdog_us = "100000";

/// As systemd starts it: without a terminal.
ChildProcess::Setup as_service(std::vector<std::string> arguments, const Manager& manager,
                               std::map<std::string, std::string> environment = {}) {
  ChildProcess::Setup setup = with_arguments(std::move(arguments));
  setup.command.insert(setup.command.begin(), "setsid");
  setup.environment = std::move(environment);
  setup.environment["NOTIFY_SOCKET"] = manager.address();
  setup.environment["WATCHDOG_USEC"] = kWatchdog_us;
  return setup;
}

std::vector<std::string> recordings_in(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".raw") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

#ifdef FMRX_USB_STAND_IN
/// The command of fmrx@.service, with what systemd and this test put in place of its paths.
std::vector<std::string> command_of_unit(const std::map<std::string, std::string>& places) {
  const std::string unit = contents(FMRX_UNIT);
  const std::string key = "\nExecStart=fmrx ";
  const std::size_t begin = unit.find(key) + key.size();
  std::istringstream line(unit.substr(begin, unit.find('\n', begin) - begin));
  std::vector<std::string> words;
  for (std::string word; line >> word;) {
    const auto place = places.find(word);
    words.push_back(place == places.end() ? word : place->second);
  }
  return words;
}
#endif

}  // namespace

TEST_CASE("a service tells that it is ready, that audio flows, and that it stops") {
  const TemporaryFolder folder;
  const bool is_abstract = GENERATE(false, true);
#ifndef __linux__
  if (is_abstract) return;
#endif
  const Manager manager(is_abstract ? "@" + folder.file("notify") : folder.file("notify"));
  ChildProcess program(as_service({"--source", "sim", "-f", "92.7M", "--realtime", "-o", "none"}, manager));

  const std::optional<std::string> first = manager.next();
  REQUIRE(first);
  CHECK_THAT(*first, ContainsSubstring("READY=1\nSTATUS=92.7 MHz"));
  for (int i = 0; i < 3; ++i) CHECK(manager.next_with("WATCHDOG=1\nSTATUS=92.7 MHz"));
  program.signal(SIGTERM);
  CHECK(manager.next_with("STOPPING=1"));
  CHECK(program.wait(kPatience) == 0);
}

TEST_CASE("where no samples come there is no sign of life, until they come again") {
  const TemporaryFolder folder;
  const Manager manager(folder.file("notify"));
  Pipe pipe;
  ChildProcess::Setup setup =
      as_service({"--source", "-", "--iq-format", "cu8", "-s", "240k", "-o", "none"}, manager);
  setup.input = pipe.read_end.get();
  ChildProcess program(setup);
  const std::string samples(48'000, '\x80');  // a tenth of a second
  const auto send_samples = [&] { return ::write(pipe.write_end.get(), samples.data(), samples.size()); };

  REQUIRE(send_samples() > 0);
  REQUIRE(manager.next_with("READY=1"));
  REQUIRE(manager.next_with("WATCHDOG=1"));
  // What is still under way may be another sign or two; after that there is none.
  constexpr int kInARow = 5;
  int silent = 0;
  for (int messages = 0; messages < 200 && silent < kInARow; ++messages) {
    const std::optional<std::string> message = manager.next();
    REQUIRE(message);
    silent = *message == "STATUS=no samples come" ? silent + 1 : 0;
  }
  CHECK(silent == kInARow);
  REQUIRE(send_samples() > 0);
  CHECK(manager.next_with("WATCHDOG=1"));
}

TEST_CASE("a watchdog that is meant for another process gets no signs, and nobody else's are sent") {
  const TemporaryFolder folder;
  const Manager manager(folder.file("notify"));
  const std::string environment = folder.file("environment");
  // Programs that fmrx runs shall not speak in its name.
  ChildProcess::Setup setup = as_service({"--source", "sim", "-t", "1", "-o", folder.file("x.wav"),
                                          "--on-file", "sh -c 'env > " + environment + "'"},
                                         manager, {{"WATCHDOG_PID", "1"}});
  const Run done = run(setup);
  INFO(done.errors);
  REQUIRE(done.status == 0);
  CHECK_THAT(manager.next().value_or(""), ContainsSubstring("READY=1"));
  // Between the two a line for people every ten seconds at most, which only an emulator comes to.
  std::optional<std::string> message = manager.next();
  for (; message && message->find("STOPPING=1") == std::string::npos; message = manager.next())
    CHECK_THAT(*message, StartsWith("STATUS="));
  CHECK(message);
  const std::string variables = contents(environment);
  CHECK_THAT(variables, ContainsSubstring("PATH="));
  CHECK_THAT(variables, !ContainsSubstring("NOTIFY_SOCKET") && !ContainsSubstring("WATCHDOG"));
}

TEST_CASE("a service that waits for its time is ready and alive") {
  const TemporaryFolder folder;
  const Manager manager(folder.file("notify"));
  ChildProcess program(as_service({"--source", "sim", "-o", "none", "--at", "2200-01-01T00:00:00"}, manager));
  REQUIRE(manager.next_with("READY=1"));
  CHECK(manager.next_with("WATCHDOG=1"));
  program.signal(SIGTERM);
  CHECK(manager.next_with("STOPPING=1"));
  CHECK(program.wait(kPatience) == 0);
}

TEST_CASE("SIGHUP to a service begins new files, and no frame is lost between them") {
  const TemporaryFolder folder;
  const Manager manager(folder.file("notify"));
  const std::string parts = folder.file("parts");
  const std::string whole = folder.file("whole.raw");
  ChildProcess program(as_service(
      {"--source", "sim", "-f", "92.7M", "-o", parts + "/", "--format", "raw", "-o", whole}, manager));

  REQUIRE(manager.next_with("READY=1"));
  constexpr std::size_t kWanted = 3;
  while (recordings_in(parts).size() < kWanted) {
    REQUIRE(manager.next_with("WATCHDOG=1"));
    program.signal(SIGHUP);
    REQUIRE(manager.next_with("RELOADING=1\nMONOTONIC_USEC="));
    REQUIRE(manager.next_with("READY=1"));
  }
  program.signal(SIGTERM);
  REQUIRE(program.wait(kPatience) == 0);
  // One file keeps its name and goes on.
  CHECK_THAT(program.errors(), ContainsSubstring("whole.raw goes on"));

  std::string joined;
  for (const std::string& path : recordings_in(parts)) joined += contents(path);
  CHECK((joined == contents(whole)));
}

TEST_CASE("a log of RDS that was renamed is begun anew after SIGHUP, and no line is lost or cut") {
  const TemporaryFolder folder;
  const Manager manager(folder.file("notify"));
  const std::string log = folder.file("rds.jsonl");
  const std::string all = folder.file("all.jsonl");
  const UniqueFd all_lines = new_file(all);
  ChildProcess::Setup setup =
      as_service({"--source", "sim", "-o", "none", "--rds", "json:" + log, "--rds", "json:-"}, manager);
  setup.output = all_lines.get();
  ChildProcess program(setup);

  REQUIRE(manager.next_with("READY=1"));
  while (contents(log).empty()) REQUIRE(manager.next_with("WATCHDOG=1"));
  std::filesystem::rename(log, log + ".1");
  program.signal(SIGHUP);
  while (!std::filesystem::exists(log) || contents(log).empty()) REQUIRE(manager.next_with("WATCHDOG=1"));
  program.signal(SIGTERM);
  REQUIRE(program.wait(kPatience) == 0);

  const std::string first = contents(log + ".1");
  CHECK(first.back() == '\n');
  const std::string both = first + contents(log);
  const std::string expected = contents(all);
  // Each output is told to hurry by itself, so one may have a line more at the very end.
  const std::size_t common = std::min(both.size(), expected.size());
  CHECK(common > first.size());
  CHECK((both.substr(0, common) == expected.substr(0, common)));
}

TEST_CASE("SIGHUP from a terminal that goes away ends the program in order") {
  if (!can_have_terminal()) return;
  const TemporaryFolder folder;
  const std::string path = folder.file("x.raw");
  int terminal = -1;
  const pid_t process = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  REQUIRE(process >= 0);
  if (process == 0) {
    ::execl(FMRX_PROGRAM, "fmrx", "--source", "sim", "-o", path.c_str(), nullptr);
    ::_exit(127);
  }
  char some[64];
  REQUIRE(::read(terminal, some, sizeof some) > 0);  // it has begun to speak
  ::close(terminal);                                 // the kernel sends SIGHUP
  int status = 0;
  REQUIRE(::waitpid(process, &status, 0) == process);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("what nohup keeps alive stays so") {
  const TemporaryFolder folder;
  const Manager manager(folder.file("notify"));
  ChildProcess::Setup setup = as_service({"--source", "sim", "--realtime", "-o", "none"}, manager);
  setup.command.insert(setup.command.begin(), {"sh", "-c", "trap '' HUP; exec \"$@\"", "sh"});
  ChildProcess program(setup);
  REQUIRE(manager.next_with("READY=1"));
  program.signal(SIGHUP);
  for (int i = 0; i < 5; ++i) {
    const std::optional<std::string> message = manager.next();
    REQUIRE(message);
    CHECK_THAT(*message, !ContainsSubstring("STOPPING") && !ContainsSubstring("RELOADING"));
  }
  program.signal(SIGTERM);
  CHECK(program.wait(kPatience) == 0);
}

#ifdef FMRX_USB_STAND_IN
TEST_CASE("the unit records as the example of its file says, and reloads") {
  const TemporaryFolder folder;
  const Manager manager(folder.file("notify"));
  std::filesystem::copy_file(FMRX_LOGGER_FILE, folder.file("wxrt.toml"));
  const std::string state = folder.file("wxrt");
  const std::vector<std::string> command =
      command_of_unit({{"/etc/fmrx/%i.toml", folder.file("wxrt.toml")}, {"/var/lib/fmrx/%i/", state + "/"}});
  REQUIRE(command == std::vector<std::string>{"--config", folder.file("wxrt.toml"), "--output", state + "/"});
  ChildProcess::Setup setup = as_service(command, manager);
  // The stand-in for libusb is for fmrx alone, not for setsid.
  setup.command.insert(setup.command.begin() + 1,
                       {"env", "LD_PRELOAD=" FMRX_USB_STAND_IN, "FMRX_USB=iq=sim"});
  ChildProcess program(setup);

  const std::optional<std::string> ready = manager.next_with("READY=1");
  INFO(program.errors());
  REQUIRE(ready);
  CHECK_THAT(*ready, ContainsSubstring("STATUS=92.7 MHz"));
  CHECK(manager.next_with("WATCHDOG=1"));
  program.signal(SIGHUP);
  CHECK(manager.next_with("RELOADING=1"));
  CHECK(manager.next_with("READY=1"));
  program.signal(SIGTERM);
  CHECK(manager.next_with("STOPPING=1"));
  CHECK(program.wait(kPatience) == 0);

  const std::string index = contents(state + "/index.jsonl");
  CHECK_THAT(index, ContainsSubstring("\"type\":\"file\"") && ContainsSubstring("\"complete\":true") &&
                        ContainsSubstring(".opus\""));
}

TEST_CASE("a service whose file is wrong ends with the status that systemd does not start again") {
  CHECK_THAT(contents(FMRX_UNIT), ContainsSubstring("\nRestartPreventExitStatus=2\n"));
  const TemporaryFolder folder;
  const Manager manager(folder.file("notify"));
  const std::string file = folder.file("wxrt.toml");
  std::ofstream(file) << "freq = '92.7M'\nsplitt = '1h'\n";
  const Run wrong = run(as_service(
      command_of_unit({{"/etc/fmrx/%i.toml", file}, {"/var/lib/fmrx/%i/", folder.file("x/")}}), manager));
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.errors, ContainsSubstring(file + ":2: there is no option 'splitt'; did you mean split?"));
  CHECK_FALSE(std::filesystem::exists(folder.file("x")));
  const Run absent = run(as_service(command_of_unit({{"/etc/fmrx/%i.toml", folder.file("y.toml")},
                                                     {"/var/lib/fmrx/%i/", folder.file("x/")}}),
                                    manager));
  CHECK(absent.status == 2);
  CHECK_THAT(absent.errors, ContainsSubstring("y.toml"));
}
#endif
