// Results so large that they are stored past the caches: the same numbers as in the plain layout, where none is.
#include "runtime/cpu/stream.h"

#include <gtest/gtest.h>

#include "support/both_ways.h"

namespace inlay::testing {
namespace {

TEST(Stream, LargeResultsAreComplete) {
  const Shape shape{1, 20, 480, 512};  // 480 * 512 * 32 * 4 bytes in blocks of 16
  Graph graph;
  const Value x = graph.input("x", {DType::f32, shape});
  const auto leaf = [&](const char* name) { return graph.add_leaf(LeafKind::state, name, {DType::f32, {20}}); };
  const Value y = batch_norm(x, leaf("scale"), leaf("shift"), leaf("mean"), leaf("variance"));
  const MaxPool pool = max_pool2d(y);
  const Value both[] = {y, max_unpool2d(pool.values, pool.indices, y)};
  graph.set_output("y", slice(concat(both), {1, 4, 36}));
  graph.set_output("x again", affine(x, 1));  // so that the batch norm does not work in place

  ReferenceValues numbers;
  for (const char* name : {"scale", "shift", "mean", "variance"}) numbers[name] = std::vector<double>(20, 1.5);
  for (std::int64_t i = 0; i < shape.elements(); ++i) numbers["x"].push_back(static_cast<double>(i * 7919 % 1009));
  EXPECT_TRUE(worth_streaming(static_cast<std::size_t>(480 * 512 * 32 * 4)));
  const Outputs plain = by_program(graph, numbers, 1);
  for (const int block : {8, 16}) EXPECT_EQ(by_program(graph, numbers, block).at("y"), plain.at("y")) << block;
}

}  // namespace
}  // namespace inlay::testing
