#include "runtime/cpu/onednn_conv.h"

#include <algorithm>
#include <chrono>

#include "base/fail.h"

namespace inlay::onednn {
namespace {

constexpr std::size_t kLine = 64;

std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

/// Seconds of one run on memory of its own, the better of two after a warm-up.
double time_conv(const ConvProblem& p, const ConvPrimitive& conv) {
  const auto& e = engine();
  const dnnl::memory x(picture(p.x()), e), y(picture(p.y()), e), w(conv.weights, e), b(vector(p.geometry.m), e),
      s(conv.scratchpad, e);
  std::vector<std::pair<int, dnnl::memory>> arguments;
  switch (p.direction) {
    case Direction::forward:
      arguments = {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DST, y}};
      break;
    case Direction::backward_data:
      arguments = {{DNNL_ARG_DIFF_SRC, x}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DIFF_DST, y}};
      break;
    case Direction::backward_weights:
      arguments = {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_WEIGHTS, w}, {DNNL_ARG_DIFF_DST, y}};
      break;
  }
  if (p.bias) arguments.emplace_back(p.direction == Direction::forward ? DNNL_ARG_BIAS : DNNL_ARG_DIFF_BIAS, b);
  arguments.emplace_back(DNNL_ARG_SCRATCHPAD, s);
  const Call call(conv.primitive, std::move(arguments));
  double best = 1e30;
  for (int run = 0; run < 3; ++run) {
    const auto start = std::chrono::steady_clock::now();
    call.run();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    if (run > 0) best = std::min(best, seconds.count());
  }
  return best;
}

}  // namespace

Shape ConvProblem::weight_shape() const { return {geometry.m, geometry.c / geometry.groups, geometry.kh, geometry.kw}; }
Buffer ConvProblem::x() const { return {{DType::f32, {geometry.n, geometry.c, geometry.h, geometry.w}}, x_block}; }
Buffer ConvProblem::y() const { return {{DType::f32, {geometry.n, geometry.m, geometry.oh, geometry.ow}}, y_block}; }

std::string ConvProblem::describe() const {
  static constexpr const char* kNames[] = {"forward", "backward_data", "backward_weights"};
  const auto& g = geometry;
  return fmt::format("{} {} {} s{}x{} p{},{},{},{} d{}x{} g{} b{},{}{}", kNames[static_cast<int>(direction)],
                     to_string(x().type.shape), to_string(weight_shape()), g.stride.h, g.stride.w, g.padding.top,
                     g.padding.left, g.padding.bottom, g.padding.right, g.dilation.h, g.dilation.w, g.groups, x_block,
                     y_block, constant_weights ? " constant" : "");
}

ConvPrimitive choose_conv(const ConvProblem& problem, Tuner* tuner) {
  auto primitives = conv_primitives(problem);
  if (primitives.empty()) fail("oneDNN has no convolution for {}", problem.describe());
  const auto named = [&](const std::string& name) {
    return *std::ranges::find(primitives, name, &ConvPrimitive::algorithm);
  };
  std::vector<std::string> names;
  for (const auto& primitive : primitives) names.push_back(primitive.algorithm);
  constexpr std::int64_t kWorthTiming = 10'000'000;  // multiply-adds; below it, timings are noise
  if (tuner && problem.geometry.multiply_adds() >= kWorthTiming)
    return named(tuner->choose(problem.describe(), names,
                               [&](const std::string& name) { return time_conv(problem, named(name)); }));
  const bool wide =
      std::min(problem.geometry.c, problem.geometry.m) >= 32 && problem.geometry.multiply_adds() >= kWorthTiming;
  return wide ? primitives.back() : primitives.front();
}

std::pair<int, int> conv_blocks(ConvProblem problem, int preferred_block) {
  if (preferred_block == 1) return {1, 1};
  const bool few_inputs =
      problem.geometry.c <= 3 && problem.geometry.groups == 1 && problem.direction != Direction::backward_data;
  std::pair<int, int> blocks{few_inputs ? 1 : preferred_block, preferred_block};
  std::tie(problem.x_block, problem.y_block) = blocks;
  const auto found = conv_primitives(problem);
  return !found.empty() && found[0].algorithm != "reference" ? blocks : std::pair{1, 1};
}

ConvCall::ConvCall(const ConvProblem& problem, Tuner* tuner) : problem_(problem), conv_(choose_conv(problem, tuner)) {
  if (problem_.constant_weights && needs_packing())
    packed_ = Tensor(DType::u8, {static_cast<std::int64_t>(conv_.weights.get_size())});
}

bool ConvCall::needs_packing() const {
  return conv_.weights != plain_weights(problem_.weight_shape(), problem_.geometry.groups);
}

std::size_t ConvCall::scratch_bytes() const {
  const bool own = needs_packing() && !problem_.constant_weights;
  return whole_lines(conv_.scratchpad.get_size()) + (own ? whole_lines(conv_.weights.get_size()) : 0);
}

void ConvCall::bind(std::byte* x, std::byte* y, std::byte* weights, std::byte* bias, std::byte* scratch) {
  const auto& e = engine();
  const bool backward_weights = problem_.direction == Direction::backward_weights;
  std::byte* packed = weights;
  if (needs_packing())
    packed = problem_.constant_weights ? packed_.raw() : scratch + whole_lines(conv_.scratchpad.get_size());
  const dnnl::memory plain(plain_weights(problem_.weight_shape(), problem_.geometry.groups), e, weights);
  const dnnl::memory w(conv_.weights, e, packed);
  const dnnl::memory mx(picture(problem_.x()), e, x), my(picture(problem_.y()), e, y), ms(conv_.scratchpad, e, scratch);
  if (needs_packing()) {
    const auto& [from, to] = backward_weights ? std::pair(w, plain) : std::pair(plain, w);
    const dnnl::reorder::primitive_desc desc(from, to, attributes());
    const dnnl::memory reorder_scratch(desc.scratchpad_desc(), e);
    reorder_ =
        Call(dnnl::reorder(desc), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}, {DNNL_ARG_SCRATCHPAD, reorder_scratch}});
  }
  std::vector<std::pair<int, dnnl::memory>> arguments;
  switch (problem_.direction) {
    case Direction::forward:
      arguments = {{DNNL_ARG_SRC, mx}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DST, my}};
      break;
    case Direction::backward_data:
      arguments = {{DNNL_ARG_DIFF_DST, my}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DIFF_SRC, mx}};
      break;
    case Direction::backward_weights:
      arguments = {{DNNL_ARG_SRC, mx}, {DNNL_ARG_DIFF_DST, my}, {DNNL_ARG_DIFF_WEIGHTS, w}};
      break;
  }
  if (problem_.bias) {
    const dnnl::memory mb(vector(problem_.geometry.m), e, bias);
    arguments.emplace_back(backward_weights ? DNNL_ARG_DIFF_BIAS : DNNL_ARG_BIAS, mb);
  }
  arguments.emplace_back(DNNL_ARG_SCRATCHPAD, ms);
  convolution_ = Call(conv_.primitive, std::move(arguments));
  if (needs_packing() && problem_.constant_weights) reorder_.run();
}

void ConvCall::run() const {
  const bool backward_weights = problem_.direction == Direction::backward_weights;
  if (reorder_ && !backward_weights && !problem_.constant_weights) reorder_.run();
  convolution_.run();
  if (reorder_ && backward_weights) reorder_.run();
}

}  // namespace inlay::onednn
