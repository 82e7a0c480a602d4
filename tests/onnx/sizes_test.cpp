// What is as large as another tensor stays so in a file: a net that was read works at other sizes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include "inlay/ops.h"
#include "onnx/export_graph.h"
#include "onnx/foreign_file.h"
#include "onnx/import_graph.h"
#include "runtime/reference/reference_run.h"
#include "support/input_error.h"
#include "support/op_case.h"

namespace inlay {
namespace {

using testing::ForeignFile;
using ::testing::HasSubstr;
using testing::input_error;
using testing::set;

Graph with_picture(const std::function<Value(Value)>& build) {
  Graph graph;
  graph.set_output("y", build(graph.input("x", {DType::f32, {1, 2, 8, 12}})));
  return graph;
}

Value halved(Value x) { return max_pool2d(x, {.stride = 2}).values; }

ReferenceTensor result(const Graph& graph, const Shape& x) {
  const Graph sized = instantiate(graph, {{"x", x}});
  const ReferenceValues numbers{{"x", testing::draw({"x", {DType::f32, x}}, 3)}};
  return reference_run(sized, numbers)[static_cast<std::size_t>(sized.output("y").id())];
}

/// The graph as it comes back from a file; at every size it gives what the one that was written gives.
Graph there_and_back(const Graph& graph) {
  const onnx::ModelProto model = export_model(graph, {});
  EXPECT_NO_THROW(onnx::checker::check_model(model)) << model.DebugString();
  for (int axis : {0, 2, 3}) EXPECT_TRUE(model.graph().input(0).type().tensor_type().shape().dim(axis).has_dim_param());
  const Graph read = import_graph(model).graph;
  for (const Shape& x : {Shape{1, 2, 8, 12}, Shape{3, 2, 5, 7}, Shape{1, 2, 20, 9}}) {
    const ReferenceTensor expected = result(graph, x), got = result(read, x);
    EXPECT_EQ(got.type, expected.type) << to_string(x);
    EXPECT_EQ(got.data, expected.data) << to_string(x);
  }
  return read;
}

void expect_unchanged(const Graph& graph) {
  EXPECT_EQ(to_string(instantiate(there_and_back(graph), {{"x", {1, 2, 8, 12}}})), to_string(graph));
}

TEST(OnnxSizes, KeepResizingToTheSizeOfAnother) {
  expect_unchanged(
      with_picture([](Value x) { return resize2d_like(halved(x), x, {.mode = Interpolation::bilinear}); }));
}

TEST(OnnxSizes, KeepCroppingToTheSizeOfAnother) {
  for (const std::int64_t offset : {-1, 0, 2})
    expect_unchanged(with_picture([=](Value x) { return crop_like(x, halved(x), {offset}); }));
}

TEST(OnnxSizes, KeepPaddingToTheSizeOfAnother) {
  for (const std::int64_t offset : {-1, 0, 1})
    expect_unchanged(with_picture([=](Value x) { return pad_like(halved(x), x, {offset}); }));
}

TEST(OnnxSizes, KeepMeansOfAsManyBinsAsBefore) {
  const Graph graph = with_picture([](Value x) {
    return add(adaptive_avg_pool2d(x, {{2, 3}}), adaptive_avg_pool2d(x, {1}));
  });
  expect_unchanged(graph);
  const onnx::ModelProto model = export_model(graph, {});
  ASSERT_EQ(model.functions_size(), 1) << "one definition for both";
  EXPECT_EQ(model.functions(0).domain(), "inlay");
  EXPECT_EQ(model.functions(0).name(), "AdaptiveAveragePool");
}

// A transposed convolution and a crop_like come back.
TEST(OnnxSizes, KeepNailsAtTheSizeOfAnother) {
  there_and_back(with_picture([](Value x) { return bed_of_nails2d(subsample2d(x), {}, x); }));
}

TEST(OnnxSizes, AreFollowedThroughGatherAndConcat) {
  ForeignFile file;
  file.add("Relu", {"x"}, "r");
  file.add("Shape", {"r"}, "shape");
  std::vector<std::string> sizes{file.numbers({1, 2})};
  for (const std::int64_t axis : {2, -1}) {
    const std::string name = "extent" + std::to_string(axis);
    file.add("Gather", {"shape", file.numbers({axis})}, name);
    file.add("Unsqueeze", {name, file.numbers({0})}, name + "_list");
    sizes.push_back(name + "_list");
  }
  file.add("Concat", sizes, "sizes");
  set(file.add("MaxPool", {"x"}, "p"), "kernel_shape", std::vector<std::int64_t>{2, 2});
  file.add("Resize", {"p", "", "", "sizes"}, "y");
  EXPECT_THAT(file.read(), HasSubstr("resize2d_like(%2, %1) : f32 1x2x8x12"));
}

TEST(OnnxSizes, ThatAreNoPicturesAreNumbers) {
  ForeignFile file;
  file.add("Shape", {"x"}, "shape");
  file.add("Mul", {"shape", file.numbers({1, 1, 2, 3})}, "sizes");
  file.add("Resize", {"x", "", "", "sizes"}, "y");
  EXPECT_THAT(file.read(), HasSubstr("resize2d(x) {size=[16, 36]} : f32 1x2x16x36"));
}

TEST(OnnxSizes, MayBePartsOfAShape) {
  ForeignFile file;
  onnx::NodeProto& shape = file.add("Shape", {"x"}, "end");
  set(shape, "start", std::int64_t{2});
  set(shape, "end", std::int64_t{-1});
  file.add("Sub", {"end", file.numbers({3})}, "less");
  file.add("Slice", {"x", file.numbers({1}), "less", file.numbers({2})}, "y");
  EXPECT_THAT(file.read(), HasSubstr("slice(x) {axis=2, begin=1, end=5} : f32 1x2x4x12"));
}

TEST(OnnxSizes, OutOfRangeAreErrors) {
  const auto error = [](const std::string& type, std::vector<std::int64_t> a, std::vector<std::int64_t> b) {
    ForeignFile file;
    file.add(type, {file.numbers(a), file.numbers(b)}, "y");
    return input_error([&] { file.read(); });
  };
  EXPECT_THAT(error("Add", {INT64_MAX}, {1}),
              HasSubstr("node 'y' (Add): the size Add of 9223372036854775807 and 1 is no whole number that can be"));
  EXPECT_THAT(error("Sub", {INT64_MIN}, {1}), HasSubstr("the size Sub of"));
  EXPECT_THAT(error("Mul", {INT64_MAX}, {2}), HasSubstr("the size Mul of"));
  EXPECT_THAT(error("Div", {7}, {0}), HasSubstr("the size Div of 7 and 0"));
  EXPECT_THAT(error("Div", {INT64_MIN}, {-1}), HasSubstr("the size Div of"));
  EXPECT_THAT(error("Add", {1, 2}, {1, 2, 3}), HasSubstr("2 and 3 sizes cannot be put together"));
  EXPECT_THAT(error("Gather", {1, 2}, {2}), HasSubstr("position 2 is asked for, but there are 2 numbers"));
}

}  // namespace
}  // namespace inlay
