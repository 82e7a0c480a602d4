// Convolutions that pool as they write: text in, text out, and what such an operator refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/passes.h"
#include "support/input_error.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseMaxPool.run(parse_graph(text, find_operator), constants));
}

/// Leaves %0 to %2.
std::string with_leaves(const std::string& nodes) {
  return "input x: f32 1x2x4x6\n"
         "parameter w: f32 3x2x3x3 constant 0\n"
         "parameter v: f32 3x2x1x1 constant 0\n" +
         nodes;
}

std::string conv(const std::string& options = "padding=[1, 1, 1, 1]", const std::string& shape = "1x3x4x6",
                 const std::string& weight = "w") {
  return "%3 = conv2d(x, " + weight + ", -)" + (options.empty() ? "" : " {" + options + "}") + " : f32 " + shape +
         " \"conv2d\"\n";
}

std::string pool(const std::string& options = "", const std::string& shape = "1x3x2x3") {
  return "%4, %5 = max_pool2d(%3)" + (options.empty() ? "" : " {" + options + "}") + " : f32 " + shape + ", i32 " +
         shape + " \"max_pool2d\"\n";
}

TEST(FuseMaxPool, TheConvolutionPools) {
  EXPECT_EQ(
      after(with_leaves(conv("padding=[1, 1, 1, 1], activation=relu") + pool() + "output y = %3\noutput p = %4\n")),
      with_leaves("%3, %4 = conv2d(x, w, -) {padding=[1, 1, 1, 1], activation=relu, max_pool=true} : f32 1x3x4x6, "
                  "f32 1x3x2x3 \"conv2d\"\noutput y = %3\noutput p = %4\n"));
}

TEST(FuseMaxPool, OthersStayApart) {
  const std::string read = "output p = %4\n";
  for (const std::string& text :
       {with_leaves(conv() + pool() + read + "output at = %5\n"),                      // positions are read
        with_leaves(conv() + pool("kernel=[3, 3], stride=[2, 2]", "1x3x1x2") + read),  // other windows
        with_leaves(conv() + pool("stride=[1, 1]", "1x3x3x5") + read),                 // that overlap
        with_leaves(conv("", "1x3x4x6", "v") + pool() + read),                         // of one pixel
        with_leaves(conv("padding=[1, 1, 0, 1]", "1x3x3x6") + pool("", "1x3x1x3") + read),
        with_leaves(conv("padding=[2, 2, 2, 2], dilation=[2, 2]") + pool() + read)})
    EXPECT_EQ(after(text), text);
}

TEST(FuseMaxPool, WrongOnesAreRefused) {
  for (const char* options :
       {"padding=[1, 1, 0, 1], max_pool=true", "padding=[1, 1, 1, 1], statistics=true, max_pool=true"})
    EXPECT_THAT(input_error([&] { parse_graph(with_leaves(conv(options) + "output y = %3\n"), find_operator); }),
                ::testing::HasSubstr("2x2 max-pooling on the way is of y of even sides, without sum and statistics"));
}

}  // namespace
}  // namespace inlay::testing
