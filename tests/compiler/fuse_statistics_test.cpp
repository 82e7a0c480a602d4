// Convolutions that measure their channels for a batch norm: text in, text out, and what such operators refuse.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/passes.h"
#include "support/input_error.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseStatistics.run(parse_graph(text, find_operator), constants));
}

/// Leaves %0 to %6.
std::string with_leaves(const std::string& nodes) {
  return "input x: f32 1x2x4x4\n"
         "parameter w: f32 2x2x3x3 constant 0\n"
         "parameter v: f32 2x2x1x1 constant 0\n"
         "parameter scale: f32 2 constant 0\n"
         "parameter shift: f32 2 constant 0\n"
         "state mean: f32 2 constant 0\n"
         "state variance: f32 2 constant 0\n" +
         nodes;
}

std::string conv(const std::string& weight = "w", const std::string& options = "padding=[1, 1, 1, 1]") {
  return "%7 = conv2d(x, " + weight + ", -)" + (options.empty() ? "" : " {" + options + "}") +
         " : f32 1x2x4x4 \"conv2d\"\n";
}

std::string norm(const std::string& options = "training=true") {
  return "%8, %9, %10, %11, %12 = batch_norm(%7, scale, shift, mean, variance) {" + options +
         "} : f32 1x2x4x4, f32 2, f32 2, f32 2, f32 2 \"batch_norm\"\noutput y = %8\noutput mean = %11\n";
}

TEST(FuseStatistics, TheConvolutionMeasures) {
  EXPECT_EQ(after(with_leaves(conv() + norm("training=true, activation=relu"))),
            with_leaves("%7, %8, %9 = conv2d(x, w, -) {padding=[1, 1, 1, 1], statistics=true} : f32 1x2x4x4, f32 2, "
                        "f32 2 \"conv2d\"\n"
                        "%10, %11, %12, %13, %14 = batch_norm(%7, scale, shift, mean, variance, %8, %9) "
                        "{training=true, given=true, activation=relu} : f32 1x2x4x4, f32 2, f32 2, f32 2, f32 2 "
                        "\"batch_norm\"\noutput y = %10\noutput mean = %13\n"));
}

TEST(FuseStatistics, OthersStayApart) {
  for (const std::string& text :
       {with_leaves(conv("v", "") + norm()),                                       // of one pixel
        with_leaves(conv("w", "padding=[1, 1, 1, 1], activation=relu") + norm()),  // behind an activation
        with_leaves(conv() + "%8 = batch_norm(%7, scale, shift, mean, variance) : f32 1x2x4x4 \"batch_norm\"\n"
                             "output y = %8\n")})  // in inference
    EXPECT_EQ(after(text), text);
}

void expect_refused(const std::string& nodes, const std::string& message) {
  const std::string text = with_leaves(nodes);
  EXPECT_THAT(input_error([&] { parse_graph(text, find_operator); }), ::testing::HasSubstr(message));
}

TEST(FuseStatistics, WrongOnesAreRefused) {
  expect_refused(
      "%7, %8, %9 = conv2d(x, w, -) {padding=[1, 1, 1, 1], activation=relu, statistics=true} : f32 1x2x4x4, "
      "f32 2, f32 2 \"conv2d\"\noutput y = %7\n",
      "statistics are of y without sum and activation");
  expect_refused(conv() +
                     "%8, %9, %10, %11, %12 = batch_norm(%7, scale, shift, mean, variance, scale, v) "
                     "{training=true, given=true} : f32 1x2x4x4, f32 2, f32 2, f32 2, f32 2 \"batch_norm\"\n"
                     "output y = %8\n",
                 "the batch's mean or variance is f32 2x2x1x1, expected f32 2");
  expect_refused(conv() +
                     "%8, %9, %10, %11, %12 = batch_norm(%7, scale, shift, mean, variance) "
                     "{training=true, given=true} : f32 1x2x4x4, f32 2, f32 2, f32 2, f32 2 \"batch_norm\"\n"
                     "output y = %8\n",
                 "there are 5 inputs, expected 7");
}

}  // namespace
}  // namespace inlay::testing
