#include "workflow/inspect/layers.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "graph/operator.h"
#include "graph/rewrite.h"

namespace inlay {
namespace {

bool any_of(std::string_view op, std::span<const std::string_view> names) { return std::ranges::count(names, op) > 0; }

constexpr std::array<std::string_view, 5> kActivations{"relu", "leaky_relu", "prelu", "clip", "sigmoid"};
/// After these the maps are worth more than before.
constexpr std::array<std::string_view, 7> kFinishing{"batch_norm", "relu",    "leaky_relu", "prelu",
                                                     "clip",       "sigmoid", "add"};
/// These show the maps before them again, or part of them.
constexpr std::array<std::string_view, 13> kCopying{
    "max_pool2d", "avg_pool2d", "global_avg_pool", "adaptive_avg_pool2d", "subsample2d", "dropout", "slice", "reshape",
    "pad",        "crop",       "crop_like",       "pad_channels",        "affine"};

bool is_map(const Value& value) { return value.type().dtype == DType::f32 && value.shape().rank() == 4; }

/// Every channel has one number, or one number everywhere.
bool is_flat(const Node& node) {
  const auto is_pixel = [](const Value& value) { return is_map(value) && value.shape()[2] * value.shape()[3] == 1; };
  return is_pixel(node.outputs[0]) || is_pixel(node.inputs[0]);
}

std::string parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

/// "down/64" of the node "down/64/a/relu"; "head" of "head/conv2d".
std::string block_of(const Node& node) {
  const std::string scope = parent(node.name), block = parent(scope);
  return block.empty() ? scope : block;
}

/// What makes the value, not counting what only shows it again.
const Node* source_of(Value value) {
  while (value.node() != nullptr && any_of(value.node()->op->name, kCopying)) value = value.node()->inputs[0];
  return value.node();
}

/// A concat of what one other block made: the result of a dense block.
bool gathers(const Node& node) {
  if (node.op->name != "concat") return false;
  const Node* first = source_of(node.inputs[0]);
  return first != nullptr && block_of(*first) != block_of(node) &&
         std::ranges::all_of(node.inputs, [&](const Value& input) {
           const Node* source = source_of(input);
           return source != nullptr && block_of(*source) == block_of(*first);
         });
}

using Readers = std::vector<std::vector<const Node*>>;  // by Value::id()

/// Dropout counts for nothing: in inference its readers read what is in front of it.
Readers readers_of(const Graph& graph) {
  Readers readers(static_cast<std::size_t>(graph.value_count()));
  for (const auto& node : graph.nodes())
    for (Value input : node->inputs) {
      if (!input || node->op->name == "dropout") continue;
      while (input.node() != nullptr && input.node()->op->name == "dropout") input = input.node()->inputs[0];
      readers[static_cast<std::size_t>(input.id())].push_back(node.get());
    }
  return readers;
}

bool ends_block(const Node& node, const Readers& readers) {
  if (any_of(node.op->name, kCopying)) return false;
  if (gathers(node)) return true;
  const auto& next = readers[static_cast<std::size_t>(node.outputs[0].id())];
  if (next.size() == 1 && any_of(next[0]->op->name, kFinishing)) return false;
  const std::string block = block_of(node) + "/";
  return next.empty() || std::ranges::any_of(next, [&](const Node* reader) {
           return !reader->name.starts_with(block) && !gathers(*reader);
         });
}

template <class Wanted>
std::vector<Value> maps_where(const Graph& graph, Wanted wanted) {
  std::vector<Value> found;
  for (const auto& node : graph.nodes())
    if (is_map(node->outputs[0]) && wanted(*node)) found.push_back(node->outputs[0]);
  return found;
}

std::vector<Value> choose(const Graph& graph, const std::string& pattern) {
  if (!pattern.empty()) {
    const auto matching =
        maps_where(graph, [&](const Node& node) { return ::fnmatch(pattern.c_str(), node.name.c_str(), 0) == 0; });
    if (!matching.empty()) return matching;
    std::vector<std::string_view> names;
    for (const auto& node : graph.nodes()) names.push_back(node->name);
    fail_input("no layer is named '{}'{}; 'inlay summary MODEL' lists them, and * stands for anything", pattern,
               suggestion(pattern, names));
  }
  constexpr std::size_t kFew = 3;
  const Readers readers = readers_of(graph);
  const std::vector<Value> ends = maps_where(graph, [&](const Node& node) {
    return node.outputs[0] == graph.output("logits") || (!is_flat(node) && ends_block(node, readers));
  });
  if (ends.size() >= kFew) return ends;
  return maps_where(graph, [&](const Node& node) {
    return any_of(node.op->name, kActivations) || node.outputs[0] == graph.output("logits");
  });
}

struct Range {
  std::int64_t begin, end;
};

/// Of `size` values, `step` input pixels apart and centred in an input of `extent`, those that lie on the picture.
Range on_picture(std::int64_t size, double step, std::int64_t extent, std::int64_t margin, std::int64_t picture) {
  const double begin = (static_cast<double>(extent) - step * static_cast<double>(size)) / 2;
  const auto at = [&](std::int64_t pixel) { return (static_cast<double>(pixel) - begin) / step; };
  const auto first = std::clamp<std::int64_t>(std::llround(std::floor(at(margin) + 1e-6)), 0, size - 1);
  const auto last = std::clamp<std::int64_t>(std::llround(std::ceil(at(margin + picture) - 1e-6)), first + 1, size);
  return {first, last};
}

Tensor part_on_picture(const Tensor& maps, const Layer& layer, const NetInput& input) {
  const Shape &shape = maps.shape(), &whole = input.numbers.shape();
  const Range rows = on_picture(shape[2], layer.field.step_h, whole[2], input.margin, input.height);
  const Range columns = on_picture(shape[3], layer.field.step_w, whole[3], input.margin, input.width);
  const std::int64_t width = columns.end - columns.begin;
  Tensor part(DType::f32, {shape[1], rows.end - rows.begin, width});
  const float* from = maps.data<float>().data();
  float* to = part.data<float>().data();
  for (std::int64_t c = 0; c < shape[1]; ++c)
    for (std::int64_t y = rows.begin; y < rows.end; ++y, to += width)
      std::copy_n(from + (c * shape[2] + y) * shape[3] + columns.begin, width, to);
  return part;
}

/// As many layers from `first` on as fit the memory that one run may keep, at least one.
std::size_t group_end(const std::vector<Layer>& layers, std::size_t first) {
  constexpr std::int64_t kElements = std::int64_t{1} << 27;  // half a gigabyte
  std::int64_t elements = 0;
  std::size_t end = first;
  while (end < layers.size()) {
    elements += layers[end].value.shape().elements();
    if (end > first && elements > kElements) break;
    ++end;
  }
  return end;
}

}  // namespace

std::vector<Layer> choose_layers(const Graph& graph, const std::string& pattern) {
  const std::vector<ReceptiveField> fields = receptive_fields(graph);
  std::vector<Layer> layers;
  for (const Value& value : choose(graph, pattern))
    layers.push_back({value, fields[static_cast<std::size_t>(value.id())]});
  return layers;
}

void run_layers(Graph graph, const Tensors& tensors, const NetInput& input, const std::vector<Layer>& layers,
                const ProgramOptions& options, const std::function<bool(std::size_t, const Tensor&)>& look) {
  const auto output_name = [](std::size_t i) { return fmt::format("layer/{}", i); };
  for (std::size_t i = 0; i < layers.size(); ++i) graph.set_output(output_name(i), layers[i].value);
  const auto as_it_is = [](const Node&, std::span<const Value>, Graph&) { return std::nullopt; };
  for (std::size_t begin = 0, end = 0; begin < layers.size(); begin = end) {
    end = group_end(layers, begin);
    std::set<std::string, std::less<>> wanted;
    for (std::size_t i = begin; i < end; ++i) wanted.insert(output_name(i));
    const auto keep = [&](std::string_view name) { return wanted.contains(name); };
    Program program(rewrite(graph, as_it_is, {}, true, keep), tensors, {}, options);
    std::ranges::copy(input.numbers.data<float>(), program.input("image").data<float>().begin());
    program.run();
    for (std::size_t i = begin; i < end; ++i)
      if (!look(i, part_on_picture(program.output(output_name(i)), layers[i], input))) return;
  }
}

}  // namespace inlay
