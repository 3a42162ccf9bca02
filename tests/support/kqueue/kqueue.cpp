// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// kqueue() and kevent() on poll(2), after FreeBSD's manual page kqueue(2).
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/event.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <map>
#include <mutex>
#include <vector>

namespace {

/// One registered filter. A real kqueue drops it when the descriptor is closed; here the file's
/// identity tells that the number means another file by now.
struct Knote {
  struct kevent wanted;
  dev_t device;
  ino_t inode;

  [[nodiscard]] int fd() const { return static_cast<int>(wanted.ident); }
  [[nodiscard]] bool is(const struct kevent& other) const {
    return wanted.ident == other.ident && wanted.filter == other.filter;
  }
  [[nodiscard]] bool still_open() const {
    struct stat status {};
    return ::fstat(fd(), &status) == 0 && status.st_dev == device && status.st_ino == inode;
  }
};

using Queue = std::list<Knote>;

/// By the descriptor that kqueue() gave out; the next kqueue() with that number begins anew.
std::mutex queues_mutex;
std::map<int, Queue> queues;

Queue* find_queue(int kq) {
  const std::lock_guard lock(queues_mutex);
  if (::fcntl(kq, F_GETFD) < 0) return nullptr;
  const auto found = queues.find(kq);
  return found == queues.end() ? nullptr : &found->second;
}

short poll_events(const Knote& knote) {
  return knote.wanted.filter == EVFILT_READ ? POLLIN | POLLRDHUP : POLLOUT;
}

bool is_broken_pipe(int fd) {
  pollfd look{fd, POLLOUT, 0};
  return ::poll(&look, 1, 0) == 1 && (look.revents & POLLERR) != 0;
}

/// 0 or an errno.
int apply(Queue& queue, const struct kevent& wanted) {
  if (wanted.filter != EVFILT_READ && wanted.filter != EVFILT_WRITE) return EINVAL;
  struct stat status {};
  if (::fstat(static_cast<int>(wanted.ident), &status) != 0) return EBADF;
  queue.remove_if([](const Knote& knote) { return !knote.still_open(); });
  const auto found =
      std::find_if(queue.begin(), queue.end(), [&](const Knote& knote) { return knote.is(wanted); });
  if ((wanted.flags & EV_DELETE) != 0) {
    if (found == queue.end()) return ENOENT;
    queue.erase(found);
    return 0;
  }
  if ((wanted.flags & EV_ADD) == 0) return found == queue.end() ? ENOENT : 0;
  const bool is_pipe = S_ISFIFO(status.st_mode);
  if (wanted.filter == EVFILT_WRITE && is_pipe && is_broken_pipe(static_cast<int>(wanted.ident)))
    return EPIPE;
  if (S_ISCHR(status.st_mode) && ::isatty(static_cast<int>(wanted.ident)) == 0) return EINVAL;
  if (found != queue.end()) {
    found->wanted = wanted;
  } else {
    queue.push_back({wanted, status.st_dev, status.st_ino});
  }
  return 0;
}

/// For a file the filter means "not at its end", whatever poll() says.
bool file_is_at_its_end(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && ::lseek(fd, 0, SEEK_CUR) >= status.st_size;
}

struct kevent event_of(const Knote& knote, short happened) {
  struct kevent event = knote.wanted;
  event.fflags = 0;
  event.data = 0;
  if (event.filter == EVFILT_READ) {
    int bytes = 0;
    if (::ioctl(knote.fd(), FIONREAD, &bytes) == 0) event.data = bytes;
  }
  if ((happened & (POLLHUP | POLLRDHUP | POLLERR)) != 0) {
    event.flags |= EV_EOF;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(knote.fd(), SOL_SOCKET, SO_ERROR, &error, &size) == 0)
      event.fflags = static_cast<unsigned>(error);
  }
  return event;
}

/// Moves what has happened to `events`: one-shot filters go, others queue up at the end.
int collect(Queue& queue, const std::vector<pollfd>& looked, struct kevent* events, int room) {
  int count = 0;
  Queue again;
  auto knote = queue.begin();
  for (const pollfd& look : looked) {
    const auto here = knote++;
    if (count == room || look.revents == 0 || !here->still_open()) continue;
    if (here->wanted.filter == EVFILT_READ && file_is_at_its_end(look.fd)) continue;
    events[count++] = event_of(*here, look.revents);
    if ((here->wanted.flags & EV_ONESHOT) != 0) {
      queue.erase(here);
    } else {
      again.splice(again.end(), queue, here);
    }
  }
  queue.splice(queue.end(), again);
  return count;
}

timespec monotonic_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now;
}

bool is_before(const timespec& a, const timespec& b) {
  return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

timespec sum(timespec a, const timespec& b) {
  constexpr long kSecond_ns = 1'000'000'000;
  a.tv_sec += b.tv_sec + (a.tv_nsec + b.tv_nsec) / kSecond_ns;
  a.tv_nsec = (a.tv_nsec + b.tv_nsec) % kSecond_ns;
  return a;
}

timespec left_until(const timespec& deadline) {
  timespec now = monotonic_now();
  if (!is_before(now, deadline)) return {};
  timespec left{deadline.tv_sec - now.tv_sec, deadline.tv_nsec - now.tv_nsec};
  if (left.tv_nsec < 0) {
    left.tv_nsec += 1'000'000'000;
    --left.tv_sec;
  }
  return left;
}

int fail(int error) {
  errno = error;
  return -1;
}

int wait_for_events(Queue& queue, struct kevent* events, int room, const timespec* timeout) {
  if (timeout != nullptr &&
      (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1'000'000'000))
    return fail(EINVAL);
  const timespec deadline = timeout != nullptr ? sum(monotonic_now(), *timeout) : timespec{};
  for (;;) {
    queue.remove_if([](const Knote& knote) { return !knote.still_open(); });
    std::vector<pollfd> looked;
    for (const Knote& knote : queue) {
      // poll() calls a file readable at its end as well, and would not sleep.
      const bool sleeps = knote.wanted.filter == EVFILT_READ && file_is_at_its_end(knote.fd());
      looked.push_back({sleeps ? -1 : knote.fd(), poll_events(knote), 0});
    }
    const timespec left = timeout != nullptr ? left_until(deadline) : timespec{};
    const int ready = ::ppoll(looked.data(), looked.size(), timeout != nullptr ? &left : nullptr, nullptr);
    if (ready < 0) return -1;
    const int count = collect(queue, looked, events, room);
    if (count > 0) return count;
    if (timeout != nullptr && !is_before(monotonic_now(), deadline)) return 0;
  }
}

}  // namespace

extern "C" int kqueue(void) {
  const int fd = ::epoll_create1(0);  // any descriptor will do
  if (fd < 0) return -1;
  const std::lock_guard lock(queues_mutex);
  queues[fd].clear();
  return fd;
}

extern "C" int kevent(int kq, const struct kevent* changelist, int nchanges, struct kevent* eventlist,
                      int nevents, const struct timespec* timeout) {
  Queue* const queue = find_queue(kq);
  if (queue == nullptr) return fail(EBADF);
  int errors = 0;
  for (int i = 0; i < nchanges; ++i) {
    const int error = apply(*queue, changelist[i]);
    if (error == 0) continue;
    if (errors == nevents) return fail(error);
    eventlist[errors] = changelist[i];
    eventlist[errors].flags = EV_ERROR;
    eventlist[errors].data = error;
    ++errors;
  }
  if (errors > 0 || nevents == 0) return errors;
  return wait_for_events(*queue, eventlist, nevents, timeout);
}
