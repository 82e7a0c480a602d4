#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/conv2d_inputs.h"
#include "ops/conv_geometry.h"
#include "ops/operators.h"

namespace inlay {
namespace {

ConvGeometry geometry(const Conv2dWeightGradOptions& o, const TensorType& x, const TensorType& dy) {
  expect_picture("x", x);
  expect_picture("dy", dy);
  if (o.groups < 1 || x.shape[1] % o.groups != 0)
    fail_input("{} groups do not divide {} input channels", o.groups, x.shape[1]);
  const TensorType weight{DType::f32, {dy.shape[1], x.shape[1] / o.groups, o.kernel.h, o.kernel.w}};
  const auto g = conv_geometry(x, weight, o.stride, o.padding, o.dilation, o.groups);
  expect_type("dy", dy, DType::f32, {g.n, g.m, g.oh, g.ow});
  return g;
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<Conv2dWeightGradOptions>(attributes);
  const auto g = geometry(o, weight_grad_sources(o).joined(in), in[1]);
  std::vector<TensorType> types{{DType::f32, {g.m, g.c / g.groups, g.kh, g.kw}}};
  if (o.bias) types.push_back({DType::f32, {g.m}});
  return types;
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<Conv2dWeightGradOptions>(call.attributes);
  const ReferenceTensor x = weight_grad_sources(o).joined(call.inputs);
  const auto& dy = *call.inputs[1];
  const auto g = geometry(o, x.type, dy.type);
  auto& dw = call.outputs[0].data;
  for_each_product(g, [&](std::int64_t xi, std::int64_t yi, std::int64_t wi) { dw[wi] += x.data[xi] * dy.data[yi]; });
  if (!o.bias) return;
  for (std::size_t i = 0; i < dy.data.size(); ++i)
    call.outputs[1].data[static_cast<std::int64_t>(i) / (g.oh * g.ow) % g.m] += dy.data[i];
}

std::int64_t multiply_adds(const Attributes& attributes, TypeList in, TypeList) {
  const auto o = from_attributes<Conv2dWeightGradOptions>(attributes);
  return geometry(o, weight_grad_sources(o).joined(in), in[1]).multiply_adds();
}

}  // namespace

/// Inputs: x, dy, then further sources joined with x.
const Operator kConv2dWeightGrad{
    .name = "conv2d_weight_grad", .shape = shape, .reference = reference, .multiply_adds = multiply_adds};

std::vector<Value> conv2d_weight_grad(Value x, Value dy, const Conv2dWeightGradOptions& options) {
  return x.graph().add_node(kConv2dWeightGrad, to_attributes(options), {x, dy});
}

}  // namespace inlay
