// Throwing with a formatted message.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "inlay/error.h"

namespace inlay {

template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw Error(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
[[noreturn]] void fail_input(fmt::format_string<Args...> format, Args&&... args) {
  throw InputError(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace inlay
