#include "base/threads.h"

#include <omp.h>

namespace inlay {

int thread_count() { return omp_get_max_threads(); }

int available_cores() { return omp_get_num_procs(); }

ThreadScope::ThreadScope(int threads) : previous_(omp_get_max_threads()) {
  omp_set_num_threads(threads < 1 ? available_cores() : threads);
}

ThreadScope::~ThreadScope() { omp_set_num_threads(previous_); }

}  // namespace inlay
