// Several pictures that an operator sees as one, joined along the channels, without a copy of them: what fuse_concat
// makes of a concat. Some of them may be read through a batch norm and its ReLU, or up-sampled: what
// fuse_normalised_input and fuse_up_sampling make of those.
#pragma once

#include "graph/operator.h"
#include "inlay/options.h"

namespace inlay {

/// Which inputs of an operator are its sources: the first one, and all from `more` on. Those in `normalised`, by their
/// number, have four inputs in front of `more`, of a number a channel each: scale, shift, mean and inverse deviation.
/// They are read as max(0, (x - mean) * inverse * scale + shift). Those in `up_sampled` have half the height and width
/// of the others, and are read up-sampled by two, normalised before where they are both.
struct Sources {
  static constexpr std::size_t kNormalInputs = 4;

  /// `inputs` there are besides.
  Sources(std::size_t inputs, std::vector<std::int64_t> through_norm, std::vector<std::int64_t> of_half_size = {},
          Interpolation how = Interpolation::nearest)
      : normals(inputs),
        more(inputs + kNormalInputs * through_norm.size()),
        normalised(std::move(through_norm)),
        up_sampled(std::move(of_half_size)),
        up_sampling(how) {}

  std::size_t input(std::int64_t source) const { return source == 0 ? 0 : more + static_cast<std::size_t>(source) - 1; }
  /// The type of all joined. Throws InputError when they do not agree in all but the channels, as they are read.
  TensorType joined(TypeList in) const;
  /// Their numbers.
  ReferenceTensor joined(std::span<const ReferenceTensor* const> in) const;

  std::size_t normals, more;
  std::vector<std::int64_t> normalised, up_sampled;
  Interpolation up_sampling;
};

/// Operators that a pass has given several sources, or several results, have no gradient and no ONNX form any more.
void expect_unfused(const Node& node, std::size_t inputs, std::size_t outputs = 1);

}  // namespace inlay
