#include "inlay/peak.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <numeric>
#include <vector>

#include "base/huge_pages.h"
#include "base/threads.h"
#include "runtime/cpu/peak_loops.h"

namespace inlay {
namespace {

/// What all threads do in a second; body(thread, round) returns how much it did. The sum of each thread's median over
/// rounds of a fraction of a millisecond, all threads busy to the end: that other programs take a core now and then
/// does not make it slow.
template <class Body>
double rate_of_threads(const Body& body) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t kFewest = 30;  // though the thread waited for a core until the end
  const auto deadline = Clock::now() + std::chrono::milliseconds(60);
  std::vector<double> medians(static_cast<std::size_t>(thread_count()));
  parallel_ranges(std::ssize(medians), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t thread = begin; thread < end; ++thread) {
      std::vector<double> rates;
      for (auto start = Clock::now(); rates.size() < kFewest || start < deadline;) {
        const auto amount = static_cast<double>(body(thread, std::ssize(rates)));
        const auto now = Clock::now();
        rates.push_back(amount / std::chrono::duration<double>(now - start).count());
        start = now;
      }
      std::ranges::nth_element(rates, rates.begin() + std::ssize(rates) / 2);
      medians[static_cast<std::size_t>(thread)] = rates[rates.size() / 2];
    }
  });
  return std::accumulate(medians.begin(), medians.end(), 0.0);
}

double multiply_adds_per_s() {
  constexpr std::int64_t kRepeats = 100'000;
  std::atomic<float> sink = 0;  // else the compiler may leave the loop out
  return rate_of_threads([&](std::int64_t, std::int64_t) {
    float result = 0;
    const std::int64_t count = peak::loops().multiply_add(kRepeats, &result);
    sink = result;
    return count;
  });
}

/// Touched: page faults are not what is measured.
std::shared_ptr<std::byte[]> room(std::size_t bytes) {
  std::shared_ptr<std::byte[]> memory = map_huge_pages(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  std::memset(memory.get(), 1, bytes);
  return memory;
}

/// Each thread has its own part, more than its cache holds, and copies slice after slice of it.
double bytes_per_s() {
  constexpr std::int64_t kFloats = 1 << 24, kSlice = 1 << 17;
  const std::int64_t threads = thread_count(), slices = std::max<std::int64_t>(1, kFloats / kSlice / threads);
  const auto bytes = static_cast<std::size_t>(threads * slices * kSlice) * sizeof(float);
  const auto from_memory = room(bytes), to_memory = room(bytes);
  auto *const from = reinterpret_cast<float*>(from_memory.get()), *const to = reinterpret_cast<float*>(to_memory.get());
  return rate_of_threads([&](std::int64_t thread, std::int64_t round) {
    const std::int64_t at = (thread * slices + round % slices) * kSlice;
    peak::loops().copy(from + at, to + at, kSlice);
    return 2 * kSlice * static_cast<std::int64_t>(sizeof(float));
  });
}

}  // namespace

Peak measure_peak() { return {multiply_adds_per_s(), bytes_per_s()}; }

double least_seconds(const Peak& peak, std::int64_t multiply_adds, std::int64_t bytes) {
  return std::max(static_cast<double>(multiply_adds) / peak.multiply_adds_per_s,
                  static_cast<double>(bytes) / peak.bytes_per_s);
}

}  // namespace inlay
