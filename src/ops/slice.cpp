#include <algorithm>
#include <numeric>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/crop_like_onnx.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<SliceOptions>(attributes);
  Shape result = in[0].shape;
  if (o.axis < 0 || o.axis >= result.rank())
    fail_input("axis {} is not among the {} axes of {}", o.axis, result.rank(), to_string(in[0]));
  std::int64_t& extent = result[static_cast<int>(o.axis)];
  if (o.begin < 0 || o.end <= o.begin || o.end > extent)
    fail_input("{} to {} is no range within the extent {} of axis {}", o.begin, o.end, extent, o.axis);
  extent = o.end - o.begin;
  return {{in[0].dtype, result}};
}

/// Zeros in front and behind.
std::vector<Value> gradient(const GradientCall& call) {
  const auto o = from_attributes<SliceOptions>(call.node.attributes);
  const Value dy = call.output_gradients[0];
  Shape zeros = call.node.inputs[0].shape();
  const auto axis = static_cast<int>(o.axis);
  const std::int64_t behind = zeros[axis] - o.end;
  std::vector<Value> parts;
  zeros[axis] = o.begin;
  if (o.begin > 0) parts.push_back(fill(dy.graph(), zeros, 0));
  parts.push_back(dy);
  zeros[axis] = behind;
  if (behind > 0) parts.push_back(fill(dy.graph(), zeros, 0));
  return {parts.size() == 1 ? dy : concat(parts, {o.axis})};
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<SliceOptions>(call.attributes);
  const ReferenceTensor& x = *call.inputs[0];
  std::int64_t outer = 1, inner = 1;
  for (int i = 0; i < x.type.shape.rank(); ++i) {
    if (i < o.axis) outer *= x.type.shape[i];
    if (i > o.axis) inner *= x.type.shape[i];
  }
  const std::int64_t extent = x.type.shape[static_cast<int>(o.axis)];
  auto to = call.outputs[0].data.begin();
  for (std::int64_t i = 0; i < outer; ++i)
    to = std::copy_n(x.data.begin() + (i * extent + o.begin) * inner, (o.end - o.begin) * inner, to);
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<SliceOptions>(node.attributes);
  onnx.add({"Slice",
            {onnx.name(node.inputs[0]), onnx.constant("starts", std::vector{o.begin}),
             onnx.constant("ends", std::vector{o.end}), onnx.constant("axes", std::vector{o.axis})},
            {onnx.name(node.outputs[0])},
            {}});
}

/// Negative positions count from the end, positions beyond it are clipped; steps only forwards and over whole pictures.
std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  if (const Value cropped = read_crop_like(onnx, node)) return {cropped};
  Value x = onnx.value(node.inputs.at(0));
  const auto starts = onnx_integers(onnx, node, 1, "starts").value_or(std::vector<std::int64_t>{});
  const auto ends = onnx_integers(onnx, node, 2, "ends").value_or(std::vector<std::int64_t>{});
  std::vector<std::int64_t> axes(starts.size());
  std::iota(axes.begin(), axes.end(), 0);
  axes = onnx_integers(onnx, node, 3, "axes").value_or(axes);
  const auto steps = onnx_integers(onnx, node, 4, "steps").value_or(std::vector<std::int64_t>(starts.size(), 1));
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    fail_input("starts, ends, axes and steps have {}, {}, {} and {} numbers", starts.size(), ends.size(), axes.size(),
               steps.size());
  Size2 stride = 1;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::int64_t axis = onnx_axis(axes[i], x.shape());
    if (axis < 0 || axis >= x.shape().rank())
      fail_input("axis {} is not among the {} axes of {}", axes[i], x.shape().rank(), to_string(x.shape()));
    const std::int64_t extent = x.shape()[static_cast<int>(axis)];
    const auto position = [extent](std::int64_t at) {
      return std::clamp<std::int64_t>(at < 0 ? at + extent : at, 0, extent);
    };
    if (steps[i] < 1 || (steps[i] > 1 && (axis < 2 || x.shape().rank() != 4)))
      fail_input("a step of {} along axis {} is not supported", steps[i], axis);
    if (steps[i] > 1) (axis == 2 ? stride.h : stride.w) = steps[i];
    if (position(starts[i]) != 0 || position(ends[i]) != extent)
      x = slice(x, {axis, position(starts[i]), position(ends[i])});
  }
  return {stride == Size2(1) ? x : subsample2d(x, {stride})};
}

constexpr OnnxImport kImports[] = {{"Slice", from_onnx}};

}  // namespace

const Operator kSlice{.name = "slice",
                      .shape = shape,
                      .gradient = gradient,
                      .reference = reference,
                      .to_onnx = to_onnx,
                      .from_onnx = kImports};

Value slice(Value x, const SliceOptions& options) { return x.graph().add_node(kSlice, to_attributes(options), {x})[0]; }

}  // namespace inlay
