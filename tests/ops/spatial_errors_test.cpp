// What the operators on shapes and planes say when shapes or options do not fit.
#include <gtest/gtest.h>

#include <functional>

#include "inlay/error.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

struct Misuse {
  const char* message;  // part of it
  Shape x;
  std::function<void(Value)> use;
};

Value like(Value x, Shape shape) { return fill(x.graph(), shape, 0); }

const std::vector<Misuse>& misuses() {
  static const std::vector<Misuse> all{
      {"smaller than the window of 5", {1, 1, 4, 4}, [](Value x) { max_pool2d(x, {.kernel = 5}); }},
      {"the padding 2+2 along the height must be >= 0 and smaller than the window of 2",
       {1, 1, 4, 4},
       [](Value x) { avg_pool2d(x, {.padding = 2}); }},
      {"the kernel is 0x0, expected >= 1", {1, 1, 4, 4}, [](Value x) { max_pool2d(x, {.kernel = 0}); }},
      {"stride is -1x-1, expected >= 0", {1, 1, 4, 4}, [](Value x) { max_pool2d(x, {.stride = -1}); }},
      {"dilation is 0x0, expected >= 1", {1, 1, 4, 4}, [](Value x) { max_pool2d(x, {.dilation = 0}); }},
      {"smaller than the window of 5", {1, 1, 4, 4}, [](Value x) { max_pool2d(x, {.kernel = 3, .dilation = 2}); }},
      {"the height 3 is smaller than the dilation of 4: a window that starts in the padding would be empty",
       {1, 1, 3, 9},
       [](Value x) {
         max_pool2d(x, {.kernel = 2, .stride = 1, .padding = {4, 0}, .dilation = 4});
       }},
      {"average pooling takes no dilation", {1, 1, 4, 4}, [](Value x) { avg_pool2d(x, {.dilation = 2}); }},
      {"expected f32 with shape NxCxHxW", {4, 4}, [](Value x) { global_avg_pool(x); }},
      {"expected i32 1x1x4x4", {1, 1, 4, 4}, [](Value x) { max_unpool2d(x, x, x); }},
      {"batch size and channels must agree",
       {1, 1, 4, 4},
       [](Value x) {
         max_unpool2d(max_pool2d(x).values, max_pool2d(x).indices, like(x, {1, 2, 4, 4}));
       }},
      {"expected i32 1x1xHxW", {1, 1, 4, 4}, [](Value x) { gather2d(x, x); }},
      {"x is f32 1x1x4x4, expected f32 1x1x3x3",
       {1, 1, 4, 4},
       [](Value x) {
         avg_pool2d_transpose(x, like(x, {1, 1, 6, 6}));
       }},
      {"expected either a scale or a size", {1, 1, 4, 4}, [](Value x) { resize2d(x, {}); }},
      {"expected either a scale or a size", {1, 1, 4, 4}, [](Value x) { resize2d(x, {.scale = 2, .size = 8}); }},
      {"the scale is -1x-1, expected > 0", {1, 1, 4, 4}, [](Value x) { resize2d(x, {.scale = -1}); }},
      {"1x1x4x4 would become 0x0", {1, 1, 4, 4}, [](Value x) { resize2d(x, {.scale = 0.1}); }},
      {"1x1x3x3 resizes to 1x1x6x6, x is 1x1x4x4",
       {1, 1, 4, 4},
       [](Value x) {
         resize2d_transpose(x, like(x, {1, 1, 3, 3}), {.scale = 2});
       }},
      {"stride is 0x0, expected >= 1", {1, 1, 4, 4}, [](Value x) { subsample2d(x, {0}); }},
      {"every 2x2th pixel of 1x1x5x5 makes 1x1x3x3, x is 1x1x4x4",
       {1, 1, 4, 4},
       [](Value x) {
         bed_of_nails2d(x, {}, like(x, {1, 1, 5, 5}));
       }},
      {"padding is [-1, 0, 0, 0], expected >= 0",
       {1, 1, 4, 4},
       [](Value x) {
         pad(x, {{-1, 0, 0, 0}});
       }},
      {"reflection by [4, 0, 0, 0] needs more rows and columns than 4x4",
       {1, 1, 4, 4},
       [](Value x) {
         pad(x, {{4, 0, 0, 0}, PadMode::reflect});
       }},
      {"the amounts are [0, -1, 0, 0], expected >= 0",
       {1, 1, 4, 4},
       [](Value x) {
         crop(x, {0, -1, 0, 0});
       }},
      {"cutting off [2, 0, 2, 0] leaves nothing of 4x4",
       {1, 1, 4, 4},
       [](Value x) {
         crop(x, {2, 0});
       }},
      {"5x3 does not fit into 4x4",
       {1, 1, 4, 4},
       [](Value x) {
         crop_like(x, like(x, {1, 1, 5, 3}));
       }},
      {"4x4 does not fit into 6x3",
       {1, 1, 4, 4},
       [](Value x) {
         pad_like(x, like(x, {1, 1, 6, 3}));
       }},
      {"2x3 from row and column 2 on does not fit into 4x4",
       {1, 1, 4, 4},
       [](Value x) {
         crop_like(x, like(x, {1, 1, 2, 3}), {2});
       }},
      {"the offset is -2, expected >= 0, or -1 for the middle", {1, 1, 4, 4}, [](Value x) { crop_like(x, x, {-2}); }},
      {"-1 channels in front and 0 behind, expected >= 0",
       {1, 1, 4, 4},
       [](Value x) { pad_channels(x, {.front = -1}); }},
      {"expected f32 with shape NxCxHxW", {4, 4}, [](Value x) { pad_channels(x, {.front = 1}); }},
      {"low is 2 and high is 1, expected low <= high",
       {4, 4},
       [](Value x) {
         clip(x, {2, 1});
       }},
      {"the size is 0x2, expected >= 1",
       {1, 1, 4, 4},
       [](Value x) {
         adaptive_avg_pool2d(x, {{0, 2}});
       }},
      {"x is f32 1x1x4x4, expected f32 1x1x2x2",
       {1, 1, 4, 4},
       [](Value x) {
         adaptive_avg_pool2d_transpose(x, like(x, {1, 1, 7, 7}), {2});
       }},
      {"heights 4 and 5 differ",
       {1, 1, 4, 4},
       [](Value x) {
         concat(std::vector{x, like(x, {1, 1, 5, 4})});
       }},
      {"extents 3 and 4 differ",
       {2, 3},
       [](Value x) {
         concat(std::vector{x, like(x, {2, 4})}, {0});
       }},
      {"kind and rank must agree",
       {1, 1, 4, 4},
       [](Value x) {
         concat(std::vector{x, like(x, {4})});
       }},
      {"axis 4 is not among the 4 axes",
       {1, 1, 4, 4},
       [](Value x) {
         concat(std::vector{x, x}, {4});
       }},
      {"expected at least one tensor", {1}, [](Value) { concat({}); }},
      {"axis -1 is not among the 4 axes",
       {1, 1, 4, 4},
       [](Value x) {
         slice(x, {-1, 0, 1});
       }},
      {"2 to 5 is no range within the extent 4 of axis 3",
       {1, 1, 4, 4},
       [](Value x) {
         slice(x, {3, 2, 5});
       }},
      {"has 16 elements, 3x5 has 15",
       {1, 1, 4, 4},
       [](Value x) {
         reshape(x, {3, 5});
       }},
      {"axis 2 is not among the 2 axes", {2, 3}, [](Value x) { reduce_sum(x, {2}); }},
      {"axis 1 is named twice",
       {2, 3},
       [](Value x) {
         reduce_sum(x, {1, 1});
       }},
      {"x is 2x3, which does not repeat to 2x6",
       {2, 3},
       [](Value x) {
         broadcast_like(x, like(x, {2, 6}));
       }},
  };
  return all;
}

TEST(SpatialErrors, SayWhatWasExpected) {
  for (const Misuse& misuse : misuses()) {
    SCOPED_TRACE(misuse.message);
    Graph graph;
    const Value x = graph.input("x", {DType::f32, misuse.x});
    try {
      misuse.use(x);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(misuse.message), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace inlay
