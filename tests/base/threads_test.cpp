#include "base/threads.h"

#include <gtest/gtest.h>

#include <mutex>
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

}  // namespace
}  // namespace inlay
