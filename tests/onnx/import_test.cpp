// Forms of ONNX's operators that this program does not write itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onnx/foreign_file.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using testing::ForeignFile;
using ::testing::HasSubstr;
using testing::input_error;
using testing::set;

std::string clip(const std::vector<float>& bounds) {
  ForeignFile file;
  std::vector<std::string> inputs{"x"};
  for (const float bound : bounds) inputs.push_back(std::isnan(bound) ? "" : file.number(bound));
  file.add("Clip", inputs, "y");
  return file.read();
}

TEST(OnnxImport, ClipsWithBoundsAsInputs) {
  EXPECT_THAT(clip({0, 6}), HasSubstr("clip(x) : f32"));
  EXPECT_THAT(clip({-1.5f, 0.1f}), HasSubstr("clip(x) {low=-1.5, high=0.1} : f32"));
}

TEST(OnnxImport, ClipsWithoutABound) {
  EXPECT_THAT(clip({}), HasSubstr("{low=-3.4028234663852886e+38, high=3.4028234663852886e+38}"));
  EXPECT_THAT(clip({0}), HasSubstr("clip(x) {high=3.4028234663852886e+38}"));
  EXPECT_THAT(clip({std::nanf(""), 6}), HasSubstr("clip(x) {low=-3.4028234663852886e+38}"));
}

TEST(OnnxImport, ClipsWithBoundsAsAttributes) {
  ForeignFile file;
  onnx::NodeProto& node = file.add("Clip", {"x"}, "y");
  set(node, "min", -1.0);
  set(node, "max", 1.0);
  EXPECT_THAT(file.read(), HasSubstr("clip(x) {low=-1.0, high=1.0}"));
}

TEST(OnnxImport, RefusesAClipThatItCannotDo) {
  ForeignFile file;
  file.add("Relu", {"x"}, "r");
  file.add("Clip", {"x", "r"}, "y");
  EXPECT_THAT(input_error([&] { file.read(); }), HasSubstr("the input 'r' (min) is no constant number"));
  EXPECT_THAT(input_error([&] { clip({1, 0}); }), HasSubstr("low is 1 and high is 0, expected low <= high"));
}

std::string pad(const std::vector<std::int64_t>& pads, const std::string& mode = "constant") {
  ForeignFile file;
  set(file.add("Pad", {"x", file.numbers(pads)}, "y"), "mode", mode);
  return file.read();
}

TEST(OnnxImport, PadsChannels) {
  EXPECT_THAT(pad({0, 1, 0, 0, 0, 3, 0, 0}), HasSubstr("pad_channels(x) {front=1, behind=3} : f32 1x6x8x12"));
  EXPECT_THAT(pad({0, -1, 0, 0, 0, 0, 0, 0}), HasSubstr("slice(x) {begin=1, end=2} : f32 1x1x8x12"));
  const std::string both = pad({0, 2, 1, 0, 0, -1, 0, 2});
  EXPECT_THAT(both, HasSubstr("slice(x) {end=1} : f32 1x1x8x12"));
  EXPECT_THAT(both, HasSubstr("pad_channels(%1) {front=2} : f32 1x3x8x12"));
  EXPECT_THAT(both, HasSubstr("pad(%2) {padding=[1, 0, 0, 2]} : f32 1x3x9x14"));
}

TEST(OnnxImport, RefusesAPadThatItCannotDo) {
  const std::string expected = "expected eight numbers that leave the batch alone, and in reflection the channels too";
  EXPECT_THAT(input_error([&] { pad({1, 0, 0, 0, 0, 0, 0, 0}); }), HasSubstr(expected));
  EXPECT_THAT(input_error([&] { pad({0, 1, 0, 0, 0, 0, 0, 0}, "reflect"); }), HasSubstr(expected));
  EXPECT_THAT(input_error([&] { pad({0, 0, 1, 1}); }), HasSubstr("pads are [0, 0, 1, 1], " + expected));
  EXPECT_THAT(input_error([&] {
                pad({0, 0, 0, 0, 0, 0, 0, 0}, "edge");
              }),
              HasSubstr("the mode 'edge' is not supported"));
}

TEST(OnnxImport, TellsOurFunctionsFromThoseOfOthers) {
  ForeignFile file;
  onnx::NodeProto& node = file.add("AdaptiveAveragePool", {"x", file.numbers({2, 3})}, "y");
  EXPECT_THAT(input_error([&] { file.read(); }), HasSubstr("(AdaptiveAveragePool): Inlay does not have this operator"));
  node.set_domain("com.example");
  EXPECT_THAT(input_error([&] { file.read(); }), HasSubstr("(com.example.AdaptiveAveragePool): Inlay does not have"));
  node.set_domain("inlay");
  EXPECT_THAT(file.read(), HasSubstr("adaptive_avg_pool2d(x) {size=[2, 3]} : f32 1x2x2x3"));
  node.set_input(1, file.numbers({2}));
  EXPECT_THAT(input_error([&] { file.read(); }), HasSubstr("the size has 1 numbers, expected height and width"));
}

}  // namespace
}  // namespace inlay
