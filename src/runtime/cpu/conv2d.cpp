#include "graph/options.h"
#include "ops/conv2d_inputs.h"
#include "runtime/cpu/conv/kernel.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

ConvProblem problem(const Attributes& attributes, const std::vector<Buffer>& in) {
  const auto o = from_attributes<Conv2dOptions>(attributes);
  const Sources sources = Conv2dInputs(o).sources;
  return {.direction = ConvDirection::forward,
          .geometry = conv_geometry(joined_type(in, sources), in[1].type, o.stride, o.padding, o.dilation, o.groups),
          .bias = !is_absent(in[2].type),
          .add = o.add,
          .activation = o.activation,
          .slope = o.slope,
          .statistics = o.statistics,
          .max_pool = o.max_pool,
          .x_parts = part_channels(in, sources.more),
          .normalised = sources.normalised,
          .up_sampled = sources.up_sampled,
          .up_sampling = sources.up_sampling};
}

LayoutChoice layout(const LayoutQuery& query) {
  const auto [x, y] = conv_blocks(problem(query.attributes, query.inputs), query);
  LayoutChoice choice{std::vector<int>(query.inputs.size(), x), std::vector<int>(query.outputs.size(), 1)};
  choice.outputs[0] = y;
  choice.inputs[1] = choice.inputs[2] = 1;
  const auto o = from_attributes<Conv2dOptions>(query.attributes);
  if (o.max_pool) choice.outputs[1] = y;
  const Conv2dInputs at(o);
  if (at.other > 0) choice.inputs[at.other] = y;
  if (at.slope > 0) choice.inputs[at.slope] = 1;
  std::fill(choice.inputs.begin() + at.sources.normals, choice.inputs.begin() + at.sources.more, 1);
  return choice;
}

/// What is added may lie where y goes.
std::uint32_t in_place(const Attributes& attributes) {
  const Conv2dInputs at(from_attributes<Conv2dOptions>(attributes));
  return at.other > 0 ? std::uint32_t{1} << at.other : 0;
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  ConvProblem p = problem(spec.attributes, spec.inputs);
  p.x_block = spec.inputs[0].block;
  p.y_block = spec.outputs[0].block;
  p.constant_weights = spec.constant[1];
  const Conv2dInputs at(from_attributes<Conv2dOptions>(spec.attributes));
  return make_conv_kernel(p, spec, [at, pool = p.max_pool, statistics = p.statistics](const Pointers& of) {
    return ConvAddresses{.x = part_addresses(of.inputs, at.sources.more),
                         .y = of.outputs[0],
                         .weights = of.inputs[1],
                         .bias = of.inputs[2],
                         .scratch = of.scratch,
                         .other = at.other > 0 ? of.inputs[at.other] : nullptr,
                         .slopes = at.slope > 0 ? of.inputs[at.slope] : nullptr,
                         .normals = normal_addresses(of.inputs, at.sources),
                         .pooled = pool ? of.outputs[1] : nullptr,
                         .mean = statistics ? of.outputs[1] : nullptr,
                         .variance = statistics ? of.outputs[2] : nullptr};
  });
}

}  // namespace

const CpuKernel kConv2dKernel{.op = "conv2d", .layout = layout, .make = make, .in_place_with = in_place};

}  // namespace inlay
