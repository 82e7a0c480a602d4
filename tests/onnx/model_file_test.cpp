#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include <filesystem>
#include <functional>

#include "base/files.h"
#include "graph/operator.h"
#include "inlay/model.h"
#include "inlay/nn.h"
#include "inlay/ops.h"
#include "models/unet.h"
#include "onnx/export_graph.h"
#include "onnx/metadata.h"
#include "runtime/reference/reference_run.h"
#include "support/input_error.h"
#include "support/op_case.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

/// A file name that is gone afterwards.
class ModelFile : public ::testing::Test {
 protected:
  std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) /
      fmt::format("inlay_{}.onnx", ::testing::UnitTest::GetInstance()->current_test_info()->name());
  ~ModelFile() override { std::filesystem::remove(path); }

  onnx::ModelProto proto() const {
    onnx::ModelProto read;
    EXPECT_TRUE(read.ParseFromString(read_file(path)));
    return read;
  }
  /// What load_model says to the file after `change`.
  std::string error_after(const Model& model, const std::function<void(onnx::ModelProto&)>& change) {
    save_model(model, path);
    onnx::ModelProto changed = proto();
    change(changed);
    write_file(path, changed.SerializeAsString());
    const std::string message = input_error([&] { load_model(path); });
    EXPECT_THAT(message, ::testing::StartsWith("'" + path.string() + "': "));
    return message;
  }
};

Model tiny(std::string_view up = "transposed", std::int64_t out = 2, std::map<std::string, std::string> more = {}) {
  std::map<std::string, std::string> settings{{"width", "2"}, {"depth", "2"}, {"up", std::string(up)}};
  settings.merge(more);
  Model model = create_model("unet", {.out_channels = out, .settings = settings, .seed = 3});
  model.graph = instantiate(model.graph, {{"image", {1, 3, 16, 16}}});
  // Running statistics that differ from those of an untrained net.
  for (auto& [name, tensor] : model.tensors)
    if (name.ends_with("running_mean")) std::ranges::fill(tensor.data<float>(), 0.05f);
  return model;
}

std::vector<double> logits(const Model& model, const Shape& shape) {
  const Graph graph = instantiate(model.graph, {{"image", shape}});
  ReferenceValues numbers{{"image", testing::draw({"image", {DType::f32, shape}}, 1)}};
  for (const auto& [name, tensor] : model.tensors)
    numbers[name] = {tensor.data<float>().begin(), tensor.data<float>().end()};
  return reference_run(graph, numbers)[static_cast<std::size_t>(graph.output("logits").id())].data;
}

void expect_same_tensors(const Tensors& got, const Tensors& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    ASSERT_TRUE(got.contains(name)) << name;
    EXPECT_EQ(got.at(name).shape(), tensor.shape()) << name;
    EXPECT_TRUE(std::ranges::equal(got.at(name).data<float>(), tensor.data<float>())) << name;
  }
}

std::string* metadata(onnx::ModelProto& model, const std::string& key) {
  for (auto& entry : *model.mutable_metadata_props())
    if (entry.key() == key) return entry.mutable_value();
  ADD_FAILURE() << "no metadata " << key;
  return nullptr;
}

TEST_F(ModelFile, KeepsEveryUpSampler) {
  for (std::string_view up : enum_names(UpSampler{})) {
    SCOPED_TRACE(up);
    const Model model = tiny(up);
    save_model(model, path);
    EXPECT_NO_THROW(onnx::checker::check_model(proto()));
    const Model read = load_model(path);
    expect_same_tensors(read.tensors, model.tensors);
    for (const Value& leaf : model.graph.leaves()) {
      ASSERT_TRUE(read.graph.find_leaf(leaf.name())) << leaf.name();
      EXPECT_EQ(read.graph.find_leaf(leaf.name()).leaf()->kind, leaf.leaf()->kind) << leaf.name();
    }
    EXPECT_EQ(logits(read, {1, 3, 16, 16}), logits(model, {1, 3, 16, 16}));
    EXPECT_EQ(logits(read, {2, 3, 8, 20}), logits(model, {2, 3, 8, 20})) << "a loaded net works at other sizes too";
  }
}

TEST_F(ModelFile, KeepsWhatBelongsToTheModel) {
  Model model = tiny();
  model.info.classes = {{"sky", {1, 2, 3}}, {"gr\xc3\xbcn", {255, 0, 128}}};
  model.info.mean = {0.1, 0.25, 1.0 / 3};
  model.info.stddev = {0.5, 1e-3, 2};
  model.info.channel_order = ChannelOrder::bgr;
  model.info.size = {.multiple = 4, .remainder = 2, .least = 6, .most = 22, .margin = 1, .patch = 10};
  model.info.training = {{"epochs", "12"}, {"note", "a \"b\""}};
  save_model(model, path);
  const ModelInfo read = load_model(path).info;
  EXPECT_EQ(read.architecture, "unet");
  EXPECT_EQ(read.settings, model.info.settings);
  ASSERT_EQ(read.classes.size(), 2u);
  EXPECT_EQ(read.classes[1].name, "gr\xc3\xbcn");
  EXPECT_EQ(read.classes[1].color, (std::array<std::uint8_t, 3>{255, 0, 128}));
  EXPECT_EQ(read.mean, model.info.mean);
  EXPECT_EQ(read.stddev, model.info.stddev);
  EXPECT_EQ(read.channel_order, ChannelOrder::bgr);
  EXPECT_EQ(read.size, model.info.size);
  EXPECT_EQ(read.training, model.info.training);
  EXPECT_EQ(load_model(path).graph.find_leaf("image").shape(), (Shape{1, 3, 16, 16}));
}

TEST_F(ModelFile, IsTheSameForTheSameModel) {
  save_model(tiny(), path);
  const std::string first = read_file(path);
  save_model(tiny(), path);
  EXPECT_EQ(read_file(path), first);
  save_model(load_model(path), path);
  EXPECT_EQ(read_file(path), first) << "reading and writing changes nothing";
}

// ONNX wants slopes of another shape, which must not leave a trace at each reading and writing.
TEST_F(ModelFile, KeepsPreluAsItIs) {
  Model model = tiny();
  model.graph = Graph();
  const Scope root(model.graph);
  const Value image = model.graph.input("image", {DType::f32, {1, 3, 8, 8}});
  model.graph.set_output("logits", conv_norm(root / "a", image, 2, {.padding = 1}, Act::prelu));
  model.tensors = initialise(model.graph, 1);
  save_model(model, path);
  const std::string first = read_file(path);
  const Model read = load_model(path);
  EXPECT_EQ(read.graph.nodes().size(), model.graph.nodes().size());
  save_model(read, path);
  EXPECT_EQ(read_file(path), first);
}

TEST_F(ModelFile, LeavesSizesOpen) {
  save_model(tiny(), path);
  const onnx::ModelProto model = proto();
  const auto dims = [](const onnx::ValueInfoProto& info) {
    std::vector<std::string> texts;
    for (const auto& dim : info.type().tensor_type().shape().dim())
      texts.push_back(dim.has_dim_param() ? dim.dim_param() : std::to_string(dim.dim_value()));
    return texts;
  };
  EXPECT_THAT(dims(model.graph().input(0)), ::testing::ElementsAre("batch", "3", "height", "width"));
  EXPECT_THAT(dims(model.graph().output(0)), ::testing::ElementsAre("batch", "2", "height", "width"));
  EXPECT_EQ(model.graph().input(0).name(), "image");
  EXPECT_EQ(model.graph().output(0).name(), "logits");
  EXPECT_EQ(model.producer_name(), "inlay");
  EXPECT_EQ(model.graph().node(0).output(0), "down/2/a/conv2d") << "readable in a viewer";
}

TEST_F(ModelFile, LeavesSizesOpenBesideANodeThatNobodyReads) {
  const Model model = tiny();
  relu(model.graph.output("logits"));
  save_model(model, path);
  EXPECT_EQ(proto().graph().input(0).type().tensor_type().shape().dim(2).dim_param(), "height");
}

TEST_F(ModelFile, KeepsDropoutForTrainingOn) {
  const Model model = tiny("transposed", 2, {{"dropout", "0.2"}});
  save_model(model, path);
  const auto dropouts = [](const Graph& graph) {
    std::vector<std::string> found;
    for (const auto& node : graph.nodes())
      if (node->op->name == "dropout") found.push_back(node->name + to_string(node->attributes));
    return found;
  };
  EXPECT_EQ(dropouts(instantiate(load_model(path).graph, {})), dropouts(model.graph));
  EXPECT_EQ(dropouts(model.graph).size(), 5u);
}

TEST_F(ModelFile, KeepsAuxiliaryOutputsForTrainingOn) {
  Model model = tiny();
  const Value logits = model.graph.output("logits");
  model.graph.set_output("aux/side", resize2d_like(avg_pool2d(logits, {.kernel = 2}), logits));
  save_model(model, path);
  const onnx::ModelProto file = proto();
  ASSERT_EQ(file.graph().output_size(), 2);
  for (const auto& output : file.graph().output()) {
    const auto& dims = output.type().tensor_type().shape().dim();
    EXPECT_EQ(dims[2].dim_param(), "height") << output.name();
    EXPECT_EQ(dims[3].dim_param(), "width") << output.name();
  }
  const Model read = load_model(path);
  const Graph training = instantiate(read.graph, {{"image", {2, 3, 8, 20}}}, true);
  EXPECT_EQ(training.output("aux/side").shape(), (Shape{2, 2, 8, 20}));
  EXPECT_EQ(instantiate(read.graph, {}).outputs().size(), 1u);
}

TEST_F(ModelFile, OneLogitMeansTwoClasses) {
  save_model(tiny("transposed", 1), path);
  EXPECT_EQ(load_model(path).info.classes.size(), 2u);
}

TEST_F(ModelFile, LoadsWithoutMetadata) {
  save_model(tiny("nails", 3), path);
  onnx::ModelProto bare = proto();
  bare.clear_metadata_props();
  bare.mutable_graph()->mutable_input(0)->set_name("x");
  bare.mutable_graph()->mutable_node(0)->set_input(0, "x");
  write_file(path, bare.SerializeAsString());
  const Model model = load_model(path);
  EXPECT_EQ(model.info.architecture, "");
  ASSERT_EQ(model.info.classes.size(), 3u);
  EXPECT_EQ(model.info.classes[1].name, "class1");
  EXPECT_EQ(model.info.mean, (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(model.info.stddev, (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(model.info.size.multiple, 1);
  EXPECT_EQ(model.info.channel_order, ChannelOrder::rgb);
  EXPECT_EQ(model.graph.find_leaf("image").shape(), (Shape{1, 3, 256, 256}));
}

TEST_F(ModelFile, RefusesWhatIsNoModel) {
  EXPECT_THAT(input_error([&] { load_model(path); }), HasSubstr(path.string()));
  write_file(path, "");
  EXPECT_THAT(input_error([&] { load_model(path); }), HasSubstr("it holds no network"));
  write_file(path, "this is no model, but some text that somebody wrote");
  EXPECT_THAT(input_error([&] { load_model(path); }), HasSubstr("it is no ONNX model, or was cut off"));
}

TEST_F(ModelFile, RefusesEveryTruncation) {
  save_model(tiny(), path);
  std::string bytes = read_file(path);
  const std::size_t graph_end = bytes.find("inlay.architecture") - 4;  // what follows may be missing
  for (std::size_t size = 0; size < graph_end; size += 401) {
    write_file(path, bytes.substr(0, size));
    EXPECT_THROW(load_model(path), InputError) << size;
  }
}

TEST_F(ModelFile, SurvivesDamage) {
  save_model(tiny("unpool"), path);
  const std::string bytes = read_file(path);
  for (std::size_t at = 0; at < bytes.size(); at += 211) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
    write_file(path, damaged);
    try {
      load_model(path);  // a changed weight is no error
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(path.string()));
    }
  }
}

TEST_F(ModelFile, NamesTheNodeThatItCannotRead) {
  const auto error = [&](const std::function<void(onnx::NodeProto&)>& change) {
    return error_after(tiny(), [&](onnx::ModelProto& m) { change(*m.mutable_graph()->mutable_node(0)); });
  };
  EXPECT_THAT(error([](auto& node) { node.set_op_type("NonMaxSuppression"); }),
              HasSubstr("node 'down/2/a/conv2d' (NonMaxSuppression): Inlay does not have this operator"));
  EXPECT_THAT(error([](auto& node) { node.set_domain("com.example"); }),
              HasSubstr("(com.example.Conv): Inlay does not have this operator"));
  EXPECT_THAT(error([](auto& node) { node.clear_input(); }),
              HasSubstr("an input that the operator needs is missing, it has 0"));
  EXPECT_THAT(error([](auto& node) { node.set_input(0, ""); }),
              HasSubstr("an input that the operator needs is missing"));
  EXPECT_THAT(error([](auto& node) { node.set_input(0, "nobody"); }),
              HasSubstr("nothing before it makes its input 'nobody'"));
  EXPECT_THAT(error([](auto& node) { node.clear_output(); }), HasSubstr("it has no output"));
  EXPECT_THAT(error([](auto& node) { node.add_output("second"); }), HasSubstr("its output 'second' is not supported"));
  EXPECT_THAT(error([](auto& node) { node.set_output(0, "image"); }), HasSubstr("'image' is made twice"));
  EXPECT_THAT(error([](auto& node) { node.mutable_attribute(0)->set_type(onnx::AttributeProto::TENSOR); }),
              HasSubstr("is of kind TENSOR"));
}

TEST_F(ModelFile, NamesTheTensorThatItCannotRead) {
  const auto error = [&](const std::function<void(onnx::TensorProto&)>& change) {
    return error_after(tiny(), [&](onnx::ModelProto& m) { change(*m.mutable_graph()->mutable_initializer(0)); });
  };
  EXPECT_THAT(error([](auto& tensor) { tensor.mutable_raw_data()->resize(5); }), HasSubstr("the file is damaged"));
  EXPECT_THAT(error([](auto& tensor) { tensor.set_data_location(onnx::TensorProto::EXTERNAL); }),
              HasSubstr("(external data)"));
  EXPECT_THAT(error([](auto& tensor) { tensor.set_data_type(onnx::TensorProto::FLOAT16); }), HasSubstr("type FLOAT16"));
}

TEST_F(ModelFile, ChecksInputsAndOutputs) {
  const auto error = [&](const std::function<void(onnx::GraphProto&)>& change) {
    return error_after(tiny(), [&](onnx::ModelProto& m) { change(*m.mutable_graph()); });
  };
  EXPECT_THAT(error([](auto& graph) { graph.mutable_output(0)->set_name("nothing"); }),
              HasSubstr("no node makes the output 'nothing'"));
  EXPECT_THAT(error([](auto& graph) { graph.clear_output(); }), HasSubstr("it holds no network"));
  EXPECT_THAT(error([](auto& graph) {
                *graph.add_input() = graph.input(0);
                graph.mutable_input(1)->set_name("depth");
              }),
              HasSubstr("it has the inputs [image, depth], expected one picture"));
  EXPECT_THAT(
      error([](auto& graph) {
        graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(1)->set_dim_value(
            0);
      }),
      HasSubstr("input 'image' has an extent of 0"));
  EXPECT_THAT(error([](auto& graph) {
                graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::STRING);
              }),
              HasSubstr("input 'image' has elements of type STRING"));
}

TEST_F(ModelFile, ChecksTheMetadata) {
  const auto error = [&](const std::string& key, const std::string& text) {
    return error_after(tiny(), [&](onnx::ModelProto& m) { *metadata(m, "inlay." + key) = text; });
  };
  EXPECT_THAT(error("classes", "[{]"),
              HasSubstr("the metadata 'inlay.classes' are '[{]', expected a JSON list of objects with name and color"));
  EXPECT_THAT(error("classes", R"([{"name":"a","color":[1,2,3]}])"),
              HasSubstr("it tells 2 classes apart (2 output channels) but names 1"));
  EXPECT_THAT(error("classes", R"([{"name":"a","color":[1]},{"name":"b","color":[1,2,3]}])"),
              HasSubstr("'inlay.classes'"));
  EXPECT_THAT(error("classes", R"([{"name":"a","color":[1,2,300]},{"name":"b","color":[1,2,3]}])"),
              HasSubstr("class 'a' has the level 300"));
  EXPECT_THAT(error("mean", "[1,2]"), HasSubstr("3 input channels, but means for 2 and standard deviations for 3"));
  EXPECT_THAT(error("mean", "7"), HasSubstr("expected a JSON list of numbers"));
  EXPECT_THAT(error("stddev", "[1,0,1]"), HasSubstr("standard deviation of a channel is 0"));
  EXPECT_THAT(error("channel_order", "brg"),
              HasSubstr("the metadata 'inlay.channel_order' are 'brg', expected rgb or bgr"));
  EXPECT_THAT(error("size_multiple", "\"4\""), HasSubstr("expected a whole number"));
  EXPECT_THAT(error("size_multiple", "0"), HasSubstr("divisible by 0"));
  EXPECT_THAT(error("size", "{}"), HasSubstr("expected a JSON object of whole numbers"));
  EXPECT_THAT(error("size", R"({"remainder":4,"least":1,"most":0,"margin":0,"patch":0})"),
              HasSubstr("its size rule (remainder 4 of 4, sides from 1 to 0, margin 0, patch 0) makes no sense"));
  EXPECT_THAT(error("size", R"({"remainder":0,"least":5,"most":6,"margin":0,"patch":0})"),
              HasSubstr("sides from 5 to 6, margin 0, patch 0) makes no sense"));
  EXPECT_THAT(error("size", R"({"remainder":0,"least":1,"most":0,"margin":1048577,"patch":0})"),
              HasSubstr("margin 1048577, patch 0) makes no sense"));
  EXPECT_THAT(error("settings", "[]"), HasSubstr("expected a JSON object of texts"));
  EXPECT_THAT(error("training", "{\"a\":1}"), HasSubstr("expected a JSON object of texts"));
  EXPECT_THAT(error("input_shapes", "{\"image\":3}"), HasSubstr("expected a JSON object of lists of whole numbers"));
}

TEST_F(ModelFile, RefusesToWriteWhatDoesNotFitTogether) {
  Model model = tiny();
  model.tensors.erase("head/bias");
  EXPECT_THAT(input_error([&] { save_model(model, path); }), HasSubstr("the model has no numbers for 'head/bias'"));
  model.tensors["head/bias"] = Tensor(DType::f32, {7});
  EXPECT_THAT(input_error([&] { save_model(model, path); }),
              HasSubstr("'head/bias' is f32 2 in the graph, but its numbers are f32 7"));
  model = tiny();
  model.info.classes.pop_back();
  EXPECT_THAT(input_error([&] { save_model(model, path); }), HasSubstr("but names 1"));
  model = create_model("unet", {.in_channels = 1, .settings = {{"width", "2"}, {"depth", "1"}}});
  model.info.channel_order = ChannelOrder::bgr;
  EXPECT_THAT(input_error([&] { save_model(model, path); }),
              HasSubstr("its 1 input channels cannot be in the order BGR"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace inlay
