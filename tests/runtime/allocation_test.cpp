// After warm-up a training step allocates nothing. oneDNN's own bookkeeping inside dnnl_primitive_execute is set apart:
// the test stands in for that function, so whatever Inlay itself allocates still counts.
#include <dlfcn.h>
#include <dnnl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "compiler/autodiff.h"
#include "inlay/loss_ops.h"
#include "inlay/ops.h"
#include "inlay/program.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace {

std::atomic<long> ours{0}, onednns{0};
thread_local bool inside_onednn = false;

}  // namespace

// Not inlined: GCC would see free() on what new returned.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++(inside_onednn ? onednns : ours);
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++(inside_onednn ? onednns : ours);
  return std::malloc(size ? size : 1);
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  ++(inside_onednn ? onednns : ours);
  const auto a = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(a, (size + a - 1) / a * a)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

extern "C" dnnl_status_t dnnl_primitive_execute(const_dnnl_primitive_t primitive, dnnl_stream_t stream, int count,
                                                const dnnl_exec_arg_t* arguments) {
  using Function = dnnl_status_t (*)(const_dnnl_primitive_t, dnnl_stream_t, int, const dnnl_exec_arg_t*);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "dnnl_primitive_execute"));
  inside_onednn = true;
  const dnnl_status_t status = real(primitive, stream, count, arguments);
  inside_onednn = false;
  return status;
}

namespace inlay::testing {
namespace {

class Allocation : public ::testing::TestWithParam<std::string> {};

TEST_P(Allocation, TenTrainingStepsAllocateNothing) {
  Graph graph;
  std::vector<Value> parameters;
  ReferenceValues numbers;
  const auto leaf = [&](std::string name, Shape shape, LeafKind kind) {
    numbers[name] = draw({name, {DType::f32, shape}, Fill::positive}, 1);
    const Value value = graph.add_leaf(kind, name, {DType::f32, shape});
    if (kind == LeafKind::parameter) parameters.push_back(value);
    return value;
  };
  const Value x = leaf("x", {2, 3, 32, 32}, LeafKind::input);
  const Value labels = graph.input("labels", {DType::u8, {2, 32, 32}});
  numbers["labels"] = draw({"labels", labels.type(), Fill::labels, 5}, 1);
  Value y = conv2d(x, leaf("a", {16, 3, 3, 3}, LeafKind::parameter), {.padding = 1});
  y = batch_norm(y, leaf("scale", {16}, LeafKind::parameter), leaf("shift", {16}, LeafKind::parameter),
                 leaf("mean", {16}, LeafKind::state), leaf("variance", {16}, LeafKind::state), {.training = true});
  const Value skip = relu(y);
  y = dropout(max_pool2d(skip).values, {.training = true});
  y = conv_transpose2d(y, leaf("up", {16, 16, 2, 2}, LeafKind::parameter), leaf("up_bias", {16}, LeafKind::parameter),
                       {.stride = 2});
  const Value both[] = {y, skip};
  y = conv2d(concat(both), leaf("head", {5, 32, 1, 1}, LeafKind::parameter),
             leaf("head_bias", {5}, LeafKind::parameter));
  const Value hard = cross_entropy(y, labels, {}, hard_pixels(y, labels, {}, {}, {.threshold = 0, .keep = 0.5}));
  Value loss = add(cross_entropy(y, labels), dice_loss(y, labels));
  for (const Value& other : {hard, focal_loss(y, labels, {}, {}, {.smoothing = 0.1}), lovasz_loss(y, labels)})
    loss = add(loss, other);
  const auto d = gradients(loss, parameters);
  graph.set_output("loss", loss);
  for (std::size_t i = 0; i < d.size(); ++i) graph.set_output("d" + std::to_string(i), d[i]);

  Program program(graph, tensors_for(graph, numbers), {},
                  {.threads = 2, .constant_parameters = false, .tune = false, .skip_algorithms = {GetParam()}});
  for (int warm_up = 0; warm_up < 3; ++warm_up) program.run(1);
  ours = onednns = 0;
  for (std::uint64_t step = 0; step < 10; ++step) program.run(step);
  EXPECT_EQ(ours, 0);
  if (GetParam() == "few_channels") {
    EXPECT_GT(onednns, 0) << "the stand-in for dnnl_primitive_execute was not called";
  }
}

INSTANTIATE_TEST_SUITE_P(Without, Allocation, ::testing::Values("few_channels", "onednn_winograd"),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace inlay::testing
