#include "graph/options.h"
#include "runtime/cpu/conv/kernel.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

constexpr std::size_t kMore = 3;  // inputs from here on are further sources

ConvProblem problem(const Attributes& attributes, const std::vector<Buffer>& in) {
  const auto o = from_attributes<Conv2dOptions>(attributes);
  return {.direction = ConvDirection::forward,
          .geometry = conv_geometry(joined_type(in, kMore), in[1].type, o.stride, o.padding, o.dilation, o.groups),
          .bias = !is_absent(in[2].type),
          .relu = o.activation == Activation::relu,
          .x_parts = part_channels(in, kMore)};
}

LayoutChoice layout(const LayoutQuery& query) {
  const auto [x, y] = conv_blocks(problem(query.attributes, query.inputs), query);
  LayoutChoice choice{std::vector<int>(query.inputs.size(), x), {y}};
  choice.inputs[1] = choice.inputs[2] = 1;
  return choice;
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  ConvProblem p = problem(spec.attributes, spec.inputs);
  p.x_block = spec.inputs[0].block;
  p.y_block = spec.outputs[0].block;
  p.constant_weights = spec.constant[1];
  return make_conv_kernel(p, spec, [](const Pointers& at) {
    return ConvAddresses{part_addresses(at.inputs, kMore), at.outputs[0], at.inputs[1], at.inputs[2], at.scratch};
  });
}

}  // namespace

const CpuKernel kConv2dKernel{.op = "conv2d", .layout = layout, .make = make};

}  // namespace inlay
