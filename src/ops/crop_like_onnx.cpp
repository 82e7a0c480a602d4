#include "ops/crop_like_onnx.h"

#include "inlay/ops.h"

namespace inlay {
namespace {

using Kind = SizeTerm::Kind;

/// Writes size arithmetic; every function gives the name of two whole numbers, for rows and columns.
struct SizeWriter {
  OnnxExporter& onnx;

  std::string number(std::vector<std::int64_t> numbers) { return onnx.constant("numbers", numbers); }

  std::string apply(const char* type, const std::string& hint, std::vector<std::string> inputs) {
    const std::string result = onnx.fresh(hint);
    onnx.add({type, std::move(inputs), {result}, {}});
    return result;
  }

  std::string size_of(const Value& value) {
    const std::string shape = apply("Shape", "shape", {onnx.name(value)});
    return apply("Slice", "size", {shape, number({2}), number({4}), number({0})});
  }

  /// Rows and columns of the large picture before the small one.
  std::string before(const CropLikeOptions& o, const std::string& excess) {
    return o.offset < 0 ? apply("Div", "half", {excess, number({2})}) : number({o.offset, o.offset});
  }
};

bool is_extent(const SizeTerm& term, int axis) { return term.kind == Kind::extent && term.axis == axis; }

bool is_number(const SizeTerm& term, std::int64_t number) { return term.kind == Kind::number && term.number == number; }

/// extent of `large` - extent of `small`, along `axis`.
bool is_excess(const SizeTerm& term, const Value& large, const Value& small, int axis) {
  return term.kind == Kind::difference && is_extent(term.terms[0], axis) && term.terms[0].of == large &&
         is_extent(term.terms[1], axis) && term.terms[1].of == small;
}

/// The option that says that `small` begins there in `large`; nothing when there is none.
std::optional<std::int64_t> read_offset(const SizeTerm& start, const Value& large, const Value& small, int axis) {
  if (start.kind == Kind::number && start.number >= 0) return start.number;
  if (start.kind == Kind::quotient && is_excess(start.terms[0], large, small, axis) && is_number(start.terms[1], 2))
    return -1;
  return std::nullopt;
}

/// What a Slice's end, start + extent of `like`, takes the extent of; an empty Value when it is something else.
Value like_of(const SizeTerm& start, const SizeTerm& end, int axis) {
  if (is_number(start, 0) && is_extent(end, axis)) return end.of;
  if (end.kind == Kind::sum && end.terms[0] == start && is_extent(end.terms[1], axis)) return end.terms[1].of;
  return {};
}

}  // namespace

void write_crop_like(OnnxExporter& onnx, const Node& node, const CropLikeOptions& o) {
  SizeWriter write{onnx};
  const std::string size = write.size_of(node.inputs[1]);
  const std::string excess = o.offset < 0 ? write.apply("Sub", "excess", {write.size_of(node.inputs[0]), size}) : "";
  const std::string start = write.before(o, excess);
  onnx.add({"Slice",
            {onnx.name(node.inputs[0]), start, write.apply("Add", "end", {start, size}), write.number({2, 3})},
            {onnx.name(node.outputs[0])},
            {}});
}

void write_pad_like(OnnxExporter& onnx, const Node& node, const CropLikeOptions& o) {
  SizeWriter write{onnx};
  const std::string large = write.size_of(node.inputs[1]), small = write.size_of(node.inputs[0]);
  const std::string excess = write.apply("Sub", "excess", {large, small}), before = write.before(o, excess);
  const std::string none = write.number({0, 0}), pads = onnx.fresh("pads");
  OnnxNode join{"Concat", {none, before, none, write.apply("Sub", "behind", {excess, before})}, {pads}, {}};
  join.attributes.set("axis", std::int64_t{0});
  onnx.add(std::move(join));
  onnx.add({"Pad", {onnx.name(node.inputs[0]), pads}, {onnx.name(node.outputs[0])}, {}});
}

Value read_crop_like(OnnxImporter& onnx, const OnnxNode& node) {
  const auto starts = onnx.sizes(input_name(node, 1)), ends = onnx.sizes(input_name(node, 2));
  if (!starts || !ends || starts->size() != 2 || ends->size() != 2 || !input_name(node, 4).empty()) return {};
  if (onnx.integers(input_name(node, 3)) != std::vector<std::int64_t>{2, 3}) return {};
  const Value x = onnx.value(node.inputs.at(0)), like = like_of((*starts)[0], (*ends)[0], 2);
  if (!like || like_of((*starts)[1], (*ends)[1], 3) != like) return {};
  const auto rows = read_offset((*starts)[0], x, like, 2), columns = read_offset((*starts)[1], x, like, 3);
  return rows && rows == columns ? crop_like(x, like, {*rows}) : Value();
}

Value read_pad_like(OnnxImporter& onnx, const OnnxNode& node) {
  const auto pads = onnx.sizes(input_name(node, 1));
  if (!pads || pads->size() != 8) return {};
  for (const std::size_t i : {0, 1, 4, 5})
    if (!is_number((*pads)[i], 0)) return {};
  const Value x = onnx.value(node.inputs.at(0));
  Value like;
  std::optional<std::int64_t> offset;
  for (const int axis : {2, 3}) {
    const SizeTerm &before = (*pads)[static_cast<std::size_t>(axis)],
                   &behind = (*pads)[static_cast<std::size_t>(axis) + 4];
    if (behind.kind != Kind::difference || !(behind.terms[1] == before)) return {};
    const SizeTerm& excess = behind.terms[0];
    if (excess.kind != Kind::difference || (like && excess.terms[0].of != like)) return {};
    like = excess.terms[0].of;
    const auto found = is_excess(excess, like, x, axis) ? read_offset(before, like, x, axis) : std::nullopt;
    if (!found || (offset && offset != found)) return {};
    offset = found;
  }
  return pad_like(x, like, {*offset});
}

}  // namespace inlay
