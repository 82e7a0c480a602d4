#include "graph/options.h"
#include "runtime/cpu/conv/kernel.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

ConvProblem problem(const Attributes& attributes, const std::vector<Buffer>& in, std::span<const Buffer> parts) {
  const TensorType out = joined_type(parts, 1);
  const auto o = from_attributes<ConvTranspose2dOptions>(attributes);
  return {.direction = ConvDirection::backward_data,
          .geometry = conv_geometry(out, in[1].type, o.stride, o.padding, o.dilation, o.groups),
          .bias = !is_absent(in[2].type),
          .x_parts = part_channels(parts, 1)};
}

LayoutChoice layout(const LayoutQuery& query) {
  std::vector<Buffer> parts;
  for (const TensorType& type : query.outputs) parts.push_back({type});
  const auto [out, in] = conv_blocks(problem(query.attributes, query.inputs, parts), query);
  return {{in, 1, 1}, std::vector<int>(parts.size(), out)};
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  ConvProblem p = problem(spec.attributes, spec.inputs, spec.outputs);
  p.x_block = spec.outputs[0].block;
  p.y_block = spec.inputs[0].block;
  p.constant_weights = spec.constant[1];
  return make_conv_kernel(p, spec, [](const Pointers& at) {
    return ConvAddresses{at.outputs, at.inputs[0], at.inputs[1], at.inputs[2], at.scratch};
  });
}

}  // namespace

const CpuKernel kConvTranspose2dKernel{.op = "conv_transpose2d", .layout = layout, .make = make};

}  // namespace inlay
