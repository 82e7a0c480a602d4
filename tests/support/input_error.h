// What an InputError says.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "inlay/error.h"

namespace inlay::testing {

/// The message of the InputError that `action` throws; fails the test and gives "" when it throws none.
template <class Action>
std::string input_error(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  ADD_FAILURE() << "expected an InputError";
  return "";
}

}  // namespace inlay::testing
