// What an operator is: a table of rules, one constant per operator (src/ops/NAME.cpp).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "inlay/graph.h"

namespace inlay {

class OnnxExporter;
class OnnxImporter;
struct OnnxNode;

/// The numbers of a tensor as the reference sees them: always double, so that finite differences are exact enough.
/// Labels and indices are whole numbers.
struct ReferenceTensor {
  TensorType type;
  std::vector<double> data;
};

struct ReferenceCall {
  const Attributes& attributes;
  std::span<const ReferenceTensor* const> inputs;  // null for an absent optional input
  std::span<ReferenceTensor> outputs;              // shaped and zeroed
  std::uint64_t seed;                              // of this step; what random operators draw from
};

struct GradientCall {
  const Node& node;
  std::span<const Value> output_gradients;  // empty Values where nothing depends on the output
};

/// What the output sees of the input along each axis: `kernel` input pixels, `stride` apart from one output to the next
/// (below 1 for up-sampling). Araujo, Norris and Sim 2019.
struct Window {
  double kernel_h = 1, kernel_w = 1;
  double stride_h = 1, stride_w = 1;
  bool everything = false;  // global pooling
};

/// Output `output` is the value that input `input` (a state leaf) has in the next step.
struct StateUpdate {
  int input;
  int output;
};

struct OnnxImport {
  std::string_view type;  // ONNX's name, e.g. "Conv", or "inlay.NAME" for a function of our own
  std::vector<Value> (*build)(OnnxImporter&, const OnnxNode&);
};

using TypeList = std::span<const TensorType>;

struct Operator {
  std::string_view name;
  /// Types of the outputs; checks the attributes and the inputs, throws InputError. An absent optional input has
  /// `absent_type()`.
  std::vector<TensorType> (*shape)(const Attributes&, TypeList inputs);
  /// One Value per input: nodes that compute the gradient, or an empty Value. Null when the operator has no gradient.
  std::vector<Value> (*gradient)(const GradientCall&) = nullptr;
  /// Plain loops over N, C, H, W: the oracle of every test.
  void (*reference)(const ReferenceCall&) = nullptr;
  /// Null: one output pixel sees one input pixel.
  Window (*window)(const Attributes&, TypeList inputs) = nullptr;
  /// Multiply-adds of one evaluation; null: none worth counting.
  std::int64_t (*multiply_adds)(const Attributes&, TypeList inputs, TypeList outputs) = nullptr;
  /// It has an option "training" (batch norm, dropout).
  bool has_training_mode = false;
  /// Null: no state.
  std::vector<StateUpdate> (*state)(const Attributes&) = nullptr;
  /// Inputs of which only the shape is read, one bit each: their buffers need not live until here.
  std::uint32_t shape_only_inputs = 0;
  /// Writes the node as ONNX; null: it cannot leave the program (gradients, losses).
  void (*to_onnx)(OnnxExporter&, const Node&) = nullptr;
  /// The ONNX operators that this one reads.
  std::span<const OnnxImport> from_onnx = {};
};

/// The type that stands for an absent optional input.
inline TensorType absent_type() { return {DType::u8, Shape{0}}; }
inline bool is_absent(const TensorType& type) { return type == absent_type(); }

}  // namespace inlay
