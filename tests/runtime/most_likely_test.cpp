// Labels from logits, in every layout: ties, odd numbers of classes and pixels, and what is no number.
#include <gtest/gtest.h>

#include <limits>

#include "inlay/error.h"
#include "inlay/ops.h"
#include "ops/operators.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/reorder.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInf = std::numeric_limits<float>::infinity();

/// In logits (N, K, H, W) that lie in blocks.
std::vector<int> labels_of(const Tensor& logits, int block) {
  const Shape& s = logits.shape();
  const Buffer plain{{DType::f32, s}, 1}, blocked{{DType::f32, s}, block}, out{{DType::u8, {s[0], s[2], s[3]}}, 1};
  Tensor laid(DType::u8, {static_cast<std::int64_t>(blocked.bytes())}), labels(DType::u8, out.type.shape);
  const auto reorder = make_reorder(plain, blocked);
  Tensor numbers = logits;
  reorder->bind({{numbers.raw()}, {laid.raw()}});
  reorder->run(0);
  const Attributes none;
  const auto kernel = kMostLikelyKernel.make({.attributes = none, .inputs = {blocked}, .outputs = {out}});
  kernel->bind({{laid.raw()}, {labels.raw()}});
  kernel->run(0);
  return {labels.data<std::uint8_t>().begin(), labels.data<std::uint8_t>().end()};
}

/// The first of the largest, by one question after the other.
std::vector<int> expected(const Tensor& logits) {
  const Shape& s = logits.shape();
  const std::int64_t plane = s[2] * s[3];
  std::vector<int> labels;
  for (std::int64_t i = 0; i < s[0] * plane; ++i) {
    const float* first = logits.data<float>().data() + i / plane * s[1] * plane + i % plane;
    int best = s[1] == 1 && *first > 0 ? 1 : 0;
    for (int k = 1; k < s[1]; ++k)
      if (first[k * plane] > first[best * plane]) best = k;
    labels.push_back(best);
  }
  return labels;
}

class MostLikelyKernel : public ::testing::TestWithParam<int> {};

TEST_P(MostLikelyKernel, IsTheFirstOfTheLargest) {
  for (const std::int64_t classes : {1, 2, 7, 8, 9, 16, 21, 255})
    for (const Shape plane : {Shape{1, 1}, Shape{3, 5}, Shape{9, 31}}) {
      Tensor logits(DType::f32, {2, classes, plane[0], plane[1]});
      std::ranges::copy(draw({"x", {DType::f32, logits.shape()}}, 3), logits.data<float>().begin());
      ASSERT_EQ(labels_of(logits, GetParam()), expected(logits)) << classes;
      // A few values alone: ties everywhere.
      for (float& x : logits.data<float>()) x = std::round(x) * 0.5f;
      ASSERT_EQ(labels_of(logits, GetParam()), expected(logits)) << classes << " with ties";
    }
}

TEST_P(MostLikelyKernel, ANumberThatIsNoneIsChosenWhereItComesFirst) {
  const float choice[] = {kNan, kInf, -kInf, 0.0f, -0.0f, 1.0f, -1.0f};
  for (const std::int64_t classes : {1, 2, 8, 11}) {
    Tensor logits(DType::f32, {1, classes, 20, 33});
    std::uint32_t state = 5;
    for (float& x : logits.data<float>()) x = choice[(state = state * 1664525 + 1013904223) / 7919 % 7];
    EXPECT_EQ(labels_of(logits, GetParam()), expected(logits)) << classes;
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, MostLikelyKernel, ::testing::Values(1, 8, 16));

TEST(MostLikelyOperator, HoldsAByteAPixel) {
  Graph graph;
  const Value many = graph.input("many", {DType::f32, {1, 256, 2, 2}}),
              flat = graph.input("flat", {DType::f32, {3, 2}});
  EXPECT_THROW(graph.add_node(kMostLikely, {}, {many}), InputError);
  EXPECT_THROW(graph.add_node(kMostLikely, {}, {flat}), InputError);
  const Value x = graph.input("x", {DType::f32, {2, 255, 3, 4}});
  EXPECT_EQ(to_string(graph.add_node(kMostLikely, {}, {x})[0].type()), "u8 2x3x4");
}

}  // namespace
}  // namespace inlay::testing
