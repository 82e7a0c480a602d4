// Programs as a whole: bindings, memory, training steps, determinism.
#include "inlay/program.h"

#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "inlay/error.h"
#include "inlay/ops.h"
#include "runtime/cpu/bf16x3/bf16x3.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

/// conv - batch norm - relu - pool - transposed convolution - concat - dropout - conv - loss, with all gradients.
struct SmallNet {
  SmallNet() {
    const Value x = leaf("x", {2, 3, 8, 8}, LeafKind::input);
    const Value labels = graph.input("labels", {DType::u8, {2, 8, 8}});
    numbers["labels"] = draw({"labels", labels.type(), Fill::labels, 4}, 1);
    const Value a = relu(batch_norm(conv2d(x, leaf("a", {16, 3, 3, 3}), {.padding = 1}), leaf("scale", {16}),
                                    leaf("shift", {16}), leaf("mean", {16}, LeafKind::state),
                                    leaf("variance", {16}, LeafKind::state), {.training = true}));
    const Value up =
        conv_transpose2d(max_pool2d(a).values, leaf("up", {16, 16, 2, 2}), leaf("up_bias", {16}), {.stride = 2});
    const Value both[] = {up, a};
    const Value merged = dropout(concat(both), {.probability = 0.25, .training = true});
    const Value logits = conv2d(merged, leaf("head", {4, 32, 1, 1}), leaf("head_bias", {4}));
    const Value loss = cross_entropy(logits, labels);
    const auto d = gradients(loss, parameters);
    graph.set_output("loss", loss);
    for (std::size_t i = 0; i < d.size(); ++i) graph.set_output("d " + parameters[i].name(), d[i]);
  }

  Value leaf(std::string name, Shape shape, LeafKind kind = LeafKind::parameter) {
    numbers[name] = draw({name, {DType::f32, shape}, kind == LeafKind::state ? Fill::positive : Fill::normal}, 1);
    const Value value = graph.add_leaf(kind, name, {DType::f32, shape});
    if (kind == LeafKind::parameter) parameters.push_back(value);
    return value;
  }

  Graph graph;
  std::vector<Value> parameters;
  ReferenceValues numbers;
};

const ProgramOptions kTraining{.threads = 2, .constant_parameters = false};

TEST(Program, TrainingStepMatchesReferenceInEveryLayout) {
  const SmallNet net;
  for (const int block : {1, 8, 16}) {
    std::string worst;
    EXPECT_LT(
        program_error(net.graph, net.numbers, {.threads = 2, .block = block, .constant_parameters = false}, &worst),
        1e-4)
        << worst;
  }
}

TEST(Program, TheSameSeedGivesTheSameBitsAndAnotherSeedOthers) {
  const SmallNet net;
  const auto run = [&](std::uint64_t seed) {
    Program program(net.graph, tensors_for(net.graph, net.numbers), {}, kTraining);
    program.run(seed);
    return to_doubles(program.output("d a"));
  };
  EXPECT_EQ(run(5), run(5));
  EXPECT_NE(run(5), run(6));
}

TEST(Program, StateMovesOnAtEveryRun) {
  const SmallNet net;
  const Bindings tensors = tensors_for(net.graph, net.numbers);
  Program program(net.graph, tensors, {}, kTraining);
  const auto before = to_doubles(tensors.at("mean"));
  program.run();
  const auto once = to_doubles(tensors.at("mean"));
  program.run();
  EXPECT_NE(before, once);
  EXPECT_NE(once, to_doubles(tensors.at("mean")));
}

TEST(Program, OutputsGoWhereTheyAreBound) {
  const SmallNet net;
  const Tensor gradient(DType::f32, {16, 3, 3, 3});
  Program program(net.graph, tensors_for(net.graph, net.numbers), {{"d a", gradient}}, kTraining);
  program.run(2);
  EXPECT_EQ(program.output("d a").raw(), gradient.raw());
  EXPECT_NE(gradient.data<float>()[0], 0.0f);
}

TEST(Program, OutputsLieWhereIntermediateResultsWereAndStayUntilTheNextRun) {
  const TensorType type{DType::f32, {1, 16, 256, 256}};  // 4 MiB
  Graph graph;
  const Value x = graph.input("x", type);
  Value y = x;
  for (int i = 0; i < 3; ++i) y = add(sigmoid(y), sigmoid(affine(y, -1)));
  graph.set_output("early", reduce_sum(sigmoid(x), {1}));
  graph.set_output("y", y);
  Tensor early, late;
  {
    Program program(graph, {});
    early = program.output("early"), late = program.output("y");
    EXPECT_LE(program.arena_bytes(), std::size_t{14} << 20) << "three large ones at a time, y among them";
    program.run();
    EXPECT_EQ(program.output("y").raw(), late.raw());
  }
  EXPECT_EQ(early.data<float>()[0], 8) << "outlives the program";
  EXPECT_GT(late.data<float>()[0], 0.9f);
}

TEST(Program, WeightsThatNobodyElseHoldsAreLetGoOfWhenPacked) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 16, 16, 16}});
  const Value w = graph.add_leaf(LeafKind::parameter, "w", {DType::f32, {16, 16, 3, 3}});
  graph.set_output("y", conv2d(x, w, {}, {.padding = 1}));
  std::weak_ptr<std::byte[]> memory;
  const auto weights = [&] {
    std::shared_ptr<std::byte[]> bytes(new std::byte[16 * 16 * 9 * sizeof(float)]());
    memory = bytes;
    return Bindings{{"w", Tensor::over(bytes, DType::f32, {16, 16, 3, 3})}};
  };
  {
    const Program training(graph, weights(), {}, kTraining);
    EXPECT_FALSE(memory.expired());
  }
  const Program inference(graph, weights(), {}, {.tune = false});
  EXPECT_TRUE(memory.expired());
}

TEST(Program, AnOutputThatIsALeafOrNamedTwice) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 2, 3, 3}});
  const Value y = relu(x);
  graph.set_output("x again", x);
  graph.set_output("y", y);
  graph.set_output("y again", y);
  EXPECT_EQ(program_error(graph, {{"x", draw({"x", x.type()}, 1)}}, {}), 0);
}

TEST(Program, InPlaceStepsKeepWhatIsReadLater) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 16, 3, 3}});
  const Value a = affine(x, 2.0), b = relu(a), c = add(a, b);
  graph.set_output("y", mul(c, b));
  EXPECT_LT(program_error(graph, {{"x", draw({"x", x.type()}, 1)}}, {}), 1e-6);
}

TEST(Program, ActivationsShareMemory) {
  Graph graph;
  Value x = graph.input("x", {DType::f32, {1, 16, 64, 64}});
  for (int i = 0; i < 20; ++i) x = sigmoid(x);
  graph.set_output("y", x);
  Program program(graph, {});
  EXPECT_LE(program.arena_bytes(), std::size_t{2} << 20);  // one buffer of 256 KiB, rounded up to a huge page
}

TEST(Program, ErrorsNameTheBinding) {
  const SmallNet net;
  Bindings tensors = tensors_for(net.graph, net.numbers);
  const auto message = [&](const Bindings& leaves, const Bindings& outputs) -> std::string {
    try {
      Program program(net.graph, leaves, outputs, kTraining);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message(tensors, {{"loss", Tensor(DType::u8, {1})}}), "the tensor bound to 'loss' is u8 1, expected f32 1");
  tensors["scale"] = Tensor(DType::f32, {15});
  EXPECT_EQ(message(tensors, {}), "the tensor bound to 'scale' is f32 15, expected f32 16");
  tensors.erase("scale");
  EXPECT_EQ(message(tensors, {}), "no tensor is bound to 'scale'");
  Program program(net.graph, tensors_for(net.graph, net.numbers), {}, kTraining);
  EXPECT_THROW(program.input("y"), InputError);
  EXPECT_THROW(program.output("x"), InputError);
}

TEST(Program, CountsAlgorithmsAndProfilesSteps) {
  const SmallNet net;
  Program program(net.graph, tensors_for(net.graph, net.numbers), {}, kTraining);
  int convolutions = 0;
  for (const auto& [name, count] : program.algorithms()) {
    EXPECT_NE(name, "reference");
    convolutions += count;
  }
  // Forward, data gradients (none for the image), weight gradients; all of the head are one step with the loss.
  EXPECT_EQ(convolutions, 2 + 1 + 2);
  std::int64_t multiply_adds = 0;
  for (const StepProfile& step : program.profile(2)) {
    ASSERT_EQ(step.runs.size(), 2u);
    EXPECT_GE(step.runs[1].start, step.runs[0].start + step.runs[0].seconds);
    EXPECT_DOUBLE_EQ(step.seconds, step.runs[0].seconds + step.runs[1].seconds);
    multiply_adds += step.multiply_adds;
  }
  EXPECT_GT(multiply_adds, 2 * 16 * 3 * 9 * 64);
}

// Halves of numbers round more than single precision, and a remembered position may move by a pixel for it.
TEST(Program, LabelsByRememberedPositionsWithoutHalvesOfNumbers) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 32, 16, 16}});
  const Value w = graph.add_leaf(LeafKind::parameter, "w", {DType::f32, {32, 32, 3, 3}});
  const Value y = conv2d(x, w, {.padding = 1});
  const MaxPool pool = max_pool2d(y);
  graph.set_output("pooled", pool.values);
  const auto algorithms = [&] {
    const Bindings tensors{{"x", Tensor(DType::f32, x.shape())}, {"w", Tensor(DType::f32, w.shape())}};
    return Program(graph, tensors, {}, {.tune = false}).algorithms();
  };
  EXPECT_EQ(algorithms().contains("bf16x3"), bf16x3::kernels(16) != nullptr);
  graph.set_output("same", max_unpool2d(pool.values, pool.indices, y));
  EXPECT_TRUE(algorithms().contains("winograd"));
}

}  // namespace
}  // namespace inlay::testing
