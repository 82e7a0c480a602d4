#include "graph/options.h"
#include "ops/conv2d_inputs.h"
#include "runtime/cpu/conv/kernel.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

ConvProblem problem(const Attributes& attributes, const std::vector<Buffer>& in) {
  const auto o = from_attributes<Conv2dWeightGradOptions>(attributes);
  const Sources sources = weight_grad_sources(o);
  const TensorType x = joined_type(in, sources);
  const TensorType weight{DType::f32, {in[1].type.shape[1], x.shape[1] / o.groups, o.kernel.h, o.kernel.w}};
  return {.direction = ConvDirection::backward_weights,
          .geometry = conv_geometry(x, weight, o.stride, o.padding, o.dilation, o.groups),
          .bias = o.bias,
          .x_parts = part_channels(in, sources.more),
          .normalised = sources.normalised,
          .up_sampled = sources.up_sampled,
          .up_sampling = sources.up_sampling};
}

LayoutChoice layout(const LayoutQuery& query) {
  const auto [x, y] = conv_blocks(problem(query.attributes, query.inputs), query);
  LayoutChoice choice{std::vector<int>(query.inputs.size(), x), std::vector<int>(query.outputs.size(), 1)};
  choice.inputs[1] = y;
  const Sources sources = weight_grad_sources(from_attributes<Conv2dWeightGradOptions>(query.attributes));
  std::fill(choice.inputs.begin() + sources.normals, choice.inputs.begin() + sources.more, 1);
  return choice;
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  ConvProblem p = problem(spec.attributes, spec.inputs);
  p.x_block = spec.inputs[0].block;
  p.y_block = spec.inputs[1].block;
  const Sources sources = weight_grad_sources(from_attributes<Conv2dWeightGradOptions>(spec.attributes));
  return make_conv_kernel(p, spec, [sources](const Pointers& at) {
    return ConvAddresses{.x = part_addresses(at.inputs, sources.more),
                         .y = at.inputs[1],
                         .weights = at.outputs[0],
                         .bias = at.outputs.size() > 1 ? at.outputs[1] : nullptr,
                         .scratch = at.scratch,
                         .normals = normal_addresses(at.inputs, sources)};
  });
}

}  // namespace

const CpuKernel kConv2dWeightGradKernel{.op = "conv2d_weight_grad", .layout = layout, .make = make};

}  // namespace inlay
