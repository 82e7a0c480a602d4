// Several pictures that an operator sees as one, joined along the channels, without a copy of them: what fuse_concat
// makes of a concat. Some of them may be read through a batch norm and its ReLU: what fuse_normalised_input makes of
// those.
#pragma once

#include "graph/operator.h"

namespace inlay {

/// Which inputs of an operator are its sources: the first one, and all from `more` on. Those in `normalised`, by their
/// number, have four inputs in front of `more`, of a number a channel each: scale, shift, mean and inverse deviation.
/// They are read as max(0, (x - mean) * inverse * scale + shift).
struct Sources {
  static constexpr std::size_t kNormalInputs = 4;

  /// `inputs` there are besides.
  Sources(std::size_t inputs, std::vector<std::int64_t> sources)
      : normals(inputs), more(inputs + kNormalInputs * sources.size()), normalised(std::move(sources)) {}

  std::size_t input(std::int64_t source) const { return source == 0 ? 0 : more + static_cast<std::size_t>(source) - 1; }
  /// The type of all joined. Throws InputError when they do not agree in all but the channels.
  TensorType joined(TypeList in) const;
  /// Their numbers.
  ReferenceTensor joined(std::span<const ReferenceTensor* const> in) const;

  std::size_t normals, more;
  std::vector<std::int64_t> normalised;
};

/// Operators that a pass has given several sources, or several results, have no gradient and no ONNX form any more.
void expect_unfused(const Node& node, std::size_t inputs, std::size_t outputs = 1);

}  // namespace inlay
