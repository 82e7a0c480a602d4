#include "inlay/graph.h"

#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/error.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

const TensorType kPicture{DType::f32, {1, 2, 4, 4}};

std::string error_of(auto call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

std::string parse_error(std::string_view text) {
  return error_of([&] { parse_graph(text, find_operator); });
}

std::string broken(const Graph& graph) {
  try {
    verify(graph);
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "the graph is valid";
}

constexpr std::string_view kText =
    "input x: f32 1x2x4x4\n"
    "input labels: u8 1x4x4\n"
    "parameter a/weight: f32 3x2x3x3 he_normal\n"
    "parameter a/bias: f32 3 constant 0.5\n"
    "state mean: f32 3 constant 0\n"
    "%5 = conv2d(x, a/weight, a/bias) {padding=[1, 1, 1, 1]} : f32 1x3x4x4 \"a/conv2d\"\n"
    "%6 = relu(%5) : f32 1x3x4x4 \"a/relu\"\n"
    "%7, %8 = max_pool2d(%6) : f32 1x3x2x2, i32 1x3x2x2 \"max_pool2d\"\n"
    "%9, %10 = cross_entropy(%6, labels, -, -) : f32 1, f32 1 \"cross_entropy\"\n"
    "output pooled = %7\n"
    "output loss = %9\n";

TEST(Graph, ComesBackFromItsText) {
  const Graph graph = parse_graph(kText, find_operator);
  EXPECT_NO_THROW(verify(graph));
  EXPECT_EQ(to_string(graph), kText);
  EXPECT_EQ(graph.nodes().size(), 4u);
  EXPECT_EQ(graph.output("loss").shape(), Shape{1});
  EXPECT_EQ(graph.find_leaf("a/weight").leaf()->initializer.kind, Initializer::Kind::he_normal);
  EXPECT_EQ(graph.find_leaf("a/bias").leaf()->initializer.value, 0.5);
  EXPECT_FALSE(graph.find_leaf("b"));
}

TEST(Graph, KeepsEveryInitializer) {
  Graph graph;
  for (int kind = 0; kind <= static_cast<int>(Initializer::Kind::bilinear); ++kind)
    for (double value : {0.0, 0.25})
      graph.add_leaf(LeafKind::parameter, "w" + std::to_string(graph.leaves().size()), {DType::f32, {1, 1, 2, 2}},
                     {static_cast<Initializer::Kind>(kind), value});
  const Graph read = parse_graph(to_string(graph), find_operator);
  ASSERT_EQ(read.leaves().size(), graph.leaves().size());
  for (std::size_t i = 0; i < graph.leaves().size(); ++i)
    EXPECT_EQ(read.leaves()[i].leaf()->initializer, graph.leaves()[i].leaf()->initializer) << to_string(graph);
}

TEST(Graph, ParserSkipsCommentsAndEmptyLines) {
  const Graph graph = parse_graph("# a comment\n\n  input x: f32 2\n", find_operator);
  EXPECT_EQ(to_string(graph), "input x: f32 2\n");
}

TEST(Graph, ParserNamesTheLineThatIsWrong) {
  EXPECT_EQ(parse_error("input x: f32 2\n%1 = reluu(x) : f32 2\n"), "line 2: unknown operator 'reluu'");
  EXPECT_EQ(parse_error("%1 = relu(x) : f32 2\n"), "line 1: 'x' is not defined before its use");
  EXPECT_EQ(parse_error("input x: f32 2\n\n%1 = relu(x) : f32 3\n"),
            "line 3: the line says %1 is f32 3, the operator makes f32 2");
  EXPECT_EQ(parse_error("input x: f32 2\n%1, %2 = relu(x) : f32 2, f32 2\n"),
            "line 2: 'relu' has 1 outputs, the line names 2 and gives 2 types");
  EXPECT_EQ(parse_error("input x: f32 2\ninput x: f32 2\n"), "line 2: the graph already has a leaf named 'x'");
  EXPECT_EQ(parse_error("input x f32 2\n"), "line 1: expected ':' in ' x f32 2'");
  EXPECT_EQ(parse_error("input x: f32\n"), "line 1: expected a type such as 'f32 1x3x8x8', got 'f32'");
  EXPECT_EQ(parse_error("parameter w: f32 2 he\n"),
            "line 1: unknown initializer 'he'; expected one of constant, he_normal, he_normal_fan_out, he_uniform, "
            "glorot_uniform, lecun_uniform, normal, identity, bilinear");
  EXPECT_EQ(parse_error("parameter w: f32 2 constant x\n"), "line 1: 'x' is no number");
  EXPECT_EQ(parse_error("input x: f32 2\n%1 = leaky_relu(x) {slop=1} : f32 2\n"),
            "line 2: leaky_relu: unknown option 'slop'");
  EXPECT_EQ(parse_error("input x: f32 2\noutput y = z\n"), "line 2: 'z' is not defined before its use");
}

TEST(Graph, NamesNodesByScopeAndCountsDuplicates) {
  Graph graph;
  const Value x = graph.input("x", kPicture);
  graph.set_scope("down/16");
  relu(relu(x));
  graph.set_scope("");
  relu(x);
  std::vector<std::string> names;
  for (const auto& node : graph.nodes()) names.push_back(node->name);
  EXPECT_EQ(names, (std::vector<std::string>{"down/16/relu", "down/16/relu_2", "relu"}));
}

TEST(Graph, SaysWhereAShapeDoesNotFit) {
  Graph graph;
  const Value x = graph.input("x", kPicture), v = graph.input("v", {DType::f32, {3}});
  EXPECT_EQ(error_of([&] { add(x, v); }), "add: a is f32 1x2x4x4, b is f32 3: their ranks differ");
  graph.set_scope("up/16");
  EXPECT_EQ(error_of([&] { add(x, v); }), "add at 'up/16': a is f32 1x2x4x4, b is f32 3: their ranks differ");
}

TEST(Graph, RefusesNamesTakenAndOutputsMissing) {
  Graph graph;
  const Value x = graph.input("x", kPicture);
  EXPECT_EQ(error_of([&] { graph.input("x", kPicture); }), "the graph already has a leaf named 'x'");
  graph.set_output("y", relu(x));
  graph.set_output("z", x);
  EXPECT_EQ(error_of([&] { graph.output("w"); }), "the graph has no output 'w'; it has: y, z");
  graph.set_output("y", x);
  EXPECT_EQ(graph.output("y"), x);
}

TEST(Graph, TypesStayInPlaceAsItGrows) {
  Graph graph;
  Value x = graph.input("x", kPicture);
  const Shape& shape = x.shape();
  for (int i = 0; i < 1000; ++i) relu(x);
  EXPECT_EQ(&shape, &x.shape());
}

TEST(Graph, AnotherGraphsValueIsOurBug) {
  Graph graph, other;
  const Value x = graph.input("x", kPicture), y = other.input("y", kPicture);
  EXPECT_THROW(add(x, y), std::logic_error);
  EXPECT_THROW(Value().type(), std::logic_error);
  EXPECT_THROW(Value().graph(), std::logic_error);
}

TEST(Verify, FindsWhatIsBroken) {
  const auto three = [] {
    Graph graph;
    const Value x = graph.input("x", kPicture);
    graph.set_output("y", relu(sigmoid(x)));
    return graph;
  };
  Graph late = three();
  late.nodes()[0]->inputs[0] = late.nodes()[1]->outputs[0];
  EXPECT_EQ(broken(late), "graph is broken at 'sigmoid' (sigmoid): %2 is used before it is made");

  Graph foreign = three(), other = three();
  foreign.nodes()[0]->inputs[0] = other.leaves()[0];
  EXPECT_EQ(broken(foreign), "graph is broken at 'sigmoid' (sigmoid): an input belongs to another graph");

  Graph mistyped = three();
  mistyped.nodes()[1]->inputs[0] = mistyped.input("small", {DType::f32, {2}});
  EXPECT_EQ(broken(mistyped), "graph is broken at 'relu' (relu): output 0 is f32 1x2x4x4, the rule says f32 2");

  Graph short_of_outputs = three();
  short_of_outputs.nodes()[1]->outputs.clear();
  EXPECT_EQ(broken(short_of_outputs), "graph is broken at 'relu' (relu): wrong number of outputs");

  Graph no_value = three();
  no_value.set_output("z", Value());
  EXPECT_EQ(broken(no_value), "output 'z' has no value");
  EXPECT_EQ(broken(three()), "the graph is valid");
}

}  // namespace
}  // namespace inlay
