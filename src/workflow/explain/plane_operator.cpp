#include "workflow/explain/plane_operator.h"

#include <algorithm>

#include "base/fail.h"
#include "compiler/autodiff.h"
#include "graph/operator.h"
#include "inlay/program.h"
#include "runtime/reference/reference_run.h"

namespace inlay {
namespace {

/// Of a matrix, and along one side of it.
constexpr std::int64_t kMostNumbers = 1 << 20, kLongestSide = 1 << 11;

/// The operator on `count` planes at once: the leaves "x" and "weights", the value of its result.
struct Experiment {
  Graph graph;
  Value x, y;
  ReferenceValues numbers;
};

/// Before memory is taken.
void check_size(const Graph& graph, std::int64_t planes) {
  for (const auto& node : graph.nodes())
    if (const Shape& shape = node->outputs.at(0).shape(); shape.elements() / planes > kMostNumbers)
      fail_input("{} would make {}x{} pixels, too many to be shown", node->op->name, shape[2], shape[3]);
}

Experiment experiment(const PlaneOperator& op, Size2 input, std::int64_t count) {
  Experiment e;
  e.graph.set_scope("example");
  e.x = e.graph.input("x", {DType::f32, {count, 1, input.h, input.w}});
  Value weights;
  if (op.weights) {
    weights =
        e.graph.add_leaf(LeafKind::parameter, "weights", {DType::f32, {1, 1, op.weights->rows, op.weights->columns}});
    e.numbers["weights"] = op.weights->values;
  }
  e.y = op.build(e.x, weights);
  check_size(e.graph, count);
  return e;
}

std::vector<double> run(const Experiment& e, Value wanted) {
  return reference_run(e.graph, e.numbers).at(static_cast<std::size_t>(wanted.id())).data;
}

Grid plane_of(const Shape& shape, std::vector<double> values) {
  return {.rows = shape[2], .columns = shape[3], .values = std::move(values)};
}

std::vector<double> unit_vectors(std::int64_t count) {
  std::vector<double> units(static_cast<std::size_t>(count * count), 0.0);
  for (std::int64_t i = 0; i < count; ++i) units[static_cast<std::size_t>(i * count + i)] = 1;
  return units;
}

std::vector<double> repeated(const std::vector<double>& values, std::int64_t count) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < count; ++i) out.insert(out.end(), values.begin(), values.end());
  return out;
}

/// Pixels of the output; checks that the matrix can be shown.
std::int64_t count_outputs(const PlaneOperator& op, Size2 input) {
  const Shape y = experiment(op, input, 1).y.shape();
  const std::int64_t inputs = input.h * input.w, outputs = y[2] * y[3];
  if (std::max(inputs, outputs) > kLongestSide || outputs > kMostNumbers / inputs)
    fail_input("from {}x{} to {}x{} pixels the operator's matrix is {} x {}, too large to be shown; take fewer pixels",
               input.h, input.w, y[2], y[3], outputs, inputs);
  return outputs;
}

Value add_gradient(Experiment& e) {
  const Value dy = e.graph.input("dy", e.y.type());
  const Value dx = gradients(e.y, dy, std::span(&e.x, 1))[0];
  if (!dx) fail_input("the output does not depend on the input");
  return dx;
}

}  // namespace

Grid apply(const PlaneOperator& op, const Grid& x) {
  Experiment e = experiment(op, size_of(x), 1);
  e.numbers["x"] = x.values;
  return plane_of(e.y.shape(), run(e, e.y));
}

Grid apply_fast(const PlaneOperator& op, const Grid& x) {
  Experiment e = experiment(op, size_of(x), 1);
  e.graph.set_output("y", e.y);
  Bindings leaves;
  if (op.weights) {
    leaves["weights"] = Tensor(DType::f32, e.graph.find_leaf("weights").shape());
    std::ranges::transform(op.weights->values, leaves["weights"].data<float>().begin(),
                           [](double v) { return static_cast<float>(v); });
  }
  Program program(e.graph, leaves, {}, {.threads = 1, .tune = false});
  std::ranges::transform(x.values, program.input("x").data<float>().begin(),
                         [](double v) { return static_cast<float>(v); });
  program.run();
  const Tensor y = program.output("y");
  const auto numbers = y.data<float>();
  return plane_of(e.y.shape(), {numbers.begin(), numbers.end()});
}

Grid matrix_of(const PlaneOperator& op, Size2 input) {
  const std::int64_t inputs = input.h * input.w, outputs = count_outputs(op, input);
  Experiment e = experiment(op, input, inputs);
  e.numbers["x"] = unit_vectors(inputs);
  return transposed({.rows = inputs, .columns = outputs, .values = run(e, e.y), .look = Grid::Look::matrix});
}

Grid apply_back(const PlaneOperator& op, const Grid& x, const Grid& y) {
  Experiment e = experiment(op, size_of(x), 1);
  const Value dx = add_gradient(e);
  e.numbers["x"] = x.values;
  e.numbers["dy"] = y.values;
  return plane_of(dx.shape(), run(e, dx));
}

Grid back_matrix_of(const PlaneOperator& op, const Grid& x) {
  const std::int64_t inputs = x.rows * x.columns, outputs = count_outputs(op, size_of(x));
  Experiment e = experiment(op, size_of(x), outputs);
  const Value dx = add_gradient(e);
  e.numbers["x"] = repeated(x.values, outputs);
  e.numbers["dy"] = unit_vectors(outputs);
  return transposed({.rows = outputs, .columns = inputs, .values = run(e, dx), .look = Grid::Look::matrix});
}

Grid reach_of(const PlaneOperator& op, const Grid& x) {
  const std::int64_t inputs = x.rows * x.columns, outputs = count_outputs(op, size_of(x));
  Experiment e = experiment(op, size_of(x), inputs);
  const double above = std::ranges::max(x.values) + 1;
  e.numbers["x"] = repeated(x.values, inputs);
  for (std::int64_t i = 0; i < inputs; ++i) e.numbers["x"][static_cast<std::size_t>(i * inputs + i)] = above;
  const std::vector<double> moved = run(e, e.y), before = apply(op, x).values;
  Grid reach{.rows = inputs, .columns = outputs, .values = moved, .look = Grid::Look::matrix};
  for (std::size_t i = 0; i < moved.size(); ++i) reach.values[i] = moved[i] == before[i % before.size()] ? 0 : 1;
  return transposed(reach);
}

std::string forward_operator(const PlaneOperator& op, Size2 input) {
  return std::string(experiment(op, input, 1).y.node()->op->name);
}

std::string back_operator(const PlaneOperator& op, Size2 input) {
  Experiment e = experiment(op, input, 1);
  return std::string(add_gradient(e).node()->op->name);
}

}  // namespace inlay
