#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/onednn_conv.h"

namespace inlay {
namespace {

using onednn::ConvProblem;

ConvProblem problem(const Attributes& attributes, const std::vector<Buffer>& in) {
  const auto o = from_attributes<Conv2dOptions>(attributes);
  return {.direction = onednn::Direction::forward,
          .geometry = conv_geometry(in[0].type, in[1].type, o.stride, o.padding, o.dilation, o.groups),
          .bias = !is_absent(in[2].type),
          .relu = o.activation == Activation::relu};
}

class Conv2d : public Kernel {
 public:
  Conv2d(const ConvProblem& p, const KernelSpec& spec) : conv_(p, spec.tuner) {}
  std::size_t scratch_bytes() const override { return conv_.scratch_bytes(); }
  std::size_t packed_bytes() const override { return conv_.packed_bytes(); }
  void bind(const Pointers& p) override { conv_.bind(p.inputs[0], p.outputs[0], p.inputs[1], p.inputs[2], p.scratch); }
  void run(std::uint64_t) override { conv_.run(); }
  std::string describe() const override { return conv_.algorithm(); }

 private:
  onednn::ConvCall conv_;
};

LayoutChoice layout(const LayoutQuery& query) {
  const auto [x, y] = onednn::conv_blocks(problem(query.attributes, query.inputs), query.preferred_block);
  return {{x, 1, 1}, {y}};
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  ConvProblem p = problem(spec.attributes, spec.inputs);
  p.x_block = spec.inputs[0].block;
  p.constant_weights = spec.constant[1];
  p.y_block = spec.outputs[0].block;
  return std::make_unique<Conv2d>(p, spec);
}

}  // namespace

const CpuKernel kConv2dKernel{.op = "conv2d", .layout = layout, .make = make};

}  // namespace inlay
