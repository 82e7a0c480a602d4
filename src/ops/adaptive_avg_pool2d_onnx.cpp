#include "ops/adaptive_avg_pool2d_onnx.h"

#include "inlay/ops.h"
#include "ops/onnx_attributes.h"

namespace inlay {
namespace {

constexpr std::int64_t kFloat = 1;  // TensorProto.DataType

/// The mean over bins is linear along each axis: y = rows x columns', where row i of `rows` holds 1 / count at the
/// positions of bin i (ops/adaptive_bins.h) and 0 elsewhere.
class PoolFunction {
 public:
  OnnxFunction build() {
    number("zero", 0);
    number("one", 1);
    add("Shape", {"x"}, "shape");
    weights("rows", 2, 0);
    weights("columns", 3, 1);
    add("Transpose", {"columns"}, "columns_transposed").attributes.set("perm", std::vector<std::int64_t>{1, 0});
    add("MatMul", {"rows", "x"}, "row_means");
    add("MatMul", {"row_means", "columns_transposed"}, "y");
    return std::move(function_);
  }

 private:
  OnnxNode& add(std::string type, std::vector<std::string> inputs, std::string output) {
    function_.nodes.push_back({std::move(type), std::move(inputs), {std::move(output)}, {}});
    return function_.nodes.back();
  }

  void number(const std::string& name, std::int64_t value) {
    add("Constant", {}, name).attributes.set("value_int", value);
  }

  /// The matrix `name` (bins, extent) for axis `axis` of x and element `at` of the size.
  void weights(const std::string& name, std::int64_t axis, std::int64_t at) {
    const auto n = [&](const char* part) { return name + "_" + part; };
    number(n("axis"), axis);
    number(n("at"), at);
    add("Gather", {"shape", n("axis")}, n("extent"));
    add("Gather", {"size", n("at")}, n("bins"));
    add("Range", {"zero", n("extent"), "one"}, n("positions"));
    add("Range", {"zero", n("bins"), "one"}, n("bin_list"));
    add("Constant", {}, n("second_axis")).attributes.set("value_ints", std::vector<std::int64_t>{1});
    add("Unsqueeze", {n("bin_list"), n("second_axis")}, n("bin"));
    // begin = floor(bin * extent / bins), end = ceil((bin + 1) * extent / bins) = floor((before + extent + bins - 1) /
    // bins)
    add("Mul", {n("bin"), n("extent")}, n("before"));
    add("Div", {n("before"), n("bins")}, n("begin"));
    add("Sub", {n("bins"), "one"}, n("rest"));
    add("Add", {n("extent"), n("rest")}, n("step"));
    add("Add", {n("before"), n("step")}, n("after"));
    add("Div", {n("after"), n("bins")}, n("end"));
    add("GreaterOrEqual", {n("positions"), n("begin")}, n("from_begin"));
    add("Less", {n("positions"), n("end")}, n("to_end"));
    add("And", {n("from_begin"), n("to_end")}, n("inside"));
    add("Cast", {n("inside")}, n("ones")).attributes.set("to", kFloat);
    add("Sub", {n("end"), n("begin")}, n("count"));
    add("Cast", {n("count")}, n("divisor")).attributes.set("to", kFloat);
    add("Div", {n("ones"), n("divisor")}, name);
  }

  OnnxFunction function_{
      std::string(kOnnxAdaptiveAveragePool.substr(kOnnxDomain.size() + 1)), {"x", "size"}, {"y"}, {}};
};

}  // namespace

void write_adaptive_avg_pool(OnnxExporter& onnx, const Node& node, Size2 size) {
  onnx.call(PoolFunction().build(), {onnx.name(node.inputs[0]), onnx.constant("size", {size.h, size.w})},
            {onnx.name(node.outputs[0])});
}

std::vector<Value> read_adaptive_avg_pool(OnnxImporter& onnx, const OnnxNode& node) {
  const auto size = onnx_integers(onnx, node, 1, "size");
  if (!size || size->size() != 2)
    fail_input("the size has {} numbers, expected height and width", size ? size->size() : 0);
  return {adaptive_avg_pool2d(onnx.value(node.inputs.at(0)), {{(*size)[0], (*size)[1]}})};
}

}  // namespace inlay
