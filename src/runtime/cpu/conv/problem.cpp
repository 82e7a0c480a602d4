#include "runtime/cpu/conv/problem.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace inlay {

Shape ConvProblem::weight_shape() const { return {geometry.m, geometry.c / geometry.groups, geometry.kh, geometry.kw}; }
Buffer ConvProblem::x() const { return {{DType::f32, {geometry.n, geometry.c, geometry.h, geometry.w}}, x_block}; }
Buffer ConvProblem::y() const { return {{DType::f32, {geometry.n, geometry.m, geometry.oh, geometry.ow}}, y_block}; }

std::vector<Buffer> ConvProblem::x_pictures() const {
  if (x_parts.empty()) return {x()};
  std::vector<Buffer> parts;
  for (const std::int64_t channels : x_parts)
    parts.push_back({{DType::f32, {geometry.n, channels, geometry.h, geometry.w}}, x_block});
  return parts;
}

std::string ConvProblem::describe() const {
  static constexpr const char* kNames[] = {"forward", "backward_data", "backward_weights"};
  const auto& g = geometry;
  return fmt::format("{} {} {} s{}x{} p{},{},{},{} d{}x{} g{} b{},{}{}{}", kNames[static_cast<int>(direction)],
                     to_string(x().type.shape), to_string(weight_shape()), g.stride.h, g.stride.w, g.padding.top,
                     g.padding.left, g.padding.bottom, g.padding.right, g.dilation.h, g.dilation.w, g.groups, x_block,
                     y_block, x_parts.empty() ? "" : fmt::format(" parts {}", fmt::join(x_parts, "+")),
                     constant_weights ? " constant" : "");
}

}  // namespace inlay
