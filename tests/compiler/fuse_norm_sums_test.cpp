// Gradients that sum for a batch norm while they are written: text in, text out, and what such operators refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/passes.h"
#include "support/input_error.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseNormSums.run(parse_graph(text, find_operator), constants));
}

/// Leaves %0 to %7.
std::string with_leaves(const std::string& nodes) {
  return "input dz: f32 1x3x4x4\n"
         "input x: f32 1x2x4x4\n"
         "parameter w: f32 3x2x3x3 constant 0\n"
         "parameter v: f32 3x2x1x1 constant 0\n"
         "parameter scale: f32 2 constant 0\n"
         "parameter shift: f32 2 constant 0\n"
         "input mean: f32 2\n"
         "input inverse: f32 2\n" +
         nodes;
}

std::string conv(const std::string& weight = "w", const std::string& options = " {padding=[1, 1, 1, 1]}") {
  return "%8 = conv_transpose2d(dz, " + weight + ", -)" + options + " : f32 1x2x4x4 \"conv_transpose2d\"\n";
}

const std::string kTypes = " : f32 1x2x4x4, f32 2, f32 2 \"batch_norm_grad\"\n";
const std::string kOutputs = "output dx = %9\noutput dscale = %10\noutput dshift = %11\n";

TEST(FuseNormSums, TheConvolutionSums) {
  EXPECT_EQ(after(with_leaves(conv() +
                              "%9, %10, %11 = batch_norm_grad(%8, x, scale, mean, inverse, shift) {training=true, "
                              "activation=relu}" +
                              kTypes + kOutputs)),
            with_leaves("%8, %9, %10 = conv_transpose2d(dz, w, -, x, scale, shift, mean, inverse) {padding=[1, 1, 1, "
                        "1], norm_sums=true} : f32 1x2x4x4, f32 2, f32 2 \"conv_transpose2d\"\n"
                        "%11, %12, %13 = batch_norm_grad(%8, x, scale, mean, inverse, shift, %9, %10) {training=true, "
                        "given=true, activation=relu}" +
                        kTypes + "output dx = %11\noutput dscale = %9\noutput dshift = %10\n"));
}

TEST(FuseNormSums, OthersStayApart) {
  const std::string norm =
      "%9, %10, %11 = batch_norm_grad(%8, x, scale, mean, inverse, shift) {training=true, activation=relu}" + kTypes;
  const std::string without_relu =
      "%9, %10, %11 = batch_norm_grad(%8, x, scale, mean, inverse) {training=true}" + kTypes;
  for (const std::string& text : {with_leaves(conv("v", "") + norm + kOutputs),  // of one pixel
                                  with_leaves(conv() + without_relu + kOutputs),
                                  with_leaves(conv() + norm + kOutputs + "output dy = %8\n")})  // others read it
    EXPECT_EQ(after(text), text);
}

void expect_refused(const std::string& nodes, const std::string& message) {
  const std::string text = with_leaves(nodes);
  EXPECT_THAT(input_error([&] { parse_graph(text, find_operator); }), ::testing::HasSubstr(message));
}

TEST(FuseNormSums, WrongOnesAreRefused) {
  const auto sums = [](const std::string& inputs) {
    return "%8, %9, %10 = conv_transpose2d(" + inputs +
           ") {padding=[1, 1, 1, 1], norm_sums=true} : f32 1x2x4x4, f32 2, f32 2 \"conv\"\noutput dx = %8\n";
  };
  expect_refused(sums("dz, w, -, x, scale, shift, mean"), "there are 7 inputs and 1 results, expected 8 and 1");
  expect_refused(sums("dz, w, -, dz, scale, shift, mean, inverse"),
                 "the batch norm's x is f32 1x3x4x4, the result is f32 1x2x4x4: they must agree");
  expect_refused(sums("dz, w, -, x, scale, shift, mean, v"), "a number a channel is f32 3x2x1x1, expected f32 2");
  const auto norm = [](const std::string& more) {
    return conv() + "%9, %10, %11 = batch_norm_grad(%8, x, scale, mean, inverse, shift" + more +
           ") {training=true, given=true, activation=relu}" + kTypes + kOutputs;
  };
  expect_refused(norm(""), "there are 6 inputs, expected 8 in training");
  expect_refused(norm(", scale, v"), "a sum is f32 3x2x1x1, expected f32 2");
}

}  // namespace
}  // namespace inlay::testing
