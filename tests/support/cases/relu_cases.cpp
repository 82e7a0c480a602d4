#include "support/op_cases.h"

namespace inlay::testing {

std::vector<OpCase> relu_cases() {
  return {
      {"relu/picture", {picture("x", {2, 3, 4, 5}, Fill::distinct)}, [](auto in) { return relu(in[0]); }},
      {"relu/vector", {{"x", {DType::f32, {7}}, Fill::distinct}}, [](auto in) { return relu(in[0]); }},
  };
}

}  // namespace inlay::testing
