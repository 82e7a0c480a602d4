#include "runtime/cpu/conv/problem.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>

namespace inlay {
namespace {

std::int64_t rounded(std::int64_t size) {
  const std::int64_t below = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(size)));
  return size - below < 2 * below - size ? below : 2 * below;
}

}  // namespace

Shape ConvProblem::weight_shape() const { return {geometry.m, geometry.c / geometry.groups, geometry.kh, geometry.kw}; }
Buffer ConvProblem::x() const { return {{DType::f32, {geometry.n, geometry.c, geometry.h, geometry.w}}, x_block}; }
Buffer ConvProblem::y() const { return {{DType::f32, {geometry.n, geometry.m, geometry.oh, geometry.ow}}, y_block}; }
Buffer ConvProblem::pooled() const {
  return {{DType::f32, {geometry.n, geometry.m, geometry.oh / 2, geometry.ow / 2}}, y_block};
}

ConvProblem ConvProblem::to_time() const {
  constexpr std::int64_t kMostPixels = 1 << 16;
  ConvProblem result = *this;
  ConvGeometry& g = result.geometry;
  g.n = rounded(g.n), g.oh = rounded(g.oh), g.ow = rounded(g.ow);
  while (g.n > 1 && g.n * g.oh * g.ow > kMostPixels) g.n /= 2;
  while (g.oh > 1 && g.oh * g.ow > kMostPixels) (g.oh > g.ow ? g.oh : g.ow) /= 2;
  g.h += (g.oh - geometry.oh) * g.stride.h;
  g.w += (g.ow - geometry.ow) * g.stride.w;
  // With more padding than kernel, fewer outputs may need less than nothing; what is up-sampled has even sides.
  const bool fits = up_sampled.empty() || (g.h % 2 == 0 && g.w % 2 == 0);
  return g.h > 0 && g.w > 0 && fits ? result : *this;
}

std::vector<Buffer> ConvProblem::x_pictures() const {
  std::vector<Buffer> parts;
  for (const std::int64_t channels : x_parts.empty() ? std::vector{geometry.c} : x_parts) {
    const std::int64_t scale = std::ranges::count(up_sampled, std::ssize(parts)) > 0 ? 2 : 1;
    parts.push_back({{DType::f32, {geometry.n, channels, geometry.h / scale, geometry.w / scale}}, x_block});
  }
  return parts;
}

std::string ConvProblem::describe() const {
  static constexpr const char* kNames[] = {"forward", "backward_data", "backward_weights"};
  const auto& g = geometry;
  // ReLU is free to all of them.
  const bool slopes = activation == Activation::leaky_relu || activation == Activation::prelu;
  return fmt::format(
      "{} {} {} s{}x{} p{},{},{},{} d{}x{} g{} b{},{}{}{}{}{}{}{}{}{}{}", kNames[static_cast<int>(direction)],
      to_string(x().type.shape), to_string(weight_shape()), g.stride.h, g.stride.w, g.padding.top, g.padding.left,
      g.padding.bottom, g.padding.right, g.dilation.h, g.dilation.w, g.groups, x_block, y_block,
      x_parts.empty() ? "" : fmt::format(" parts {}", fmt::join(x_parts, "+")),
      normalised.empty() ? "" : fmt::format(" normalised {}", fmt::join(normalised, "+")),
      up_sampled.empty()
          ? ""
          : fmt::format(" {} up_sampled {}", enum_names(up_sampling)[static_cast<std::size_t>(up_sampling)],
                        fmt::join(up_sampled, "+")),
      constant_weights ? " constant" : "", labels ? " labels" : "",
      statistics  ? " statistics"
      : norm_sums ? " norm_sums"
                  : "",
      max_pool ? " max_pool" : "", add ? " add" : "",
      slopes ? fmt::format(" {}", enum_names(activation)[static_cast<std::size_t>(activation)]) : "");
}

bool side_by_side(const ConvGeometry& g) {
  return g.stride == Size2{g.kh, g.kw} && g.dilation == Size2{1, 1} && g.padding == Padding{0} && g.h == g.oh * g.kh &&
         g.w == g.ow * g.kw;
}

}  // namespace inlay
