#include <google/protobuf/io/zero_copy_stream_impl.h>

#include <cerrno>
#include <climits>
#include <utility>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/model.h"
#include "models/classes.h"
#include "onnx/export_graph.h"
#include "onnx/import_graph.h"
#include "onnx/metadata.h"

namespace inlay {
namespace {

constexpr std::size_t kLargest = INT_MAX;  // protobuf counts bytes with an int

/// What the rest of the program relies on.
void check(const Model& model) {
  std::vector<std::string> inputs;
  for (const Value& leaf : model.graph.leaves())
    if (leaf.leaf()->kind == LeafKind::input) inputs.push_back(leaf.name());
  const Value image = model.graph.find_leaf("image");
  if (inputs.size() != 1 || !image) fail_input("it has the inputs [{}], expected one picture", fmt::join(inputs, ", "));
  const auto expect_picture = [](std::string_view what, const Value& value) {
    if (value.type().dtype != DType::f32 || value.shape().rank() != 4)
      fail_input("its {} is {}, expected f32 NxCxHxW", what, to_string(value.type()));
  };
  expect_picture("input", image);
  expect_picture("output", model.graph.output("logits"));
  const ModelInfo& info = model.info;
  const auto channels = static_cast<std::size_t>(model.in_channels());
  if (info.mean.size() != channels || info.stddev.size() != channels)
    fail_input("it has {} input channels, but means for {} and standard deviations for {}", channels, info.mean.size(),
               info.stddev.size());
  for (double deviation : info.stddev)
    if (!(deviation > 0)) fail_input("its standard deviation of a channel is {}, expected a number above 0", deviation);
  if (info.channel_order == ChannelOrder::bgr && channels != 3)
    fail_input("its {} input channels cannot be in the order BGR, which has 3", channels);
  const auto classes = static_cast<std::size_t>(std::max<std::int64_t>(model.out_channels(), 2));
  if (info.classes.size() != classes)
    fail_input("it tells {} classes apart ({} output channels) but names {}", classes, model.out_channels(),
               info.classes.size());
  const SizeRule& size = info.size;
  if (size.multiple < 1) fail_input("its sides must be divisible by {}, which makes no sense", size.multiple);
  constexpr std::int64_t kLargestSide = 1 << 20;
  const bool remains = size.remainder >= 0 && size.remainder < size.multiple;
  bool sensible = remains && size.least >= 1 && size.fit(size.least) >= size.least;
  for (std::int64_t side : {size.multiple, size.least, size.most, size.margin, size.patch})
    sensible &= side >= 0 && side <= kLargestSide;
  if (!sensible)
    fail_input("its size rule (remainder {} of {}, sides from {} to {}, margin {}, patch {}) makes no sense",
               size.remainder, size.multiple, size.least, size.most, size.margin, size.patch);
}

onnx::ModelProto parse(const std::string& bytes) {
  if (bytes.size() > kLargest) fail_input("it has {} bytes; ONNX files hold at most 2 GiB", bytes.size());
  onnx::ModelProto proto;
  if (!proto.ParseFromString(bytes)) fail_input("it is no ONNX model, or was cut off");
  return proto;
}

Model read_model(std::string bytes) {
  const onnx::ModelProto proto = parse(bytes);
  std::string().swap(bytes);  // a large model is in memory twice at most
  ImportedGraph imported = import_graph(proto, {read_input_shapes(proto), true});
  Model model{std::move(imported.graph), std::move(imported.tensors), {}};
  const Value image = model.graph.find_leaf("image");
  if (image && image.shape().rank() == 4) {
    const auto channels = static_cast<std::size_t>(model.in_channels());
    model.info.mean.assign(channels, 0.0);
    model.info.stddev.assign(channels, 1.0);
  }
  if (const Value logits = model.graph.output("logits"); logits.shape().rank() == 4)
    model.info.classes = numbered_classes(logits.shape()[1]);
  read_info(proto, model.info);
  check(model);
  return model;
}

}  // namespace

void save_model(const Model& model, const std::filesystem::path& path) {
  check(model);
  onnx::ModelProto proto = export_model(model.graph, model.tensors);
  write_info(model.info, proto);
  write_input_shapes(model.graph, proto);
  const std::size_t size = proto.ByteSizeLong();
  if (size > kLargest)
    fail("cannot write '{}': the model needs {} bytes, ONNX files hold at most 2 GiB", path.string(), size);
  write_file(path, [&](int descriptor) {
    constexpr int kBlock = 1 << 20;
    google::protobuf::io::FileOutputStream stream(descriptor, kBlock);
    const bool written = proto.SerializeToZeroCopyStream(&stream) && stream.Flush();
    errno = stream.GetErrno();
    return written;
  });
}

Model load_model(const std::filesystem::path& path) {
  std::string bytes = read_file(path);
  try {
    return read_model(std::move(bytes));
  } catch (const InputError& error) {
    fail_input("'{}': {}", path.string(), error.what());
  }
}

}  // namespace inlay
