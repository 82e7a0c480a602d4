// The options of the operators, under the names that PyTorch and ONNX use. Sizes are in pixels.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace inlay {

/// Height and width; one number means both.
struct Size2 {
  std::int64_t h, w;
  constexpr Size2(std::int64_t both) : h(both), w(both) {}
  constexpr Size2(std::int64_t height, std::int64_t width) : h(height), w(width) {}
  bool operator==(const Size2&) const = default;
};

/// Factors along height and width; one number means both.
struct Scale2 {
  double h, w;
  constexpr Scale2(double both) : h(both), w(both) {}
  constexpr Scale2(double height, double width) : h(height), w(width) {}
  bool operator==(const Scale2&) const = default;
};

/// Rows and columns added on each side; one number means all four, two mean vertical and horizontal.
struct Padding {
  std::int64_t top, left, bottom, right;
  constexpr Padding(std::int64_t all) : Padding(all, all) {}
  constexpr Padding(std::int64_t vertical, std::int64_t horizontal)
      : Padding(vertical, horizontal, vertical, horizontal) {}
  constexpr Padding(std::int64_t t, std::int64_t l, std::int64_t b, std::int64_t r)
      : top(t), left(l), bottom(b), right(r) {}
  bool operator==(const Padding&) const = default;
};

enum class Interpolation : std::uint8_t { nearest, bilinear, bicubic };
constexpr auto enum_names(Interpolation) { return std::array<std::string_view, 3>{"nearest", "bilinear", "bicubic"}; }

/// What a convolution or a batch norm applies to its result before storing it. Set by compiler passes.
/// Batch norm has none or relu.
enum class Activation : std::uint8_t { none, relu, leaky_relu, prelu };
constexpr auto enum_names(Activation) { return std::array<std::string_view, 4>{"none", "relu", "leaky_relu", "prelu"}; }

struct Conv2dOptions {
  Size2 stride = 1;
  Padding padding = 0;
  Size2 dilation = 1;
  std::int64_t groups = 1;
  bool add = false;  // another input is added in front of the activation; set by compiler passes
  Activation activation = Activation::none;
  double slope = 0.01;                   // of leaky_relu
  std::vector<std::int64_t> normalised;  // sources that are read through batch norm and ReLU; set by compiler passes
  std::vector<std::int64_t> up_sampled;  // sources of half the size, read up-sampled by two; set by compiler passes
  Interpolation up_sampling = Interpolation::nearest;  // how: nearest or bilinear, half_pixel
  bool statistics = false;  // two more outputs: mean and variance of each channel of y; set by compiler passes
  bool max_pool = false;    // one more output: the largest of every 2x2 pixels of y; set by compiler passes
  static void visit(auto& self, auto&& field) {
    field("stride", self.stride);
    field("padding", self.padding);
    field("dilation", self.dilation);
    field("groups", self.groups);
    field("add", self.add);
    field("activation", self.activation);
    field("slope", self.slope);
    field("normalised", self.normalised);
    field("up_sampled", self.up_sampled);
    field("up_sampling", self.up_sampling);
    field("statistics", self.statistics);
    field("max_pool", self.max_pool);
  }
};

struct ConvTranspose2dOptions {
  Size2 stride = 1;
  Padding padding = 0;
  Size2 dilation = 1;
  std::int64_t groups = 1;
  Size2 output_padding = 0;         // rows and columns added at the bottom and right, each below the stride
  std::vector<std::int64_t> split;  // channels of several outputs instead of one; set by compiler passes
  bool norm_sums = false;  // two more outputs: the gradients of scale and shift of a batch norm with ReLU whose result
                           // this is the gradient of; set by compiler passes
  static void visit(auto& self, auto&& field) {
    field("stride", self.stride);
    field("padding", self.padding);
    field("dilation", self.dilation);
    field("groups", self.groups);
    field("output_padding", self.output_padding);
    field("split", self.split);
    field("norm_sums", self.norm_sums);
  }
};

/// The gradient of conv2d with respect to its weights.
struct Conv2dWeightGradOptions {
  Size2 stride = 1;
  Padding padding = 0;
  Size2 dilation = 1;
  std::int64_t groups = 1;
  Size2 kernel = 1;
  bool bias = false;                                 // a second output: the gradient of the bias
  std::vector<std::int64_t> normalised, up_sampled;  // as in Conv2dOptions
  Interpolation up_sampling = Interpolation::nearest;
  static void visit(auto& self, auto&& field) {
    field("stride", self.stride);
    field("padding", self.padding);
    field("dilation", self.dilation);
    field("groups", self.groups);
    field("kernel", self.kernel);
    field("bias", self.bias);
    field("normalised", self.normalised);
    field("up_sampled", self.up_sampled);
    field("up_sampling", self.up_sampling);
  }
};

struct Pool2dOptions {
  Size2 kernel = 2;
  Size2 stride = 0;  // 0: as the kernel
  Padding padding = 0;
  Size2 dilation = 1;             // max pooling: from one pixel of a window to the next
  bool ceil_mode = false;         // keep the windows that overhang at the bottom and right
  bool count_include_pad = true;  // average pooling: padded zeros count in the divisor
  static void visit(auto& self, auto&& field) {
    field("kernel", self.kernel);
    field("stride", self.stride);
    field("padding", self.padding);
    field("dilation", self.dilation);
    field("ceil_mode", self.ceil_mode);
    field("count_include_pad", self.count_include_pad);
  }
};

/// Which input position an output pixel looks at (ONNX Resize, coordinate_transformation_mode). With nearest,
/// asymmetric positions are rounded down (PyTorch's "nearest"), the others to the nearest pixel and halves down (ONNX's
/// round_prefer_floor).
enum class Coordinates : std::uint8_t { half_pixel, align_corners, asymmetric };
constexpr auto enum_names(Coordinates) {
  return std::array<std::string_view, 3>{"half_pixel", "align_corners", "asymmetric"};
}

struct Resize2dOptions {
  Scale2 scale = 0;  // output = floor(input * scale); 0: the size is given
  Size2 size = 0;    // 0: the scale is given
  Interpolation mode = Interpolation::nearest;
  Coordinates coordinates = Coordinates::half_pixel;
  double cubic_coefficient = -0.75;  // Keys 1981's a; PyTorch's and OpenCV's value
  static void visit(auto& self, auto&& field) {
    field("scale", self.scale);
    field("size", self.size);
    field("mode", self.mode);
    field("coordinates", self.coordinates);
    field("cubic_coefficient", self.cubic_coefficient);
  }
};

/// subsample2d keeps every stride-th pixel; bed_of_nails2d puts zeros in between.
struct Nails2dOptions {
  Size2 stride = 2;
  static void visit(auto& self, auto&& field) { field("stride", self.stride); }
};

struct BatchNormOptions {
  double epsilon = 1e-5;
  double momentum = 0.1;  // running = (1 - momentum) * running + momentum * batch, as in PyTorch
  bool training = false;
  bool given = false;  // in training: what would be summed over the batch comes as inputs; set by compiler passes
  Activation activation = Activation::none;
  static void visit(auto& self, auto&& field) {
    field("epsilon", self.epsilon);
    field("momentum", self.momentum);
    field("training", self.training);
    field("given", self.given);
    field("activation", self.activation);
  }
};

struct AffineOptions {
  double scale = 1;
  double shift = 0;
  static void visit(auto& self, auto&& field) {
    field("scale", self.scale);
    field("shift", self.shift);
  }
};

struct LeakyReluOptions {
  double slope = 0.01;
  static void visit(auto& self, auto&& field) { field("slope", self.slope); }
};

struct DropoutOptions {
  double probability = 0.5;  // of a zero; the rest is scaled by 1 / (1 - probability)
  bool channels = false;     // zero whole channels (Tompson et al. 2015)
  std::int64_t stream = 0;   // sets dropouts of one graph apart
  bool training = false;     // off: the identity
  static void visit(auto& self, auto&& field) {
    field("probability", self.probability);
    field("channels", self.channels);
    field("stream", self.stream);
    field("training", self.training);
  }
};

struct OneHotOptions {
  std::int64_t classes = 2;
  std::int64_t ignore = 255;
  static void visit(auto& self, auto&& field) {
    field("classes", self.classes);
    field("ignore", self.ignore);
  }
};

struct AxisOptions {
  std::int64_t axis = 1;
  static void visit(auto& self, auto&& field) { field("axis", self.axis); }
};

struct SliceOptions {
  std::int64_t axis = 1;
  std::int64_t begin = 0;
  std::int64_t end = 0;
  static void visit(auto& self, auto&& field) {
    field("axis", self.axis);
    field("begin", self.begin);
    field("end", self.end);
  }
};

struct ShapeOptions {
  std::vector<std::int64_t> shape;  // empty: a scalar
  static void visit(auto& self, auto&& field) { field("shape", self.shape); }
};

struct FillOptions {
  std::vector<std::int64_t> shape;
  double value = 0;
  static void visit(auto& self, auto&& field) {
    field("shape", self.shape);
    field("value", self.value);
  }
};

struct ReduceOptions {
  std::vector<std::int64_t> axes;
  static void visit(auto& self, auto&& field) { field("axes", self.axes); }
};

enum class PadMode : std::uint8_t { zero, reflect };
constexpr auto enum_names(PadMode) { return std::array<std::string_view, 2>{"zero", "reflect"}; }

struct PadOptions {
  Padding padding = 0;
  PadMode mode = PadMode::zero;
  static void visit(auto& self, auto&& field) {
    field("padding", self.padding);
    field("mode", self.mode);
  }
};

struct CropOptions {
  Padding amounts = 0;  // cut off each side
  static void visit(auto& self, auto&& field) { field("amounts", self.amounts); }
};

struct CropLikeOptions {
  std::int64_t offset = -1;  // from the top and left; -1: half of what is too much
  static void visit(auto& self, auto&& field) { field("offset", self.offset); }
};

struct PadChannelsOptions {
  std::int64_t front = 0;
  std::int64_t behind = 0;
  static void visit(auto& self, auto&& field) {
    field("front", self.front);
    field("behind", self.behind);
  }
};

struct AdaptivePool2dOptions {
  Size2 size = 1;
  static void visit(auto& self, auto&& field) { field("size", self.size); }
};

struct ClipOptions {
  double low = 0;
  double high = 6;
  static void visit(auto& self, auto&& field) {
    field("low", self.low);
    field("high", self.high);
  }
};

struct LossOptions {
  std::int64_t ignore = 255;  // the label of pixels that do not count
  static void visit(auto& self, auto&& field) { field("ignore", self.ignore); }
};

}  // namespace inlay
