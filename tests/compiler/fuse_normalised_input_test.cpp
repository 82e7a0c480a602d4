// Convolutions that normalise what they read: text in, text out, and what such an operator refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/passes.h"
#include "support/input_error.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseNormalisedInput.run(parse_graph(text, find_operator), constants));
}

/// Leaves %0 to %8.
std::string with_leaves(const std::string& nodes) {
  return "input x: f32 1x2x4x4\n"
         "input z: f32 1x3x4x4\n"
         "parameter w: f32 3x2x3x3 constant 0\n"
         "parameter v: f32 3x5x3x3 constant 0\n"
         "parameter b: f32 3 constant 0\n"
         "parameter scale: f32 2 constant 0\n"
         "parameter shift: f32 2 constant 0\n"
         "state mean: f32 2 constant 0\n"
         "state variance: f32 2 constant 0\n" +
         nodes;
}

/// y is %9, its statistics %10 and %11.
std::string norm(const std::string& options = "training=true, activation=relu") {
  return "%9, %10, %11, %12, %13 = batch_norm(x, scale, shift, mean, variance) {" + options +
         "} : f32 1x2x4x4, f32 2, f32 2, f32 2, f32 2 \"a/batch_norm\"\n";
}

const std::string kRest = " : f32 1x3x4x4 \"b/conv2d\"\noutput y = %14\n";

TEST(FuseNormalisedInput, AConvolutionReadsX) {
  EXPECT_EQ(
      after(with_leaves(norm() + "%14 = conv2d(%9, w, b) {padding=[1, 1, 1, 1]}" + kRest)),
      with_leaves(norm() + "%14 = conv2d(x, w, b, scale, shift, %10, %11) {padding=[1, 1, 1, 1], normalised=[0]}" +
                  kRest));
}

TEST(FuseNormalisedInput, OfSeveralSourcesTheOneThatIsNormalised) {
  EXPECT_EQ(
      after(with_leaves(norm() + "%14 = conv2d(z, v, -, %9) {padding=[1, 1, 1, 1]}" + kRest)),
      with_leaves(norm() + "%14 = conv2d(z, v, -, scale, shift, %10, %11, x) {padding=[1, 1, 1, 1], normalised=[1]}" +
                  kRest));
}

TEST(FuseNormalisedInput, SoDoesAWeightGradient) {
  const std::string rest = " : f32 3x2x3x3 \"b/conv2d/gradient/conv2d_weight_grad\"\noutput dw = %14\n";
  EXPECT_EQ(after(with_leaves(norm() + "%14 = conv2d_weight_grad(%9, z) {padding=[1, 1, 1, 1], kernel=[3, 3]}" + rest)),
            with_leaves(norm() +
                        "%14 = conv2d_weight_grad(x, z, scale, shift, %10, %11) {padding=[1, 1, 1, 1], kernel=[3, 3], "
                        "normalised=[0]}" +
                        rest));
}

TEST(FuseNormalisedInput, OthersStay) {
  for (const std::string& text :
       {norm("training=true") + "%14 = conv2d(%9, w, b) {padding=[1, 1, 1, 1]}" + kRest,  // no ReLU
        norm() + "%14 = conv2d(%9, w, b) {stride=[2, 2], padding=[1, 1, 1, 1]} : f32 1x3x2x2 \"b/conv2d\"\n"
                 "output y = %14\n"}) {
    EXPECT_EQ(after(with_leaves(text)), with_leaves(text));
  }
}

TEST(FuseNormalisedInput, SoDoesAMaxPoolAndWhoAsksForTheShape) {
  const auto pooled = [&](const std::string& inputs, const std::string& like) {
    return with_leaves(norm() + "%14, %15 = max_pool2d(" + inputs +
                       ") : f32 1x2x2x2, i32 1x2x2x2 \"max_pool2d\"\n"
                       "%16 = max_unpool2d(%14, %15, " +
                       like + ") : f32 1x2x4x4 \"max_unpool2d\"\noutput small = %14\noutput large = %16\n");
  };
  EXPECT_EQ(after(pooled("%9", "%9")), pooled("x, scale, shift, %10, %11", "x"));
}

TEST(FuseNormalisedInput, OneOfOnePixelStays) {
  const std::string text =
      with_leaves(norm() +
                  "%14 = conv2d_weight_grad(%9, z) {kernel=[1, 1]} : f32 3x2x1x1 \"b/conv2d_weight_grad\"\n"
                  "output dw = %14\n");
  EXPECT_EQ(after(text), text);
}

void expect_refused(const std::string& conv, const std::string& message) {
  const std::string text = with_leaves(norm() + conv + kRest);
  EXPECT_THAT(input_error([&] { parse_graph(text, find_operator); }), ::testing::HasSubstr(message));
}

TEST(FuseNormalisedInput, WrongNormalisedSourcesAreRefused) {
  expect_refused("%14 = conv2d(x, w, b, scale, shift, %10, %11) {padding=[1, 1, 1, 1], normalised=[1]}",
                 "source 1 is normalised, there are 1");
  expect_refused("%14 = conv2d(x, w, b, scale, shift, %10) {padding=[1, 1, 1, 1], normalised=[0]}",
                 "there are 6 inputs, expected 7 with these options");
  expect_refused("%14 = conv2d(x, w, b, scale, shift, %10, b) {padding=[1, 1, 1, 1], normalised=[0]}",
                 "a number a channel of a normalised source is f32 3, expected f32 2");
}

}  // namespace
}  // namespace inlay::testing
