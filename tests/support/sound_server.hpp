// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/catch2.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace fmrx::test {

/// Far more than anything here takes, so that only a real fault meets it.
inline constexpr auto kSoundPatience = std::chrono::seconds(20);

/// This process and its children see only the sound server that a test starts.
inline const TemporaryFolder& sound_folder() {
  static const TemporaryFolder folder;
  static const bool prepared = [] {
    std::ofstream(folder.file("asound.conf")) << "pcm_type.pulse { lib \"libasound_module_pcm_pulse.so\" }\n"
                                                 "ctl_type.pulse { lib \"libasound_module_ctl_pulse.so\" }\n"
                                                 "pcm.!default { type pulse }\n"
                                                 "ctl.!default { type pulse }\n";
    ::setenv("ALSA_CONFIG_PATH", folder.file("asound.conf").c_str(), 1);
    ::setenv("PULSE_SERVER", ("unix:" + folder.file("pulse.sock")).c_str(), 1);
    ::setenv("XDG_RUNTIME_DIR", folder.file(".").c_str(), 1);
    ::setenv("HOME", folder.file(".").c_str(), 1);
    ::setenv("JACK_NO_START_SERVER", "1", 1);
    return true;
  }();
  static_cast<void>(prepared);
  return folder;
}

inline bool has_alsa_plugin() {
  std::error_code ignored;
  for (const char* const libraries : {"/usr/lib", "/usr/lib64", "/usr/local/lib"}) {
    for (const auto& entry : std::filesystem::directory_iterator(libraries, ignored)) {
      if (std::filesystem::exists(entry.path() / "alsa-lib/libasound_module_pcm_pulse.so", ignored))
        return true;
      if (std::filesystem::exists(entry.path() / "libasound_module_pcm_pulse.so", ignored)) return true;
    }
  }
  return false;
}

/// False, and says so, where a test cannot run.
inline bool can_have_server() {
  const bool can = has_alsa_plugin() && std::system("pulseaudio --version >/dev/null 2>&1") == 0 &&
                   std::system("parec --version >/dev/null 2>&1") == 0;
  if (!can) WARN("skipped: needs pulseaudio, parec and the pulse plugin of ALSA");
  return can;
}

template <class Condition>
bool wait_until(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + kSoundPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

/// A socket that exists may not listen yet: frozen then, it would refuse everybody.
inline bool is_listening(const std::string& socket_path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.size() >= sizeof address.sun_path) return false;
  socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  const UniqueFd client(::socket(AF_UNIX, SOCK_STREAM, 0));
  const void* const bytes = &address;
  return ::connect(client.get(), static_cast<const sockaddr*>(bytes), sizeof address) == 0;
}

/// A JACK server that plays into nothing. Like SoundServer, it is as urgent as those of a desktop are
/// allowed to be: what a busy machine does to servers is not tested.
class JackServer {
 public:
  static bool can_run() {
    const bool can = std::system("jackd --version >/dev/null 2>&1") == 0 &&
                     std::system("command -v jack_rec jack_lsp >/dev/null 2>&1") == 0;
    if (!can) WARN("JACK is skipped: needs jackd, jack_rec and jack_lsp");
    return can;
  }

  explicit JackServer(unsigned rate_hz = 48'000) {
    sound_folder();
    const std::string name = "fmrx-test-" + std::to_string(::getpid());
    const std::string period = std::to_string(std::bit_ceil(rate_hz / 100));  // 10 ms or a little more
    ::setenv("JACK_DEFAULT_SERVER", name.c_str(), 1);
    ::setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
    process_.emplace(ChildProcess::Setup{{"jackd", "-n", name, "-P", "5", "-d", "dummy", "-r",
                                          std::to_string(rate_hz), "-p", period, "-C", "2", "-P", "2"}});
    process_->hurry();
    REQUIRE(wait_until([] { return std::system("jack_lsp >/dev/null 2>&1") == 0; }));
    watcher_ = std::thread([this] { watch(); });
  }
  JackServer(const JackServer&) = delete;
  JackServer& operator=(const JackServer&) = delete;
  ~JackServer() {
    ending_.store(true);
    watcher_.join();
    // One that is killed stays in JACK's list of servers, which has room for eight.
    process_->signal(SIGTERM);
    process_->wait(kSoundPatience);
  }

  /// When it said that a cycle was late, or was not finished in time. Whoever plays or records then
  /// has lost it.
  [[nodiscard]] std::vector<std::chrono::steady_clock::time_point> late_cycles() const {
    const std::lock_guard lock(mutex_);
    return late_cycles_;
  }

 private:
  void watch() {
    std::size_t seen = 0;
    while (!ending_.load() && !process_->wait(std::chrono::milliseconds(20))) {
      const std::string& said = process_->errors();
      const bool is_late = said.find("XRun", seen) != std::string::npos;
      seen = said.size();
      const std::lock_guard lock(mutex_);
      if (is_late) late_cycles_.push_back(std::chrono::steady_clock::now());
    }
  }

  std::optional<ChildProcess> process_;
  std::atomic<bool> ending_{false};
  mutable std::mutex mutex_;
  std::vector<std::chrono::steady_clock::time_point> late_cycles_;
  std::thread watcher_;
};

/// A PulseAudio server that plays into nothing, at the pace of a sound card.
class SoundServer {
 public:
  explicit SoundServer(unsigned rate_hz = 48'000) : process_({server_command(rate_hz)}) {
    REQUIRE(wait_until([] { return is_listening(sound_folder().file("pulse.sock")); }));
    process_.hurry();
  }
  SoundServer(const SoundServer&) = delete;
  SoundServer& operator=(const SoundServer&) = delete;
  ~SoundServer() { std::filesystem::remove(sound_folder().file("pulse.sock")); }

  void freeze() const { process_.signal(SIGSTOP); }
  void thaw() const { process_.signal(SIGCONT); }
  void die() {
    process_.signal(SIGKILL);
    process_.wait(kSoundPatience);
  }

 private:
  static std::vector<std::string> server_command(unsigned rate_hz) {
    return {
        "pulseaudio",
        "-n",
        "--daemonize=no",
        "--exit-idle-time=-1",
        "--use-pid-file=no",
        "--disable-shm=yes",
        "-F",
        "/dev/null",
        "-L",
        "module-null-sink sink_name=t channels=2 format=s16le norewinds=1 rate=" + std::to_string(rate_hz),
        "-L",
        "module-native-protocol-unix socket=" + sound_folder().file("pulse.sock") + " auth-anonymous=1"};
  }

  ChildProcess process_;
};

}  // namespace fmrx::test
