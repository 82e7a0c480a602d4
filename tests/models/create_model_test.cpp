#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/model.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::input_error;

TEST(CreateModel, DescribesItself) {
  const Model model = create_model("unet", {.in_channels = 1, .out_channels = 3, .settings = {{"width", "4"}}});
  EXPECT_EQ(model.info.architecture, "unet");
  EXPECT_EQ(model.info.settings, (std::map<std::string, std::string>{{"width", "4"}}));
  EXPECT_EQ(model.info.mean, std::vector<double>{0});
  EXPECT_EQ(model.info.stddev, std::vector<double>{1});
  EXPECT_EQ(model.in_channels(), 1);
  EXPECT_EQ(model.out_channels(), 3);
  ASSERT_EQ(model.info.classes.size(), 3u);
  EXPECT_EQ(model.info.classes[2].name, "class2");
  EXPECT_EQ(model.info.classes[0].color, (std::array<std::uint8_t, 3>{0, 0, 0}));
  EXPECT_EQ(model.info.classes[1].color, (std::array<std::uint8_t, 3>{128, 0, 0}));
  EXPECT_EQ(model.info.classes[2].color, (std::array<std::uint8_t, 3>{0, 128, 0}));
}

TEST(CreateModel, OneChannelTellsTwoClassesApart) {
  EXPECT_EQ(create_model("unet", {.out_channels = 1, .settings = {{"depth", "1"}}}).info.classes.size(), 2u);
}

TEST(CreateModel, IsBuiltForASizeThatFits) {
  EXPECT_EQ(create_model("unet").graph.find_leaf("image").shape(), (Shape{1, 3, 128, 128}));
  EXPECT_EQ(create_model("unet", {.settings = {{"depth", "8"}, {"width", "1"}}}).graph.find_leaf("image").shape(),
            (Shape{1, 3, 256, 256}));
}

TEST(CreateModel, StartsFromTheSeed) {
  const auto first = [](std::uint64_t seed) {
    return create_model("unet", {.settings = {{"depth", "1"}}, .seed = seed})
        .tensors.at("head/weight")
        .data<float>()[0];
  };
  EXPECT_EQ(first(3), first(3));
  EXPECT_NE(first(3), first(4));
}

TEST(CreateModel, ExplainsWhatDoesNotWork) {
  EXPECT_THAT(input_error([] { create_model("unte"); }),
              AllOf(HasSubstr("unknown network 'unte', expected one of "), HasSubstr("; did you mean 'unet'?")));
  EXPECT_THAT(input_error([] { create_model("unet", {.in_channels = 0}); }),
              HasSubstr("unet: 0 input channels, expected 1 to 4096"));
  EXPECT_THAT(input_error([] { create_model("unet", {.out_channels = 0}); }),
              HasSubstr("unet: 0 output channels, expected 1 to 255"));
  EXPECT_THAT(input_error([] { create_model("unet", {.out_channels = 256}); }), HasSubstr("256 output channels"));
  EXPECT_THAT(
      input_error([] {
        create_model("unet", {.settings = {{"width", "1024"}, {"depth", "8"}}});
      }),
      HasSubstr("million parameters, and a model file holds at most 500 million; try a smaller width or depth"));
}

TEST(Architectures, ListSettingsWithDefaults) {
  const auto list = architectures();
  ASSERT_FALSE(list.empty());
  const auto found = std::ranges::find(list, "unet", &Architecture::name);
  ASSERT_NE(found, list.end());
  EXPECT_THAT(found->settings,
              ::testing::StartsWith("width=16 depth=4 batch_norm=true dropout=0 up=transposed|nearest|"));
  EXPECT_THAT(found->settings, HasSubstr(" encoder=none|"));
  EXPECT_THAT(std::string(found->paper), HasSubstr("Ronneberger"));
}

}  // namespace
}  // namespace inlay
