#include <gtest/gtest.h>

#include "support/both_ways.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

/// A plane of twice the size, but one value belongs where another one's window is: it must arrive there all the same,
/// also when another thread fills that part.
TEST(MaxUnpool2d, AValueThatBelongsElsewhereArrivesThere) {
  Graph graph;
  const Value values = graph.input("values", {DType::f32, {1, 3, 8, 4}});
  const Value indices = graph.input("indices", {DType::i32, {1, 3, 8, 4}});
  const Value like = graph.input("like", {DType::f32, {1, 3, 16, 8}});
  graph.set_output("y", max_unpool2d(values, indices, like));
  ReferenceValues numbers{{"like", std::vector<double>(3 * 16 * 8)}};
  for (int i = 0; i < 3 * 32; ++i) {
    numbers["values"].push_back(i + 1);
    numbers["indices"].push_back(i % 32 / 4 * 16 + i % 4 * 2 + (i % 2 == 1 ? 9 : 0));
  }
  const auto sum_at = [&](const Outputs& out, std::size_t place) { return out.at("y")[place]; };
  both_ways(graph, numbers, [&](const Outputs& out) { EXPECT_EQ(sum_at(out, 0), 1); });
  numbers["indices"][31] = 0;  // of the first channel: the last value, 32, joins the first, 1
  both_ways(graph, numbers, [&](const Outputs& out) {
    EXPECT_EQ(sum_at(out, 0), 33);
    EXPECT_EQ(sum_at(out, 16 * 8 - 1), 0);
    EXPECT_EQ(sum_at(out, 2 * 16 * 8 - 1), 64);
  });
}

}  // namespace
}  // namespace inlay::testing
