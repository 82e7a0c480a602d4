#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/joined.h"
#include "ops/operators.h"
#include "ops/pool_geometry.h"

namespace inlay {
namespace {

/// x, and what it is read through when a pass has joined the pool with a batch norm and its ReLU.
Sources sources(std::size_t inputs) {
  return {1, inputs > 1 ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>()};
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  if (in.size() > 1) sources(in.size()).joined(in);
  const auto g = pool_geometry(from_attributes<Pool2dOptions>(attributes), in[0]);
  return {{DType::f32, g.output()}, {DType::i32, g.output()}};
}

std::vector<Value> gradient(const GradientCall& call) {
  expect_unfused(call.node, 1, 2);
  return {max_unpool2d(call.output_gradients[0], call.node.outputs[1], call.node.inputs[0])};
}

void reference(const ReferenceCall& call) {
  const ReferenceTensor read = sources(call.inputs.size()).joined(call.inputs);
  const auto g = pool_geometry(from_attributes<Pool2dOptions>(call.attributes), read.type);
  for (std::int64_t plane = 0; plane < g.n * g.c; ++plane) {
    const double* x = read.data.data() + plane * g.h * g.w;
    for (std::int64_t oy = 0; oy < g.oh; ++oy)
      for (std::int64_t ox = 0; ox < g.ow; ++ox) {
        std::int64_t best = -1;
        for (std::int64_t ky = 0; ky < g.kernel.h; ++ky)
          for (std::int64_t kx = 0; kx < g.kernel.w; ++kx) {
            const std::int64_t iy = oy * g.stride.h - g.padding.top + ky * g.dilation.h;
            const std::int64_t ix = ox * g.stride.w - g.padding.left + kx * g.dilation.w;
            if (iy < 0 || iy >= g.h || ix < 0 || ix >= g.w) continue;
            if (best < 0 || x[iy * g.w + ix] > x[best]) best = iy * g.w + ix;
          }
        const auto at = static_cast<std::size_t>((plane * g.oh + oy) * g.ow + ox);
        call.outputs[0].data[at] = x[best];
        call.outputs[1].data[at] = static_cast<double>(best);
      }
  }
}

Window window(const Attributes& attributes, TypeList) {
  return pool_window(from_attributes<Pool2dOptions>(attributes));
}

/// ONNX counts positions over the whole tensor, we over one plane: nothing but MaxUnpool may read them.
void to_onnx(OnnxExporter& onnx, const Node& node) {
  expect_unfused(node, 1, 2);
  OnnxNode pool{"MaxPool", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0]), onnx.name(node.outputs[1])}, {}};
  write_pool(pool, from_attributes<Pool2dOptions>(node.attributes));
  onnx.add(std::move(pool));
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  const Value x = onnx.value(node.inputs.at(0));
  const Pool2dOptions o = read_pool(node);
  if (o.kernel == Size2(1) && o.padding == Padding(0) && node.outputs.size() < 2) return {subsample2d(x, {o.stride})};
  const MaxPool pool = max_pool2d(x, o);
  return {pool.values, pool.indices};
}

constexpr OnnxImport kImports[] = {{"MaxPool", from_onnx}};

}  // namespace

const Operator kMaxPool2d{.name = "max_pool2d",
                          .shape = shape,
                          .gradient = gradient,
                          .reference = reference,
                          .window = window,
                          .to_onnx = to_onnx,
                          .from_onnx = kImports};

MaxPool max_pool2d(Value x, const Pool2dOptions& options) {
  const auto outputs = x.graph().add_node(kMaxPool2d, to_attributes(options), {x});
  return {outputs[0], outputs[1]};
}

}  // namespace inlay
