#include <algorithm>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/crop_like_onnx.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"

namespace inlay {
namespace {

Shape grown(const Shape& x, const Padding& p) { return {x[0], x[1], x[2] + p.top + p.bottom, x[3] + p.left + p.right}; }

void check_padding(const PadOptions& o, const Shape& x) {
  const Padding& p = o.padding;
  if (p.top < 0 || p.left < 0 || p.bottom < 0 || p.right < 0)
    fail_input("padding is [{}, {}, {}, {}], expected >= 0", p.top, p.left, p.bottom, p.right);
  if (o.mode == PadMode::reflect && (std::max(p.top, p.bottom) >= x[2] || std::max(p.left, p.right) >= x[3]))
    fail_input("reflection by [{}, {}, {}, {}] needs more rows and columns than {}x{}", p.top, p.left, p.bottom,
               p.right, x[2], x[3]);
}

Shape cropped(const Shape& x, const Padding& p) {
  if (p.top < 0 || p.left < 0 || p.bottom < 0 || p.right < 0)
    fail_input("the amounts are [{}, {}, {}, {}], expected >= 0", p.top, p.left, p.bottom, p.right);
  if (p.top + p.bottom >= x[2] || p.left + p.right >= x[3])
    fail_input("cutting off [{}, {}, {}, {}] leaves nothing of {}x{}", p.top, p.left, p.bottom, p.right, x[2], x[3]);
  return {x[0], x[1], x[2] - p.top - p.bottom, x[3] - p.left - p.right};
}

/// Calls body(index in the small picture, index in the padded one) wherever the padded one shows a pixel of the small
/// one.
template <class Body>
void for_each_pixel(const Shape& small, const PadOptions& o, Body&& body) {
  const Shape large = grown(small, o.padding);
  const auto source = [&](std::int64_t at, std::int64_t size) {
    if (o.mode == PadMode::zero) return at >= 0 && at < size ? at : -1;
    return at < 0 ? -at : at >= size ? 2 * size - 2 - at : at;
  };
  for (std::int64_t plane = 0; plane < small[0] * small[1]; ++plane)
    for (std::int64_t y = 0; y < large[2]; ++y)
      for (std::int64_t x = 0; x < large[3]; ++x) {
        const std::int64_t sy = source(y - o.padding.top, small[2]), sx = source(x - o.padding.left, small[3]);
        if (sy < 0 || sx < 0) continue;
        body(static_cast<std::size_t>((plane * small[2] + sy) * small[3] + sx),
             static_cast<std::size_t>((plane * large[2] + y) * large[3] + x));
      }
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<PadOptions>(attributes);
  expect_picture("x", in[0]);
  check_padding(o, in[0].shape);
  return {{DType::f32, grown(in[0].shape, o.padding)}};
}

std::vector<Value> gradient(const GradientCall& call) {
  return {pad_transpose(call.output_gradients[0], from_attributes<PadOptions>(call.node.attributes))};
}

void reference(const ReferenceCall& call) {
  for_each_pixel(
      call.inputs[0]->type.shape, from_attributes<PadOptions>(call.attributes),
      [&](std::size_t small, std::size_t large) { call.outputs[0].data[large] = call.inputs[0]->data[small]; });
}

std::vector<TensorType> transpose_shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<PadOptions>(attributes);
  expect_picture("x", in[0]);
  const Shape small = cropped(in[0].shape, o.padding);
  check_padding(o, small);
  return {{DType::f32, small}};
}

std::vector<Value> transpose_gradient(const GradientCall& call) {
  return {pad(call.output_gradients[0], from_attributes<PadOptions>(call.node.attributes))};
}

void transpose_reference(const ReferenceCall& call) {
  for_each_pixel(
      call.outputs[0].type.shape, from_attributes<PadOptions>(call.attributes),
      [&](std::size_t small, std::size_t large) { call.outputs[0].data[small] += call.inputs[0]->data[large]; });
}

std::vector<TensorType> crop_shape(const Attributes& attributes, TypeList in) {
  expect_picture("x", in[0]);
  return {{DType::f32, cropped(in[0].shape, from_attributes<CropOptions>(attributes).amounts)}};
}

std::vector<Value> crop_gradient(const GradientCall& call) {
  return {pad(call.output_gradients[0], {from_attributes<CropOptions>(call.node.attributes).amounts})};
}

void crop_reference(const ReferenceCall& call) {
  for_each_pixel(
      call.outputs[0].type.shape, {from_attributes<CropOptions>(call.attributes).amounts},
      [&](std::size_t small, std::size_t large) { call.outputs[0].data[small] = call.inputs[0]->data[large]; });
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<PadOptions>(node.attributes);
  const Padding& p = o.padding;
  const std::string pads = onnx.constant("pads", {0, 0, p.top, p.left, 0, 0, p.bottom, p.right});
  OnnxNode pad_node{"Pad", {onnx.name(node.inputs[0]), pads}, {onnx.name(node.outputs[0])}, {}};
  pad_node.attributes.set("mode", std::string(o.mode == PadMode::zero ? "constant" : "reflect"));
  onnx.add(std::move(pad_node));
}

void crop_to_onnx(OnnxExporter& onnx, const Node& node) {
  const Padding p = from_attributes<CropOptions>(node.attributes).amounts;
  const auto end = [](std::int64_t amount) { return amount > 0 ? -amount : INT64_MAX; };
  onnx.add(
      {"Slice",
       {onnx.name(node.inputs[0]), onnx.constant("starts", {p.top, p.left}),
        onnx.constant("ends", {end(p.bottom), end(p.right)}), onnx.constant("axes", std::vector<std::int64_t>{2, 3})},
       {onnx.name(node.outputs[0])},
       {}});
}

/// x with channels of zeros added or, where the amounts are negative, channels cut off.
Value with_channels(Value x, std::int64_t front, std::int64_t behind) {
  const std::int64_t begin = std::max<std::int64_t>(0, -front), end = x.shape()[1] - std::max<std::int64_t>(0, -behind);
  if (begin > 0 || end < x.shape()[1]) x = slice(x, {1, begin, end});
  if (front <= 0 && behind <= 0) return x;
  return pad_channels(x, {std::max<std::int64_t>(0, front), std::max<std::int64_t>(0, behind)});
}

/// Negative amounts cut off.
std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  const Value x = onnx.value(node.inputs.at(0));
  const auto mode = onnx_attribute<std::string>(node, "mode", "constant");
  if (mode != "constant" && mode != "reflect")
    fail_input("the mode '{}' is not supported, only constant and reflect", mode);
  if (const std::string value = input_name(node, 2); mode == "constant" && !value.empty()) {
    const auto numbers = onnx.floats(value);
    if (!numbers || (!numbers->empty() && numbers->front() != 0)) fail_input("padding is supported with zeros only");
  }
  if (mode == "constant" && onnx_attribute<double>(node, "value", 0) != 0)
    fail_input("padding is supported with zeros only");
  if (!input_name(node, 3).empty()) fail_input("axes are not supported, only pads for all axes");
  if (const Value padded = mode == "constant" ? read_pad_like(onnx, node) : Value()) return {padded};
  const auto p = onnx_integers(onnx, node, 1, "pads").value_or(std::vector<std::int64_t>{});
  if (p.size() != 8 || p[0] != 0 || p[4] != 0 || (mode == "reflect" && (p[1] != 0 || p[5] != 0)))
    fail_input("pads are [{}], expected eight numbers that leave the batch alone, and in reflection the channels too",
               fmt::join(p, ", "));
  const auto part = [&](std::int64_t sign) {
    const auto at = [&](std::size_t i) { return std::max<std::int64_t>(0, sign * p[i]); };
    return Padding{at(2), at(3), at(6), at(7)};
  };
  const Value changed = with_channels(x, p[1], p[5]);
  const Value small = part(-1) == Padding(0) ? changed : crop(changed, part(-1));
  return {part(1) == Padding(0) ? small : pad(small, {part(1), mode == "constant" ? PadMode::zero : PadMode::reflect})};
}

constexpr OnnxImport kImports[] = {{"Pad", from_onnx}};

}  // namespace

const Operator kPad{.name = "pad",
                    .shape = shape,
                    .gradient = gradient,
                    .reference = reference,
                    .to_onnx = to_onnx,
                    .from_onnx = kImports};

/// Of reflection; that of zero padding is the crop.
const Operator kPadTranspose{.name = "pad_transpose",
                             .shape = transpose_shape,
                             .gradient = transpose_gradient,
                             .reference = transpose_reference};

const Operator kCrop{.name = "crop",
                     .shape = crop_shape,
                     .gradient = crop_gradient,
                     .reference = crop_reference,
                     .to_onnx = crop_to_onnx};

Value pad(Value x, const PadOptions& options) { return x.graph().add_node(kPad, to_attributes(options), {x})[0]; }

Value pad_transpose(Value x, const PadOptions& options) {
  if (options.mode == PadMode::zero) return crop(x, options.padding);
  return x.graph().add_node(kPadTranspose, to_attributes(options), {x})[0];
}

Value crop(Value x, Padding amounts) { return x.graph().add_node(kCrop, to_attributes(CropOptions{amounts}), {x})[0]; }

}  // namespace inlay
