// Single operators on the shapes of a U-Net of width 64 at 512x512: GFLOP/s for convolutions, GB/s for the rest.
#include <benchmark/benchmark.h>

#include <functional>

#include "inlay/ops.h"
#include "inlay/program.h"

namespace {

using namespace inlay;

using Build = std::function<void(Graph&)>;

Value picture(Graph& graph, const char* name, std::int64_t channels, std::int64_t side) {
  return graph.input(name, {DType::f32, {1, channels, side, side}});
}

Value weight(Graph& graph, const char* name, const Shape& shape) {
  return graph.add_leaf(LeafKind::parameter, name, {DType::f32, shape});
}

/// Runs the whole graph, but times only the steps of `op`: inputs are plain, and their reorders are not what is
/// measured.
void run(benchmark::State& state, const std::string& op, const Build& build) {
  Graph graph;
  build(graph);
  Bindings leaves;
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind != LeafKind::input) leaves[leaf.name()] = Tensor::filled(leaf.shape(), 0.01f);
  Program program(graph, leaves, {}, {.constant_parameters = false});
  double seconds = 0, flops = 0, bytes = 0;
  for (auto _ : state) {
    double step_seconds = 0;
    for (const StepProfile& step : program.profile(1)) {
      if (step.op != op) continue;
      step_seconds += step.seconds;
      flops += 2.0 * static_cast<double>(step.multiply_adds);
      bytes += static_cast<double>(step.bytes);
    }
    state.SetIterationTime(step_seconds);
    seconds += step_seconds;
  }
  if (flops > 0) state.counters["GFLOP/s"] = flops / seconds / 1e9;
  state.counters["GB/s"] = bytes / seconds / 1e9;
}

void add(const std::string& name, const std::string& op, Build build) {
  benchmark::RegisterBenchmark((name).c_str(),
                               [op, build = std::move(build)](benchmark::State& state) { run(state, op, build); })
      ->UseManualTime()
      ->Unit(benchmark::kMillisecond)
      ->MinTime(0.2);
}

void add_convolutions() {
  for (const auto& [channels, side] : {std::pair{64, 512}, {128, 256}, {256, 128}, {512, 64}, {1024, 32}}) {
    const std::string size = std::to_string(channels) + "x" + std::to_string(side);
    const Shape w{channels, channels, 3, 3};
    add("conv2d_3x3/" + size, "conv2d", [=](Graph& g) {
      g.set_output("y", conv2d(picture(g, "x", channels, side), weight(g, "w", w), {.padding = 1}));
    });
    add("conv2d_3x3_data_gradient/" + size, "conv_transpose2d", [=](Graph& g) {
      g.set_output("y", conv_transpose2d(picture(g, "x", channels, side), weight(g, "w", w), {.padding = 1}));
    });
    add("conv2d_3x3_weight_gradient/" + size, "conv2d_weight_grad", [=](Graph& g) {
      g.set_output("y", conv2d_weight_grad(picture(g, "x", channels, side), picture(g, "dy", channels, side),
                                           {.padding = 1, .kernel = 3})[0]);
    });
  }
  add("conv2d_3x3/3to64x512", "conv2d", [](Graph& g) {
    g.set_output("y", conv2d(picture(g, "x", 3, 512), weight(g, "w", {64, 3, 3, 3}), {.padding = 1}));
  });
  add("conv2d_1x1/64to21x512", "conv2d", [](Graph& g) {
    g.set_output("y", conv2d(picture(g, "x", 64, 512), weight(g, "w", {21, 64, 1, 1})));
  });
  add("conv_transpose2d_2x2/128to64x256", "conv_transpose2d", [](Graph& g) {
    g.set_output("y", conv_transpose2d(picture(g, "x", 128, 256), weight(g, "w", {128, 64, 2, 2}), {.stride = 2}));
  });
}

void add_memory_bound() {
  // A 1x1 convolution in front puts the picture into the layout that it has inside a network.
  const auto inside = [](Graph& g) { return conv2d(picture(g, "x", 64, 512), weight(g, "w", {64, 64, 1, 1})); };
  add("relu/64x512", "relu", [=](Graph& g) {
    const Value x = inside(g);
    g.set_output("y", relu(inlay::add(x, x)));
  });
  add("max_pool2d/64x512", "max_pool2d", [=](Graph& g) { g.set_output("y", max_pool2d(inside(g)).values); });
  add("batch_norm_training/64x512", "batch_norm", [=](Graph& g) {
    const auto vector = [&](const char* name, LeafKind kind) { return g.add_leaf(kind, name, {DType::f32, {64}}); };
    g.set_output("y",
                 batch_norm(inside(g), vector("scale", LeafKind::parameter), vector("shift", LeafKind::parameter),
                            vector("mean", LeafKind::state), vector("variance", LeafKind::state), {.training = true}));
  });
  add("concat/64+64x512", "concat", [=](Graph& g) {
    const Value x = inside(g);
    const Value both[] = {x, relu(x)};
    g.set_output("y", relu(concat(both)));
  });
  add("dropout/64x512", "dropout", [=](Graph& g) { g.set_output("y", dropout(inside(g), {.training = true})); });
  add("resize2d_bilinear/64x256", "resize2d", [=](Graph& g) {
    g.set_output("y", resize2d(max_pool2d(inside(g)).values, {.scale = 2, .mode = Interpolation::bilinear}));
  });
  add("cross_entropy/21x512", "cross_entropy", [](Graph& g) {
    g.set_output("y", cross_entropy(picture(g, "x", 21, 512), g.input("labels", {DType::u8, {1, 512, 512}})));
  });
}

}  // namespace

int main(int argc, char** argv) {
  add_convolutions();
  add_memory_bound();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
