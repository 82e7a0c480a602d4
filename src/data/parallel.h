// Work on files in parallel.
#pragma once

#include <cstdint>
#include <exception>
#include <vector>

#include "base/threads.h"

namespace inlay {

/// Calls body(i) for 0..count-1. An exception does not keep the others from being done; the one of the smallest i is
/// thrown then.
template <class Body>
void for_each_parallel(std::int64_t count, Body&& body) {
  std::vector<std::exception_ptr> errors(static_cast<std::size_t>(count));
  parallel_ranges(count, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) try {
        body(i);
      } catch (...) {
        errors[static_cast<std::size_t>(i)] = std::current_exception();
      }
  });
  for (const std::exception_ptr& error : errors)
    if (error) std::rethrow_exception(error);
}

}  // namespace inlay
