// Convolutions of which the most likely channel of each pixel is all that is wanted.
#include "graph/options.h"
#include "runtime/cpu/conv/kernel.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

ConvProblem forward(const Attributes& attributes, const std::vector<Buffer>& in) {
  const auto o = from_attributes<Conv2dOptions>(attributes);
  return {.geometry = conv_geometry(in[0].type, in[1].type, o.stride, o.padding, o.dilation, o.groups)};
}

/// Of windows that lie side by side: each pixel becomes one.
ConvProblem transposed(const Attributes& attributes, const std::vector<Buffer>& in) {
  const auto o = from_attributes<ConvTranspose2dOptions>(attributes);
  const Shape &from = in[0].type.shape, &weight = in[1].type.shape;
  const TensorType result{DType::f32, {from[0], weight[1], from[2] * weight[2], from[3] * weight[3]}};
  return {.direction = ConvDirection::backward_data,
          .geometry = conv_geometry(result, in[1].type, o.stride, o.padding, o.dilation, o.groups)};
}

using ProblemOf = ConvProblem (*)(const Attributes&, const std::vector<Buffer>&);

/// The logits lie as what they are made of.
template <ProblemOf kProblem>
LayoutChoice layout(const LayoutQuery& query) {
  const auto [x, y] = conv_blocks(kProblem(query.attributes, query.inputs), query);
  return {{x == y ? x : 1, 1, 1}, {1}};
}

ConvAddresses addresses(const Pointers& at, bool forward) {
  ConvAddresses result{{at.inputs[0]}, at.outputs[0], at.inputs[1], at.inputs[2], at.scratch};
  if (!forward) std::swap(result.x[0], result.y);
  return result;
}

template <ProblemOf kProblem>
std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  ConvProblem p = kProblem(spec.attributes, spec.inputs);
  p.bias = !is_absent(spec.inputs[2].type);
  p.labels = true;
  p.x_block = p.y_block = spec.inputs[0].block;
  p.constant_weights = spec.constant[1];
  constexpr bool kForward = kProblem == forward;
  return make_conv_kernel(p, spec, [](const Pointers& at) { return addresses(at, kForward); });
}

}  // namespace

const CpuKernel kConv2dMostLikelyKernel{.op = "conv2d_most_likely", .layout = layout<forward>, .make = make<forward>};
const CpuKernel kConvTranspose2dMostLikelyKernel{
    .op = "conv_transpose2d_most_likely", .layout = layout<transposed>, .make = make<transposed>};

}  // namespace inlay
