// The template part of base/threads.h.
#pragma once

#include <omp.h>

#include <algorithm>

namespace inlay {

template <class Body>
void parallel_ranges(std::int64_t count, Body&& body, std::int64_t work) {
  constexpr std::int64_t kWorthAThread = 16384;
  if (count <= 0) return;
  const int threads = static_cast<int>(std::min<std::int64_t>(omp_get_max_threads(), count));
  if (threads <= 1 || work < kWorthAThread || omp_in_parallel()) {
    body(std::int64_t{0}, count);
    return;
  }
#pragma omp parallel num_threads(threads)
  {
    const std::int64_t parts = omp_get_num_threads();
    const std::int64_t part = omp_get_thread_num();
    const std::int64_t begin = count * part / parts;
    const std::int64_t end = count * (part + 1) / parts;
    if (begin < end) body(begin, end);
  }
}

template <class Body>
void parallel_tasks(std::int64_t count, int threads, Body&& body) {
  const int used = static_cast<int>(std::min<std::int64_t>(std::min(threads, omp_get_max_threads()), count));
  if (used <= 1 || omp_in_parallel()) {
    for (std::int64_t task = 0; task < count; ++task) body(task, std::int64_t{0});
    return;
  }
#pragma omp parallel for schedule(dynamic, 1) num_threads(used)
  for (std::int64_t task = 0; task < count; ++task) body(task, std::int64_t{omp_get_thread_num()});
}

}  // namespace inlay
