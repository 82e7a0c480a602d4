#include "support/op_cases.h"

namespace inlay::testing {

std::vector<OpCase> all_cases() {
  std::vector<OpCase> all;
  for (const auto& cases : {
           conv2d_cases(),
           conv_transpose2d_cases(),
           relu_cases(),
       })
    all.insert(all.end(), cases.begin(), cases.end());
  return all;
}

}  // namespace inlay::testing
