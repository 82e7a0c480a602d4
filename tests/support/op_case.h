// One variant of an operator on small tensors. The same cases drive shape, gradient, adjoint, cpu and ONNX tests.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "inlay/graph.h"
#include "inlay/ops.h"

namespace inlay::testing {

/// How the numbers of an input are drawn.
enum class Fill {
  normal,    // N(0, 1)
  positive,  // 0.5 .. 1.5
  distinct,  // all different by at least 0.01, in random order: no ties, no kinks near 0
  labels,    // whole numbers 0 .. classes-1 and, one in eight, 255
};

struct CaseInput {
  std::string name;
  TensorType type;
  Fill fill = Fill::normal;
  std::int64_t classes = 2;  // for labels
  LeafKind kind = LeafKind::input;
};

struct OpCase {
  std::string name;  // "conv2d/stride2_dilated"
  std::vector<CaseInput> inputs;
  std::function<Value(std::span<const Value>)> build;
  bool linear = false;         // in its first input, the others held fixed: the adjoint identity must hold
  bool differentiable = true;  // false: no gradient check (whole-number or stepwise results)
  bool onnx = true;            // false: it has no ONNX form
};

/// What a failing test prints of a case.
void PrintTo(const OpCase& op_case, std::ostream* out);

CaseInput picture(std::string name, Shape shape, Fill fill = Fill::normal);

/// Numbers for an input, the same for the same seed.
std::vector<double> draw(const CaseInput& input, std::uint64_t seed);

/// The graph of a case: leaves in order, output "y".
Graph build(const OpCase& op_case);

/// All cases of all operators. A new operator adds its function to op_cases.cpp.
std::vector<OpCase> all_cases();

}  // namespace inlay::testing
