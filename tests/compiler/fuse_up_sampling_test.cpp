// Convolutions that read pictures of half the size up-sampled: text in, text out, and what such an operator refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "compiler/passes.h"
#include "support/input_error.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseUpSampling.run(parse_graph(text, find_operator), constants));
}

/// Leaves %0 to %4.
std::string with_leaves(const std::string& nodes) {
  return "input x: f32 1x2x2x3\n"
         "input z: f32 1x3x4x6\n"
         "parameter w: f32 3x2x3x3 constant 0\n"
         "parameter v: f32 3x5x3x3 constant 0\n"
         "parameter p: f32 3x2x1x1 constant 0\n" +
         nodes;
}

std::string resize(const std::string& options = "scale=[2.0, 2.0]", const std::string& size = "4x6") {
  return "%5 = resize2d(x) {" + options + "} : f32 1x2x" + size + " \"resize2d\"\n";
}

/// Value %6 with the resize in front, %5 without.
std::string conv(const std::string& at, const std::string& inputs, const std::string& more = "",
                 const std::string& shape = "1x3x4x6") {
  return at + " = conv2d(" + inputs + ") {padding=[1, 1, 1, 1]" + more + "} : f32 " + shape +
         " \"conv2d\"\noutput y = " + at + "\n";
}

TEST(FuseUpSampling, AConvolutionReadsX) {
  const std::string nearest = with_leaves(conv("%5", "x, w, -", ", up_sampled=[0]"));
  const std::string bilinear = with_leaves(conv("%5", "x, w, -", ", up_sampled=[0], up_sampling=bilinear"));
  EXPECT_EQ(after(with_leaves(resize() + conv("%6", "%5, w, -"))), nearest);
  EXPECT_EQ(after(with_leaves(resize("size=[4, 6]") + conv("%6", "%5, w, -"))), nearest);
  EXPECT_EQ(after(with_leaves(resize("scale=[2.0, 2.0], coordinates=asymmetric") + conv("%6", "%5, w, -"))), nearest)
      << "the same pixels";
  EXPECT_EQ(after(with_leaves(resize("scale=[2.0, 2.0], mode=bilinear") + conv("%6", "%5, w, -"))), bilinear);
}

TEST(FuseUpSampling, ToTheSizeOfAnother) {
  EXPECT_EQ(after(with_leaves("%5 = resize2d_like(x, z) {mode=bilinear} : f32 1x2x4x6 \"resize2d_like\"\n" +
                              conv("%6", "%5, w, -"))),
            with_leaves(conv("%5", "x, w, -", ", up_sampled=[0], up_sampling=bilinear")));
}

TEST(FuseUpSampling, OfSeveralSourcesTheOneThatIsUpSampled) {
  EXPECT_EQ(after(with_leaves(resize() + conv("%6", "z, v, -, %5"))),
            with_leaves(conv("%5", "z, v, -, x", ", up_sampled=[1]")));
}

TEST(FuseUpSampling, SourcesOfAnotherWayStay) {
  const auto with_conv = [&](const std::string& nodes, const std::string& inputs, const std::string& options,
                             const std::string& at) {
    return "input x: f32 1x2x2x3\ninput z: f32 1x3x4x6\nparameter w: f32 3x4x3x3 constant 0\n" + nodes + at +
           " = conv2d(" + inputs + ") {padding=[1, 1, 1, 1]" + options +
           "} : f32 1x3x4x6 \"conv2d\"\noutput y = " + at + "\n";
  };
  EXPECT_EQ(after(with_conv("%3 = resize2d(x) {scale=[2.0, 2.0]} : f32 1x2x4x6 \"resize2d\"\n"
                            "%4 = resize2d(x) {scale=[2.0, 2.0], mode=bilinear} : f32 1x2x4x6 \"resize2d_1\"\n",
                            "%3, w, -, %4", "", "%5")),
            with_conv("%3 = resize2d(x) {scale=[2.0, 2.0], mode=bilinear} : f32 1x2x4x6 \"resize2d\"\n", "x, w, -, %3",
                      ", up_sampled=[0]", "%4"));
}

TEST(FuseUpSampling, SoDoesAWeightGradient) {
  const std::string rest = " : f32 3x2x3x3 \"conv2d_weight_grad\"\noutput dw = ";
  EXPECT_EQ(after(with_leaves(resize() + "%6 = conv2d_weight_grad(%5, z) {padding=[1, 1, 1, 1], kernel=[3, 3]}" + rest +
                              "%6\n")),
            with_leaves("%5 = conv2d_weight_grad(x, z) {padding=[1, 1, 1, 1], kernel=[3, 3], up_sampled=[0]}" + rest +
                        "%5\n"));
}

TEST(FuseUpSampling, OthersStay) {
  const std::string wide = conv("%6", "%5, w, -", "", "1x3x6x9");
  for (const std::string& text :
       {resize() + conv("%6", "%5, w, -") + "output up = %5\n",         // read by another as well
        resize("scale=[2.0, 2.0], mode=bicubic") + conv("%6", "%5, w, -"),  // mixes more pixels
        resize("scale=[2.0, 2.0], mode=bilinear, coordinates=asymmetric") + conv("%6", "%5, w, -"),  // elsewhere
        resize("scale=[3.0, 3.0]", "6x9") + wide,                                                    // to another size
        resize() + conv("%6", "%5, w, -", ", dilation=[2, 2]", "1x3x2x4"),                       // not tile by tile
        resize() + conv("%6", "%5, p, -", "", "1x3x6x8")})                                       // of one pixel
    EXPECT_EQ(after(with_leaves(text)), with_leaves(text));
}

void expect_refused(const std::string& conv, const std::string& message) {
  EXPECT_THAT(input_error([&] { parse_graph(with_leaves(conv), find_operator); }), ::testing::HasSubstr(message));
}

TEST(FuseUpSampling, WrongOnesAreRefused) {
  expect_refused(conv("%5", "x, w, -", ", up_sampled=[1]"), "source 1 is up-sampled, there are 1");
  expect_refused(conv("%5", "x, w, -", ", up_sampled=[0], up_sampling=bicubic"),
                 "sources are up-sampled nearest or bilinear, not bicubic");
  expect_refused(conv("%5", "z, v, -, x", ", up_sampled=[0]"), "a further source is f32 1x3x2x3, x is f32 1x3x8x12");
}

TEST(FuseUpSampling, DifferentiatingComesBefore) {
  Graph graph = parse_graph(with_leaves(conv("%5", "x, w, -", ", up_sampled=[0]")), find_operator);
  const Value wrt[] = {graph.find_leaf("w")};
  EXPECT_THAT(input_error([&] { gradients(graph.output("y"), graph.output("y"), wrt); }),
              ::testing::HasSubstr("'conv2d' was joined with its neighbours by a pass"));
}

}  // namespace
}  // namespace inlay::testing
