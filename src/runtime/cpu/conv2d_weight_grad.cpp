#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/onednn_conv.h"

namespace inlay {
namespace {

using onednn::ConvProblem;

ConvProblem problem(const Attributes& attributes, const std::vector<Buffer>& in) {
  const auto o = from_attributes<Conv2dWeightGradOptions>(attributes);
  const TensorType weight{DType::f32, {in[1].type.shape[1], in[0].type.shape[1] / o.groups, o.kernel.h, o.kernel.w}};
  return {.direction = onednn::Direction::backward_weights,
          .geometry = conv_geometry(in[0].type, weight, o.stride, o.padding, o.dilation, o.groups),
          .bias = o.bias};
}

class Conv2dWeightGrad : public Kernel {
 public:
  Conv2dWeightGrad(const ConvProblem& p, const KernelSpec& spec) : bias_(p.bias), conv_(p, spec.tuner) {}
  std::size_t scratch_bytes() const override { return conv_.scratch_bytes(); }
  void bind(const Pointers& p) override {
    conv_.bind(p.inputs[0], p.inputs[1], p.outputs[0], bias_ ? p.outputs[1] : nullptr, p.scratch);
  }
  void run(std::uint64_t) override { conv_.run(); }
  std::string describe() const override { return conv_.algorithm(); }

 private:
  bool bias_;
  onednn::ConvCall conv_;
};

LayoutChoice layout(const LayoutQuery& query) {
  const auto [x, y] = onednn::conv_blocks(problem(query.attributes, query.inputs), query.preferred_block);
  return {{x, y}, std::vector<int>(query.outputs.size(), 1)};
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  ConvProblem p = problem(spec.attributes, spec.inputs);
  p.x_block = spec.inputs[0].block;
  p.y_block = spec.inputs[1].block;
  return std::make_unique<Conv2dWeightGrad>(p, spec);
}

}  // namespace

const CpuKernel kConv2dWeightGradKernel{.op = "conv2d_weight_grad", .layout = layout, .make = make};

}  // namespace inlay
