// SPDX-FileCopyrightText: 2026 The fmrx authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "rt/workers.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "rt/foreign_thread.hpp"

namespace fmrx::rt {

namespace {

/// How long the last running calls may take before their threads are left behind.
constexpr auto kPatience = std::chrono::milliseconds(200);

}  // namespace

struct Workers::Shared {
  std::mutex mutex;
  std::condition_variable work;     // for the workers: a job, or the end
  std::condition_variable stopped;  // for the destructor: a worker has ended
  std::deque<std::shared_ptr<detail::Job>> jobs;
  std::size_t idle = 0;
  std::size_t running = 0;
  bool closing = false;

  void work_until_closed() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      work.wait(lock, [this] { return closing || !jobs.empty(); });
      --idle;
      if (closing) break;
      const std::shared_ptr<detail::Job> job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job->run();
      job->tell_done();
      lock.lock();
    }
    --running;
    stopped.notify_all();
  }
};

struct Workers::Threads {
  std::vector<std::unique_ptr<ForeignThread>> all;
};

Workers::Workers(std::size_t most_threads)
    : shared_(std::make_shared<Shared>()),
      most_threads_(most_threads),
      threads_(std::make_unique<Threads>()) {}

Workers::~Workers() {
  std::unique_lock lock(shared_->mutex);
  shared_->closing = true;
  shared_->jobs.clear();
  shared_->work.notify_all();
  const bool all_ended = shared_->stopped.wait_for(lock, kPatience, [this] { return shared_->running == 0; });
  lock.unlock();
  if (!all_ended) return;
  for (const auto& thread : threads_->all) thread->join();
}

void Workers::enqueue(std::shared_ptr<detail::Job> job) {
  const std::lock_guard lock(shared_->mutex);
  shared_->jobs.push_back(std::move(job));
  if (shared_->idle < shared_->jobs.size() && threads_->all.size() < most_threads_) {
    try {
      start_worker();
    } catch (...) {
      // Those that are there will do it.
      if (threads_->all.empty()) {
        shared_->jobs.pop_back();
        throw;
      }
    }
  }
  shared_->work.notify_one();
}

/// Under the mutex.
void Workers::start_worker() {
  threads_->all.reserve(most_threads_);
  auto thread = std::make_unique<ForeignThread>([shared = shared_] { shared->work_until_closed(); });
  threads_->all.push_back(std::move(thread));
  ++shared_->running;
}

}  // namespace fmrx::rt
