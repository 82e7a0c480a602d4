// The thread pool is OpenMP's, which oneDNN uses too. No code but this changes its settings.
#pragma once

#include <cstdint>

namespace inlay {

/// Threads that a parallel region started here would use.
int thread_count();

/// Cores this process may run on.
int available_cores();

/// Sets the number of threads of the parallel regions that the calling thread starts, for the life of the object.
class ThreadScope {
 public:
  /// `threads` < 1 means all available cores.
  explicit ThreadScope(int threads);
  ~ThreadScope();
  ThreadScope(const ThreadScope&) = delete;
  ThreadScope& operator=(const ThreadScope&) = delete;

 private:
  int previous_;
};

/// Calls body(begin, end) on contiguous parts of 0..count-1, one part a thread, in parallel when count >= 2 and
/// `work` (roughly the number of scalar operations) is worth it. The parts depend only on count and the thread count.
/// Within another such call all of it runs in the calling thread.
template <class Body>
void parallel_ranges(std::int64_t count, Body&& body, std::int64_t work = INT64_MAX);

/// Calls body(task, thread) for the tasks 0..count-1, each as soon as one of the threads 0..threads-1 is free, of which
/// there may be fewer: for tasks of which some may take several times as long as others. Which thread has which task
/// differs from run to run.
template <class Body>
void parallel_tasks(std::int64_t count, int threads, Body&& body);

}  // namespace inlay

#include "base/threads_inline.h"
