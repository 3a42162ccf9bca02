// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
// A stand-in for the kqueue of macOS and the BSDs, so that KqueuePoller's logic is tested on
// Linux. It has what KqueuePoller may use, and fails where a real one does. See ../kqueue.cpp.
#pragma once
#pragma GCC system_header  // as the real one is: a function and a struct share a name

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

extern "C" {

struct kevent {
  uintptr_t ident;
  short filter;
  unsigned short flags;
  unsigned int fflags;
  int64_t data;
  void* udata;
};

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)

#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ONESHOT 0x0010
#define EV_ERROR 0x4000
#define EV_EOF 0x8000

int kqueue(void);
int kevent(int kq, const struct kevent* changelist, int nchanges, struct kevent* eventlist, int nevents,
           const struct timespec* timeout);
}
