#include "graph/options.h"

#include <gtest/gtest.h>

namespace inlay {
namespace {

std::string error_of(auto call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

template <class Options>
Options from_text(std::string_view text) {
  return from_attributes<Options>(parse_attributes(text));
}

TEST(Options, LeaveDefaultsOut) {
  EXPECT_EQ(to_string(to_attributes(Conv2dOptions{})), "");
  EXPECT_EQ(to_string(to_attributes(Conv2dOptions{.stride = 2})), "{stride=[2, 2]}");
  EXPECT_EQ(to_attributes(Conv2dOptions{.stride = 1, .padding = 0}), to_attributes(Conv2dOptions{}));
}

TEST(Options, ComeBackFromText) {
  const Conv2dOptions conv{.stride = {2, 3},
                           .padding = {1, 2, 3, 4},
                           .dilation = 2,
                           .groups = 4,
                           .add = true,
                           .activation = Activation::leaky_relu,
                           .slope = 0.5};
  const std::string text =
      "{stride=[2, 3], padding=[1, 2, 3, 4], dilation=[2, 2], groups=4, add=true, activation=leaky_relu, slope=0.5}";
  EXPECT_EQ(to_string(to_attributes(conv)), text);
  const auto back = from_text<Conv2dOptions>(text);
  EXPECT_EQ(back.stride, conv.stride);
  EXPECT_EQ(back.padding, conv.padding);
  EXPECT_EQ(back.dilation, conv.dilation);
  EXPECT_EQ(back.groups, conv.groups);
  EXPECT_EQ(back.add, conv.add);
  EXPECT_EQ(back.activation, conv.activation);
  EXPECT_EQ(back.slope, conv.slope);
  const auto resize = from_text<Resize2dOptions>("{scale=[2.0, 0.5], mode=bicubic}");
  EXPECT_EQ(resize.scale, Scale2(2, 0.5));
  EXPECT_EQ(resize.mode, Interpolation::bicubic);
  EXPECT_EQ(from_text<LeakyReluOptions>("{slope=1}").slope, 1.0);  // a whole number for a real one
  EXPECT_TRUE(from_text<BatchNormOptions>("{training=true}").training);
}

TEST(Options, SayWhatIsWrong) {
  EXPECT_EQ(error_of([] { from_text<Conv2dOptions>("{strid=[2, 2]}"); }), "unknown option 'strid'");
  EXPECT_EQ(error_of([] { from_text<Conv2dOptions>("{stride=[2, 2, 2]}"); }),
            "option 'stride' has 3 numbers, expected 2");
  EXPECT_EQ(error_of([] { from_text<Conv2dOptions>("{padding=[2, 2]}"); }),
            "option 'padding' has 2 numbers, expected 4");
  EXPECT_EQ(error_of([] { from_text<Conv2dOptions>("{groups=true}"); }),
            "option 'groups' has the value true, which is of the wrong kind");
  EXPECT_EQ(error_of([] { from_text<Resize2dOptions>("{scale=[2.0]}"); }), "option 'scale' has 1 numbers, expected 2");
  EXPECT_EQ(error_of([] { from_text<Resize2dOptions>("{mode=linear}"); }),
            "option 'mode' is 'linear', expected one of nearest, bilinear, bicubic");
}

}  // namespace
}  // namespace inlay
