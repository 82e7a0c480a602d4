// Sums that a convolution or an unpooling does while it writes: text in, text out.
#include <gtest/gtest.h>

#include "compiler/passes.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseAdd.run(parse_graph(text, find_operator), constants));
}

/// Leaves %0 to %4.
std::string with_leaves(const std::string& nodes) {
  return "input x: f32 1x2x2x2\n"
         "input places: i32 1x2x2x2\n"
         "input y: f32 1x2x4x4\n"
         "parameter w: f32 2x2x1x1 constant 0\n"
         "parameter b: f32 2 constant 0\n" +
         nodes;
}

const std::string kUnpool = "%5 = max_unpool2d(x, places, y) : f32 1x2x4x4 \"max_unpool2d\"\n";
const std::string kConv = "%5 = conv2d(y, w, b) : f32 1x2x4x4 \"conv2d\"\n";

TEST(FuseAdd, AConvolutionAdds) {
  EXPECT_EQ(after(with_leaves(kConv + "%6 = add(y, %5) : f32 1x2x4x4 \"add\"\noutput z = %6\n")),
            with_leaves("%5 = conv2d(y, w, b, y) {add=true} : f32 1x2x4x4 \"conv2d\"\noutput z = %5\n"));
}

TEST(FuseAdd, AnUnpoolingAdds) {
  for (const char* sum : {"add(%5, y)", "add(y, %5)"})
    EXPECT_EQ(after(with_leaves(kUnpool + "%6 = " + sum + " : f32 1x2x4x4 \"add\"\noutput z = %6\n")),
              with_leaves("%5 = max_unpool2d(x, places, y, y) : f32 1x2x4x4 \"max_unpool2d\"\noutput z = %5\n"));
}

TEST(FuseAdd, ASecondSumAndWhatOthersReadStay) {
  const std::string fused = "%5 = max_unpool2d(x, places, y, y) : f32 1x2x4x4 \"max_unpool2d\"\n";
  for (const std::string& text :
       {with_leaves(fused + "%6 = add(%5, y) : f32 1x2x4x4 \"add\"\noutput z = %6\n"),
        with_leaves(kUnpool + "%6 = add(%5, y) : f32 1x2x4x4 \"add\"\noutput z = %6\noutput large = %5\n")})
    EXPECT_EQ(after(text), text);
}

}  // namespace
}  // namespace inlay::testing
