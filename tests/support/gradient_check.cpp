#include "support/gradient_check.h"

#include <cmath>
#include <numeric>

#include "compiler/autodiff.h"
#include "runtime/reference/reference_run.h"

namespace inlay::testing {
namespace {

ReferenceValues numbers_for(const OpCase& op_case) {
  ReferenceValues numbers;
  for (const CaseInput& input : op_case.inputs) numbers[input.name] = draw(input, 7);
  return numbers;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The graph of a case with a leaf "dy" and the gradients of all its f32 leaves.
struct Differentiated {
  explicit Differentiated(const OpCase& op_case) : graph(build(op_case)), y(graph.output("y")) {
    for (const Value& leaf : graph.leaves())
      if (leaf.type().dtype == DType::f32 && leaf.leaf()->kind != LeafKind::state) wrt.push_back(leaf);
    const Value dy = graph.input("dy", y.type());
    dx = gradients(y, dy, wrt);
  }
  Graph graph;
  Value y;
  std::vector<Value> wrt, dx;
};

}  // namespace

double gradient_error(const OpCase& op_case, std::string* worst) {
  Differentiated d(op_case);
  ReferenceValues numbers = numbers_for(op_case);
  const std::vector<double> r = draw({"dy", d.y.type()}, 11);
  numbers["dy"] = r;
  const auto all = reference_run(d.graph, numbers, 3);
  const Graph forward = build(op_case);
  const auto y_at = [&](const ReferenceValues& at) {
    const auto values = reference_run(forward, at, 3);
    return dot(values[static_cast<std::size_t>(forward.output("y").id())].data, r);
  };
  ReferenceValues forward_numbers = numbers;
  forward_numbers.erase("dy");
  double error = 0;
  for (std::size_t k = 0; k < d.wrt.size(); ++k) {
    std::vector<double>& x = forward_numbers[d.wrt[k].name()];
    std::vector<double> analytic(x.size(), 0.0);
    if (d.dx[k]) analytic = all[static_cast<std::size_t>(d.dx[k].id())].data;
    double scale = 1e-3, difference = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      constexpr double kStep = 1e-5;
      const double kept = x[i];
      x[i] = kept + kStep;
      const double above = y_at(forward_numbers);
      x[i] = kept - kStep;
      const double below = y_at(forward_numbers);
      x[i] = kept;
      const double numeric = (above - below) / (2 * kStep);
      scale = std::max(scale, std::abs(numeric));
      difference = std::max(difference, std::abs(numeric - analytic[i]));
    }
    if (difference / scale > error) {
      error = difference / scale;
      if (worst) *worst = d.wrt[k].name();
    }
  }
  return error;
}

double adjoint_error(const OpCase& op_case) {
  Differentiated d(op_case);
  ReferenceValues numbers = numbers_for(op_case);
  numbers["dy"] = draw({"dy", d.y.type()}, 11);
  const auto values = reference_run(d.graph, numbers, 3);
  const auto& ax = values[static_cast<std::size_t>(d.y.id())].data;
  const auto& aty = values[static_cast<std::size_t>(d.dx.at(0).id())].data;
  const double left = dot(ax, numbers["dy"]);
  const double right = dot(numbers[op_case.inputs[0].name], aty);
  return std::abs(left - right) / std::sqrt(dot(ax, ax) * dot(numbers["dy"], numbers["dy"]) + 1e-300);
}

}  // namespace inlay::testing
