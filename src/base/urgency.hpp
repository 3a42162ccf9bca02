// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace fmrx {

/// How far before programs that compute a thread runs: real-time priorities above the least one.
enum class Urgency : int {
  pace = 0,      ///< a receiver that must keep up with its dongle
  callback = 4,  ///< a sound card's, which takes microseconds and is waited for by all the rest
};

/// From now on this thread, and threads and processes that it starts, run before programs that
/// compute, where the system allows it (root, or RLIMIT_RTPRIO). For work that is little, but must be
/// done in time. Nothing changes for who was told to be nice, batch or idle, or is as urgent already: by
/// the user's choice, or by a sound server's library.
void hurry_this_thread(Urgency urgency = Urgency::pace) noexcept;

/// This thread, and what it starts, runs as usual again, if hurry_this_thread() is why this process's threads
/// do not.
void hurry_this_thread_no_more() noexcept;

}  // namespace fmrx
