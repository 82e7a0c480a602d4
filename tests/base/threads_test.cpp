#include "base/threads.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace inlay {
namespace {

TEST(Threads, ScopeSetsAndRestores) {
  const int before = thread_count();
  {
    const ThreadScope scope(3);
    EXPECT_EQ(thread_count(), 3);
    const ThreadScope all(0);
    EXPECT_EQ(thread_count(), available_cores());
  }
  EXPECT_EQ(thread_count(), before);
  EXPECT_GE(available_cores(), 1);
}

std::vector<int> visits(std::int64_t count, int threads, std::int64_t work, int* parts) {
  const ThreadScope scope(threads);
  std::vector<int> seen(static_cast<std::size_t>(count));
  std::mutex mutex;
  *parts = 0;
  parallel_ranges(
      count,
      [&](std::int64_t begin, std::int64_t end) {
        const std::lock_guard lock(mutex);
        ++*parts;
        for (std::int64_t i = begin; i < end; ++i) ++seen[static_cast<std::size_t>(i)];
      },
      work);
  return seen;
}

TEST(Threads, RangesCoverEveryIndexOnce) {
  for (int threads : {1, 2, 3, 7})
    for (std::int64_t count : {1, 2, 5, 100}) {
      int parts = 0;
      EXPECT_EQ(visits(count, threads, INT64_MAX, &parts), std::vector<int>(static_cast<std::size_t>(count), 1));
      EXPECT_LE(parts, threads);
    }
}

TEST(Threads, LittleWorkStaysInOnePartAndNoneIsNotCalled) {
  int parts = 0;
  visits(10, 4, 100, &parts);
  EXPECT_EQ(parts, 1);
  visits(0, 4, INT64_MAX, &parts);
  EXPECT_EQ(parts, 0);
}

TEST(Threads, TasksAreDoneOnceByThreadsThatThereAre) {
  for (int threads : {1, 2, 5})
    for (std::int64_t count : {0, 1, 3, 200}) {
      const ThreadScope scope(threads);
      std::vector<std::atomic<int>> seen(static_cast<std::size_t>(count));
      parallel_tasks(count, 2, [&](std::int64_t task, std::int64_t thread) {
        EXPECT_GE(thread, 0);
        EXPECT_LT(thread, std::min(2, thread_count()));
        ++seen[static_cast<std::size_t>(task)];
      });
      for (const std::atomic<int>& times : seen) EXPECT_EQ(times, 1);
    }
}

TEST(Threads, TasksWithinAParallelRegionStayInTheirThread) {
  const ThreadScope scope(2);
  std::atomic<int> done = 0;
  parallel_ranges(2, [&](std::int64_t, std::int64_t) {
    const auto caller = std::this_thread::get_id();
    parallel_tasks(4, 2, [&](std::int64_t, std::int64_t thread) {
      EXPECT_EQ(thread, 0);
      EXPECT_EQ(std::this_thread::get_id(), caller);
      ++done;
    });
  });
  EXPECT_EQ(done, 8);
}

}  // namespace
}  // namespace inlay
