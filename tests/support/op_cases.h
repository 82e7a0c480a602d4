// The cases by operator, one function a file in cases/.
#pragma once

#include "support/op_case.h"

namespace inlay::testing {

std::vector<OpCase> conv2d_cases();
std::vector<OpCase> conv_transpose2d_cases();
std::vector<OpCase> relu_cases();

}  // namespace inlay::testing
