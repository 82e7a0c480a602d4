#include "workflow/inspect/evidence.h"

#include <gtest/gtest.h>

#include <cmath>

namespace inlay {
namespace {

TEST(Evidence, OfSeveralClasses) {
  // Pixels: all alike, the first class surely, two classes alike.
  const Evidence evidence = evidence_of(Tensor::of<float>({3, 1, 3}, {0, 90, 5, 0, 0, 5, 0, 0, -90}));
  const auto entropy = evidence.entropy.data<float>(), margin = evidence.margin.data<float>();
  EXPECT_NEAR(entropy[0], 1, 1e-6);
  EXPECT_NEAR(entropy[1], 0, 1e-6);
  EXPECT_NEAR(entropy[2], std::log(2) / std::log(3), 1e-6);
  EXPECT_NEAR(margin[0], 0, 1e-6);
  EXPECT_NEAR(margin[1], 1, 1e-6);
  EXPECT_NEAR(margin[2], 0, 1e-6);
  EXPECT_NEAR(plane(evidence.probabilities, 1)[2], 0.5, 1e-6);
  EXPECT_NEAR(mean(plane(evidence.probabilities, 0)), (1 / 3.0 + 1 + 0.5) / 3, 1e-6);
  EXPECT_EQ(evidence.labels.labels.shape(), (Shape{1, 3}));
}

TEST(Evidence, OfOneLogitIsThatOfTwoClasses) {
  const Evidence evidence = evidence_of(Tensor::of<float>({1, 2, 1}, {2, -50}));
  EXPECT_EQ(evidence.logits.shape(), (Shape{2, 2, 1}));
  EXPECT_EQ(plane(evidence.logits, 0)[0], -2);
  EXPECT_EQ(plane(evidence.logits, 1)[0], 2);
  EXPECT_NEAR(plane(evidence.probabilities, 1)[0], 1 / (1 + std::exp(-2)), 1e-6);
  EXPECT_NEAR(plane(evidence.probabilities, 0)[1], 1, 1e-6);
  EXPECT_NEAR(evidence.entropy.data<float>()[1], 0, 1e-6);
  EXPECT_EQ(evidence.labels.labels.data<std::uint8_t>()[0], 1);
}

}  // namespace
}  // namespace inlay
