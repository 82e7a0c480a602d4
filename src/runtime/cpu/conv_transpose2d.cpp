#include "graph/options.h"
#include "runtime/cpu/conv/kernel.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

constexpr std::size_t kNormX = 3;  // the input that norm_sums are taken with; its numbers come behind it

ConvProblem problem(const Attributes& attributes, const std::vector<Buffer>& in, std::span<const Buffer> parts) {
  const TensorType out = joined_type(parts, Sources(1, {}));
  const auto o = from_attributes<ConvTranspose2dOptions>(attributes);
  return {.direction = ConvDirection::backward_data,
          .geometry = conv_geometry(out, in[1].type, o.stride, o.padding, o.dilation, o.groups),
          .bias = !is_absent(in[2].type),
          .x_parts = part_channels(parts, 1),
          .norm_sums = o.norm_sums};
}

/// The results that are pictures: all, or the first one, in front of the sums.
std::size_t pictures(const Attributes& attributes, std::size_t outputs) {
  return from_attributes<ConvTranspose2dOptions>(attributes).norm_sums ? 1 : outputs;
}

LayoutChoice layout(const LayoutQuery& query) {
  std::vector<Buffer> parts;
  for (std::size_t i = 0; i < pictures(query.attributes, query.outputs.size()); ++i)
    parts.push_back({query.outputs[i]});
  const auto [out, in] = conv_blocks(problem(query.attributes, query.inputs, parts), query);
  LayoutChoice choice{std::vector<int>(query.inputs.size(), 1), std::vector<int>(query.outputs.size(), 1)};
  choice.inputs[0] = in;
  if (query.inputs.size() > kNormX) choice.inputs[kNormX] = out;
  std::fill_n(choice.outputs.begin(), parts.size(), out);
  return choice;
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  const std::size_t count = pictures(spec.attributes, spec.outputs.size());
  ConvProblem p = problem(spec.attributes, spec.inputs, std::span(spec.outputs).first(count));
  p.x_block = spec.outputs[0].block;
  p.y_block = spec.inputs[0].block;
  p.constant_weights = spec.constant[1];
  return make_conv_kernel(p, spec, [count](const Pointers& at) {
    ConvAddresses result{.x = {at.outputs.begin(), at.outputs.begin() + static_cast<std::ptrdiff_t>(count)},
                         .y = at.inputs[0],
                         .weights = at.inputs[1],
                         .bias = at.inputs[2],
                         .scratch = at.scratch};
    if (at.inputs.size() <= kNormX) return result;
    result.other = at.inputs[kNormX];
    result.normals.assign(at.inputs.begin() + kNormX + 1, at.inputs.end());
    result.dscale = at.outputs[1];
    result.dshift = at.outputs[2];
    return result;
  });
}

}  // namespace

const CpuKernel kConvTranspose2dKernel{.op = "conv_transpose2d", .layout = layout, .make = make};

}  // namespace inlay
