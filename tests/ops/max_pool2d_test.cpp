#include <gtest/gtest.h>

#include "support/both_ways.h"

namespace inlay::testing {
namespace {

TEST(MaxPool2d, TheFirstOfEqualNumbersIsTheLargest) {
  for (const std::int64_t kernel : {2, 3}) {
    Graph graph;
    const Value x = graph.input("x", {DType::f32, {1, 9, 6, 6}});
    const MaxPool pool = max_pool2d(x, {.kernel = kernel});
    graph.set_output("y", pool.values);
    graph.set_output("indices", pool.indices);
    both_ways(graph, {{"x", std::vector<double>(9 * 36, 0.5)}}, [&](const Outputs& out) {
      const std::int64_t side = 6 / kernel;
      for (std::int64_t i = 0; i < 9 * side * side; ++i) {
        const std::int64_t row = i / side % side, column = i % side;
        EXPECT_EQ(out.at("y")[static_cast<std::size_t>(i)], 0.5);
        EXPECT_EQ(out.at("indices")[static_cast<std::size_t>(i)], row * kernel * 6 + column * kernel);
      }
    });
  }
}

}  // namespace
}  // namespace inlay::testing
