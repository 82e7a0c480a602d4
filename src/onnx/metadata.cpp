#include "onnx/metadata.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/fail.h"

namespace inlay {
namespace {

using nlohmann::json;

void set(onnx::ModelProto& model, const char* key, const std::string& text) {
  onnx::StringStringEntryProto& entry = *model.add_metadata_props();
  entry.set_key(key);
  entry.set_value(text);
}

const std::string* find(const onnx::ModelProto& model, std::string_view key) {
  for (const onnx::StringStringEntryProto& entry : model.metadata_props())
    if (entry.key() == key) return &entry.value();
  return nullptr;
}

/// Gives what JSON stands under `key` to `use`; does nothing when there is no such key.
template <class Use>
void with_json(const onnx::ModelProto& model, const char* key, const char* expected, Use use) {
  const std::string* text = find(model, key);
  if (text == nullptr) return;
  try {
    use(json::parse(*text));
  } catch (const json::exception&) {
    fail_input("the metadata '{}' are '{}', expected {}", key, text->substr(0, 60), expected);
  }
}

/// Bytes that are no UTF-8 (names from old class files) are replaced, since JSON cannot hold them.
std::string text_of(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json classes_to_json(const std::vector<ModelClass>& classes) {
  json list = json::array();
  for (const ModelClass& c : classes) list.push_back({{"name", c.name}, {"color", c.color}});
  return list;
}

std::vector<ModelClass> classes_from_json(const json& list) {
  std::vector<ModelClass> classes;
  for (const json& c : list) {
    ModelClass& added = classes.emplace_back(ModelClass{c.at("name").get<std::string>(), {}});
    for (std::size_t i = 0; i < 3; ++i) {
      const int level = c.at("color").at(i).get<int>();
      if (level < 0 || level > 255)
        fail_input("the colour of class '{}' has the level {}, expected 0 to 255", added.name, level);
      added.color[i] = static_cast<std::uint8_t>(level);
    }
  }
  return classes;
}

std::string_view name_of(ChannelOrder order) { return enum_names(order)[static_cast<std::size_t>(order)]; }

ChannelOrder parse_channel_order(std::string_view text) {
  for (const ChannelOrder order : {ChannelOrder::rgb, ChannelOrder::bgr})
    if (text == name_of(order)) return order;
  fail_input("the metadata 'inlay.channel_order' are '{}', expected rgb or bgr", text.substr(0, 60));
}

/// The remainder, least and largest side, margin and patch; "inlay.size_multiple" is a key of its own, for those who
/// read it.
json size_to_json(const SizeRule& size) {
  return {{"remainder", size.remainder},
          {"least", size.least},
          {"most", size.most},
          {"margin", size.margin},
          {"patch", size.patch}};
}

void size_from_json(const json& j, SizeRule& size) {
  size.remainder = j.at("remainder").get<std::int64_t>();
  size.least = j.at("least").get<std::int64_t>();
  size.most = j.at("most").get<std::int64_t>();
  size.margin = j.at("margin").get<std::int64_t>();
  size.patch = j.at("patch").get<std::int64_t>();
}

}  // namespace

void write_info(const ModelInfo& info, onnx::ModelProto& model) {
  set(model, "inlay.architecture", info.architecture);
  set(model, "inlay.settings", text_of(info.settings));
  set(model, "inlay.classes", text_of(classes_to_json(info.classes)));
  set(model, "inlay.mean", text_of(info.mean));
  set(model, "inlay.stddev", text_of(info.stddev));
  set(model, "inlay.channel_order", std::string(name_of(info.channel_order)));
  set(model, "inlay.size_multiple", std::to_string(info.size.multiple));
  set(model, "inlay.size", text_of(size_to_json(info.size)));
  set(model, "inlay.training", text_of(info.training));
}

void read_info(const onnx::ModelProto& model, ModelInfo& info) {
  if (const std::string* text = find(model, "inlay.architecture")) info.architecture = *text;
  constexpr auto kTable = "a JSON object of texts";
  constexpr auto kNumbers = "a JSON list of numbers";
  with_json(model, "inlay.settings", kTable,
            [&](const json& j) { info.settings = j.get<std::map<std::string, std::string>>(); });
  with_json(model, "inlay.classes", "a JSON list of objects with name and color",
            [&](const json& j) { info.classes = classes_from_json(j); });
  with_json(model, "inlay.mean", kNumbers, [&](const json& j) { info.mean = j.get<std::vector<double>>(); });
  with_json(model, "inlay.stddev", kNumbers, [&](const json& j) { info.stddev = j.get<std::vector<double>>(); });
  if (const std::string* text = find(model, "inlay.channel_order")) info.channel_order = parse_channel_order(*text);
  with_json(model, "inlay.size_multiple", "a whole number",
            [&](const json& j) { info.size.multiple = j.get<std::int64_t>(); });
  with_json(model, "inlay.size", "a JSON object of whole numbers",
            [&](const json& j) { size_from_json(j, info.size); });
  with_json(model, "inlay.training", kTable,
            [&](const json& j) { info.training = j.get<std::map<std::string, std::string>>(); });
}

void write_input_shapes(const Graph& graph, onnx::ModelProto& model) {
  json shapes = json::object();
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind == LeafKind::input)
      shapes[leaf.name()] = std::vector<std::int64_t>(leaf.shape().begin(), leaf.shape().end());
  set(model, "inlay.input_shapes", text_of(shapes));
}

std::map<std::string, Shape> read_input_shapes(const onnx::ModelProto& model) {
  std::map<std::string, Shape> shapes;
  with_json(model, "inlay.input_shapes", "a JSON object of lists of whole numbers", [&](const json& j) {
    for (const auto& [name, extents] : j.items()) shapes.emplace(name, Shape(extents.get<std::vector<std::int64_t>>()));
  });
  return shapes;
}

}  // namespace inlay
