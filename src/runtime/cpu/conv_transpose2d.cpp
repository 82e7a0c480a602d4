#include "base/threads.h"
#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/onednn_conv.h"

namespace inlay {
namespace {

using onednn::ConvProblem;

ConvProblem problem(const Attributes& attributes, const std::vector<Buffer>& in, const TensorType& out) {
  const auto o = from_attributes<ConvTranspose2dOptions>(attributes);
  return {.direction = onednn::Direction::backward_data,
          .geometry = conv_geometry(out, in[1].type, o.stride, o.padding, o.dilation, o.groups)};
}

template <int B>
void add_bias(float* y, const float* bias, const ConvGeometry& g) {
  const std::int64_t blocks = (g.c + B - 1) / B, pixels = g.h * g.w;
  parallel_ranges(
      g.n * blocks,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t plane = begin; plane < end; ++plane) {
          float added[B] = {};
          for (std::int64_t c = plane % blocks * B, i = 0; i < B && c + i < g.c; ++i) added[i] = bias[c + i];
          float* to = y + plane * pixels * B;
          for (std::int64_t pixel = 0; pixel < pixels; ++pixel)
            for (int i = 0; i < B; ++i) to[pixel * B + i] += added[i];
        }
      },
      g.n * g.c * pixels);
}

class ConvTranspose2d : public Kernel {
 public:
  ConvTranspose2d(const ConvProblem& p, const KernelSpec& spec) : problem_(p), conv_(p, spec.tuner) {}
  std::size_t scratch_bytes() const override { return conv_.scratch_bytes(); }
  std::size_t packed_bytes() const override { return conv_.packed_bytes(); }
  void bind(const Pointers& p) override {
    Kernel::bind(p);
    conv_.bind(p.outputs[0], p.inputs[0], p.inputs[1], nullptr, p.scratch);
  }
  void run(std::uint64_t) override {
    conv_.run();
    if (pointers_.inputs[2] == nullptr) return;
    with_block(problem_.x_block,
               [&]<int B>() { add_bias<B>(pointers_.out<float>(0), pointers_.in<float>(2), problem_.geometry); });
  }
  std::string describe() const override { return conv_.algorithm(); }

 private:
  ConvProblem problem_;
  onednn::ConvCall conv_;
};

LayoutChoice layout(const LayoutQuery& query) {
  const auto [out, in] =
      onednn::conv_blocks(problem(query.attributes, query.inputs, query.outputs[0]), query.preferred_block);
  return {{in, 1, 1}, {out}};
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  ConvProblem p = problem(spec.attributes, spec.inputs, spec.outputs[0].type);
  p.x_block = spec.outputs[0].block;
  p.constant_weights = spec.constant[1];
  p.y_block = spec.inputs[0].block;
  return std::make_unique<ConvTranspose2d>(p, spec);
}

}  // namespace

const CpuKernel kConvTranspose2dKernel{.op = "conv_transpose2d", .layout = layout, .make = make};

}  // namespace inlay
