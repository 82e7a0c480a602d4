#include "workflow/explain/pool_example.h"

#include "inlay/ops.h"
#include "runtime/reference/reference_run.h"

namespace inlay {
namespace {

Grid run(const Graph& graph, const ReferenceValues& numbers, Value wanted) {
  auto results = reference_run(graph, numbers);
  return {.rows = wanted.shape()[2],
          .columns = wanted.shape()[3],
          .values = std::move(results.at(static_cast<std::size_t>(wanted.id())).data)};
}

}  // namespace

Grid lecture_pooled() { return {.rows = 4, .columns = 4, .values = {1, 2, 6, 3, 3, 5, 2, 1, 1, 2, 2, 1, 7, 3, 4, 8}}; }

PlaneOperator pool_operator(const Pool2dOptions& options) {
  return {[options](Value x, Value) { return max_pool2d(x, options).values; }};
}

Grid pool_positions(const Pool2dOptions& options, const Grid& input) {
  Graph graph;
  graph.set_scope("example");
  const Value x = graph.input("x", {DType::f32, {1, 1, input.rows, input.columns}});
  return run(graph, {{"x", input.values}}, max_pool2d(x, options).indices);
}

Grid unpool(const Grid& values, const Grid& positions, Size2 size) {
  Graph graph;
  graph.set_scope("example");
  const Shape shape{1, 1, values.rows, values.columns};
  const Value x = graph.input("x", {DType::f32, shape}), indices = graph.input("positions", {DType::i32, shape}),
              like = graph.input("like", {DType::f32, {1, 1, size.h, size.w}});
  return run(graph, {{"x", values.values}, {"positions", positions.values}, {"like", filled_grid(size, 0).values}},
             max_unpool2d(x, indices, like));
}

}  // namespace inlay
