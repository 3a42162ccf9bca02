// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/terminal_line.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "app/status_line.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "support/can_have_terminal.hpp"
#include "support/captured_stderr.hpp"
#include "support/catch2.hpp"

using fmrx::UniqueFd;
using fmrx::app::format_status;
using fmrx::app::Status;
using fmrx::app::TerminalLine;
using fmrx::test::RedirectedStderr;

namespace {

/// A terminal, seen from both ends.
class Terminal {
 public:
  explicit Terminal(unsigned short columns = 80)
      : screen_(::posix_openpt(O_RDWR | O_NOCTTY)), line_(open_line(screen_.get())) {
    resize(columns);
    ::setenv("TERM", "xterm", 1);
  }

  [[nodiscard]] int fd() const { return line_.get(); }
  [[nodiscard]] std::string name() const { return ::ptsname(screen_.get()); }

  void resize(unsigned short columns) const {
    winsize size{};
    size.ws_col = columns;
    REQUIRE(::ioctl(line_.get(), TIOCSWINSZ, &size) == 0);
  }

  /// All that was written so far. The kernel passes it on in its own time, so a
  /// last character is sent after it and waited for.
  [[nodiscard]] std::string shown() const {
    REQUIRE(::write(line_.get(), "#", 1) == 1);
    return shown_to_mark();
  }

  [[nodiscard]] std::string shown_to_mark() const {
    std::string text;
    for (char c = 0; ::read(screen_.get(), &c, 1) == 1 && c != '#';) text += c;
    return text;
  }

 private:
  static int open_line(int screen) {
    REQUIRE(::grantpt(screen) == 0);
    REQUIRE(::unlockpt(screen) == 0);
    return ::open(::ptsname(screen), O_RDWR | O_NOCTTY);
  }

  UniqueFd screen_;
  UniqueFd line_;
};

const std::string kErase = "\r\033[K";

std::string drawn(const std::string& line) {
  return "\r" + line + "\033[K";
}

}  // namespace

TEST_CASE("the status line is drawn in place, as wide as the terminal is now") {
  if (!fmrx::test::can_have_terminal()) return;
  const Terminal terminal(80);
  TerminalLine line(terminal.fd());
  REQUIRE(line.usable());
  line.show(Status{});
  CHECK(terminal.shown() == drawn(format_status(Status{}, 80)));
  terminal.resize(10);
  line.show(Status{});
  CHECK(terminal.shown() == drawn(format_status(Status{}, 10)));
}

TEST_CASE("removing the status line leaves nothing") {
  if (!fmrx::test::can_have_terminal()) return;
  const Terminal terminal;
  TerminalLine line(terminal.fd());
  line.remove();
  CHECK(terminal.shown().empty());
  line.show(Status{});
  line.remove();
  line.remove();
  CHECK(terminal.shown() == drawn(format_status(Status{}, 80)) + kErase);
}

TEST_CASE("the end of the status line removes it") {
  if (!fmrx::test::can_have_terminal()) return;
  const Terminal terminal;
  {
    TerminalLine line(terminal.fd());
    line.show(Status{});
  }
  CHECK(terminal.shown() == drawn(format_status(Status{}, 80)) + kErase);
}

TEST_CASE("a message is written above the status line") {
  if (!fmrx::test::can_have_terminal()) return;
  const Terminal terminal;
  const RedirectedStderr redirected(terminal.fd());
  TerminalLine line;
  fmrx::log::info("before");
  line.show(Status{});
  fmrx::log::info("after");
  const std::string status = drawn(format_status(Status{}, 80));
  CHECK(terminal.shown() == "fmrx: before\r\n" + status + kErase + "fmrx: after\r\n" + status);
}

TEST_CASE("there is no status line without a terminal that can erase") {
  if (!fmrx::test::can_have_terminal()) return;
  SECTION("a file") {
    CHECK(fmrx::test::stderr_of([] {
            TerminalLine line;
            CHECK_FALSE(line.usable());
            line.show(Status{});
            line.remove();
            fmrx::log::info("x");
          }) == "fmrx: x\n");
  }
  SECTION("a dumb terminal") {
    const Terminal terminal;
    ::setenv("TERM", "dumb", 1);
    CHECK_FALSE(TerminalLine(terminal.fd()).usable());
  }
  SECTION("a terminal nothing is known of") {
    const Terminal terminal;
    ::unsetenv("TERM");
    CHECK_FALSE(TerminalLine(terminal.fd()).usable());
  }
}

TEST_CASE("a stopped terminal makes nobody wait") {
  if (!fmrx::test::can_have_terminal()) return;
  const Terminal terminal;
  const RedirectedStderr redirected(terminal.fd());
  TerminalLine line;
  REQUIRE(::tcflow(terminal.fd(), TCOOFF) == 0);  // what Ctrl-S does
  line.show(Status{});
  fmrx::log::info("lost");
  REQUIRE(::tcflow(terminal.fd(), TCOON) == 0);
  line.show(Status{});
  CHECK(terminal.shown() == drawn(format_status(Status{}, 80)));
}

TEST_CASE("fmrx in the background does not scribble over the shell") {
  if (!fmrx::test::can_have_terminal()) return;
  const Terminal terminal;
  const std::string name = terminal.name();
  // A session of its own with this terminal, as a shell has; and in it a process
  // group that is not in the foreground.
  const pid_t shell = ::fork();
  REQUIRE(shell >= 0);
  if (shell == 0) {
    ::setsid();
    const int fd = ::open(name.c_str(), O_RDWR);
    bool ok = fd >= 0 && ::ioctl(fd, TIOCSCTTY, 0) == 0;
    const pid_t background = ::fork();
    if (background == 0) {
      ::setpgid(0, 0);
      TerminalLine line(fd);
      const bool usable = line.usable();
      line.show(Status{});
      line.remove();
      ::_exit(usable ? 0 : 1);
    }
    int status = 1;
    ::waitpid(background, &status, 0);
    ok = ok && status == 0;
    TerminalLine line(fd);  // the shell itself is in the foreground
    line.show(Status{});
    ok = ok && ::write(fd, "#", 1) == 1;
    ::_exit(ok ? 0 : 1);
  }
  CHECK(terminal.shown_to_mark() == drawn(format_status(Status{}, 80)));
  int status = 1;
  ::waitpid(shell, &status, 0);
  CHECK(status == 0);
}
