// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace fmrx {

/// From now on this thread, and threads and processes that it starts, run before programs that
/// compute, where the system allows it (root, or RLIMIT_RTPRIO). For work that is little, but must be
/// done in time. Does nothing for who was told to be nice.
void hurry_this_thread() noexcept;

/// Takes that back for this thread and what it starts.
void hurry_this_thread_no_more() noexcept;

}  // namespace fmrx
