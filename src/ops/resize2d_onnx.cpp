#include "ops/resize2d_onnx.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "inlay/ops.h"
#include "ops/onnx_attributes.h"
#include "ops/resample.h"

namespace inlay {
namespace {

constexpr std::array<std::string_view, 3> kModes{"nearest", "linear", "cubic"};

OnnxNode resize_node(OnnxExporter& onnx, const Node& node, const Resize2dOptions& o) {
  OnnxNode resize{"Resize", {onnx.name(node.inputs[0]), ""}, {onnx.name(node.outputs[0])}, {}};
  resize.attributes.set("mode", std::string(kModes[static_cast<std::size_t>(o.mode)]));
  resize.attributes.set("coordinate_transformation_mode",
                        std::string(enum_names(o.coordinates)[static_cast<std::size_t>(o.coordinates)]));
  if (o.mode == Interpolation::nearest)
    resize.attributes.set("nearest_mode",
                          std::string(o.coordinates == Coordinates::asymmetric ? "floor" : "round_prefer_floor"));
  if (o.mode == Interpolation::bicubic) resize.attributes.set("cubic_coeff_a", o.cubic_coefficient);
  return resize;
}

double round_as(std::string_view rounding, double position) {
  if (rounding == "floor") return std::floor(position);
  if (rounding == "ceil") return std::ceil(position);
  if (rounding == "round_prefer_ceil") return std::floor(position + 0.5);
  if (rounding == "round_prefer_floor") return std::ceil(position - 0.5);
  fail_input("unknown nearest_mode '{}'", rounding);
}

/// Our rounding is fixed by the coordinates; another one is accepted where it picks the same pixels.
void check_rounding(std::string_view rounding, std::int64_t in, std::int64_t out, double scale,
                    const Resize2dOptions& o) {
  const auto ours = resample_taps(in, out, scale, o);
  Resize2dOptions linear = o;
  linear.mode = Interpolation::bilinear;
  const auto exact = resample_taps(in, out, scale, linear);
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double position =
        static_cast<double>(exact[i][0].index) + (exact[i][1].index > exact[i][0].index ? exact[i][1].weight : 0);
    if (static_cast<std::int64_t>(round_as(rounding, position)) != ours[i][0].index)
      fail_input(
          "nearest_mode '{}' from {} to {} pixels picks others than this program's; expected floor with asymmetric "
          "coordinates or round_prefer_floor with the others",
          rounding, in, out);
  }
}

Coordinates read_coordinates(const std::string& name, const Shape& result) {
  if (name == "half_pixel") return Coordinates::half_pixel;
  if (name == "align_corners") return Coordinates::align_corners;
  if (name == "asymmetric") return Coordinates::asymmetric;
  if (name == "pytorch_half_pixel" && result[2] > 1 && result[3] > 1) return Coordinates::half_pixel;
  fail_input("coordinate_transformation_mode '{}' is not supported", name);
}

Interpolation read_mode(const std::string& name) {
  const auto found = std::ranges::find(kModes, name);
  if (found == kModes.end()) fail_input("mode '{}' is not supported, only nearest, linear and cubic", name);
  return static_cast<Interpolation>(found - kModes.begin());
}

Scale2 read_scales(const std::vector<double>& scales) {
  if (scales.size() != 4 || scales[0] != 1 || scales[1] != 1)
    fail_input("scales are [{}], expected [1, 1, height, width]", fmt::join(scales, ", "));
  return {scales[2], scales[3]};
}

/// Of which picture the sizes are height and width; an empty Value when they are of none.
Value same_size_as(const std::vector<SizeTerm>& sizes) {
  const bool extents = sizes[2].kind == SizeTerm::Kind::extent && sizes[3].kind == SizeTerm::Kind::extent;
  const bool picture = extents && sizes[2].of == sizes[3].of && sizes[2].axis == 2 && sizes[3].axis == 3;
  return picture && sizes[2].of.shape().rank() == 4 ? sizes[2].of : Value();
}

}  // namespace

void write_resize(OnnxExporter& onnx, const Node& node, const Resize2dOptions& o) {
  OnnxNode resize = resize_node(onnx, node, o);
  if (o.scale != Scale2(0)) {
    resize.inputs.push_back(onnx.constant(
        "scales", Tensor::of<float>({4}, {1, 1, static_cast<float>(o.scale.h), static_cast<float>(o.scale.w)})));
  } else {
    const Shape& y = node.outputs[0].shape();
    resize.inputs.insert(resize.inputs.end(),
                         {"", onnx.constant("sizes", std::vector<std::int64_t>(y.begin(), y.end()))});
  }
  onnx.add(std::move(resize));
}

void write_resize_like(OnnxExporter& onnx, const Node& node, const Resize2dOptions& o) {
  const auto part_of_shape = [&](const Value& value, std::int64_t begin, std::int64_t end) {
    const std::string extents = onnx.fresh("shape"), part = onnx.fresh("extents");
    const auto number = [&](std::int64_t n) { return onnx.constant("number", std::vector{n}); };
    onnx.add({"Shape", {onnx.name(value)}, {extents}, {}});
    onnx.add({"Slice", {extents, number(begin), number(end), number(0)}, {part}, {}});
    return part;
  };
  const std::string sizes = onnx.fresh("sizes");
  OnnxNode join{"Concat", {part_of_shape(node.inputs[0], 0, 2), part_of_shape(node.inputs[1], 2, 4)}, {sizes}, {}};
  join.attributes.set("axis", std::int64_t{0});
  onnx.add(std::move(join));
  OnnxNode resize = resize_node(onnx, node, o);
  resize.inputs.insert(resize.inputs.end(), {"", sizes});
  onnx.add(std::move(resize));
}

std::vector<Value> read_resize(OnnxImporter& onnx, const OnnxNode& node) {
  const Value x = onnx.value(node.inputs.at(0));
  Value like;
  Resize2dOptions o;
  if (x.shape().rank() != 4) fail_input("x is {}, expected a picture", to_string(x.type()));
  if (const std::string sizes_name = input_name(node, 3); !sizes_name.empty()) {
    const auto sizes = onnx_integers(onnx, node, 3, "sizes").value();
    if (sizes.size() != 4 || sizes[0] != x.shape()[0] || sizes[1] != x.shape()[1])
      fail_input("sizes are [{}], expected {}x{} and a height and width", fmt::join(sizes, ", "), x.shape()[0],
                 x.shape()[1]);
    o.size = {sizes[2], sizes[3]};
    like = same_size_as(onnx.sizes(sizes_name).value());
  } else {
    const auto scales = onnx.floats(input_name(node, 2));
    if (!scales) fail_input("the scales are computed by the network, expected constant numbers");
    o.scale = read_scales(*scales);
  }
  if (onnx_attribute<std::int64_t>(node, "exclude_outside", 0) != 0) fail_input("exclude_outside is not supported");
  if (onnx_attribute<std::int64_t>(node, "antialias", 0) != 0) fail_input("antialias is not supported");
  if (onnx_attribute<std::string>(node, "keep_aspect_ratio_policy", "stretch") != "stretch")
    fail_input("only the policy stretch is supported");
  o.mode = read_mode(onnx_attribute<std::string>(node, "mode", "nearest"));
  const Shape result = resized_shape(x.shape(), o);
  o.coordinates =
      read_coordinates(onnx_attribute<std::string>(node, "coordinate_transformation_mode", "half_pixel"), result);
  o.cubic_coefficient = onnx_attribute<double>(node, "cubic_coeff_a", -0.75);
  if (o.mode != Interpolation::bicubic) o.cubic_coefficient = Resize2dOptions{}.cubic_coefficient;
  if (o.mode == Interpolation::nearest) {
    const auto rounding = onnx_attribute<std::string>(node, "nearest_mode", "round_prefer_floor");
    check_rounding(rounding, x.shape()[2], result[2], o.scale.h, o);
    check_rounding(rounding, x.shape()[3], result[3], o.scale.w, o);
  }
  return {like ? resize2d_like(x, like, o) : resize2d(x, o)};
}

std::vector<Value> read_upsample(OnnxImporter& onnx, const OnnxNode& node) {
  Resize2dOptions o{.coordinates = Coordinates::asymmetric};
  o.mode = read_mode(onnx_attribute<std::string>(node, "mode", "nearest"));
  std::vector<double> scales = onnx_attribute<std::vector<double>>(node, "scales", {});
  if (scales.empty()) scales = onnx.floats(input_name(node, 1)).value_or(std::vector<double>{});
  o.scale = read_scales(scales);
  return {resize2d(onnx.value(node.inputs.at(0)), o)};
}

}  // namespace inlay
