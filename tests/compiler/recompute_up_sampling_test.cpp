// Up-sampled results made again for the way back: text in, text out. tests/models/unet_passes_test.cpp runs them.
#include <gtest/gtest.h>

#include "compiler/passes.h"
#include "inlay/ops.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kRecomputeUpSampling.run(parse_graph(text, find_operator), constants));
}

const std::string kResult = "output y = %5\noutput dw = ";

/// %4 = up(x), the way there reads it, and then a weight gradient.
std::string step(const std::string& up, const std::string& again, const std::string& read, const std::string& dw) {
  const std::string leaves =
      "input x: f32 1x2x4x4\n"
      "input dz: f32 1x3x8x8\n"
      "parameter w: f32 2x2x2x2 constant 0\n"
      "parameter wide: f32 2x2x4x4 constant 0\n";
  return leaves + "%4 = " + up + " \"a/" + up.substr(0, up.find('(')) +
         "\"\n%5 = sigmoid(%4) : f32 1x2x8x8 \"sigmoid\"\n" + again + dw + " = conv2d_weight_grad(" + read +
         ", dz) {kernel=[1, 1]} : f32 3x2x1x1 \"b/gradient/conv2d_weight_grad\"\n" + kResult + dw + "\n";
}

TEST(RecomputeUpSampling, AWeightGradientReadsASecondOne) {
  for (const std::string up :
       {"conv_transpose2d(x, w, -) {stride=[2, 2]} : f32 1x2x8x8", "resize2d(x) {scale=[2.0, 2.0]} : f32 1x2x8x8"}) {
    const std::string again = "%6 = " + up + " \"b/gradient/" + up.substr(0, up.find('(')) + "\"\n";
    EXPECT_EQ(after(step(up, "", "%4", "%6")), step(up, again, "%6", "%7"));
  }
}

TEST(RecomputeUpSampling, WindowsThatOverlapAreMadeOnce) {
  const std::string text =
      step("conv_transpose2d(x, wide, -) {stride=[2, 2], padding=[1, 1, 1, 1]} : f32 1x2x8x8", "", "%4", "%6");
  EXPECT_EQ(after(text), text);
}

}  // namespace
}  // namespace inlay::testing
