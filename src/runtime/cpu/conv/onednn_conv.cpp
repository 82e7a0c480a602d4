#include <algorithm>

#include "base/fail.h"
#include "base/threads.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/epilogue.h"
#include "runtime/cpu/conv/onednn_primitive.h"
#include "runtime/cpu/few_channels/few_channels.h"

namespace inlay {
namespace {

using onednn::ConvPrimitive;

constexpr std::size_t kLine = 64;

std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

dnnl::memory::desc plain_weights(const ConvProblem& p) {
  return onednn::plain_weights(p.weight_shape(), p.geometry.groups);
}

template <int B>
void add_bias(float* x, const float* bias, const ConvGeometry& g) {
  const std::int64_t blocks = (g.c + B - 1) / B, pixels = g.h * g.w;
  parallel_ranges(
      g.n * blocks,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t plane = begin; plane < end; ++plane) {
          float added[B] = {};
          for (std::int64_t c = plane % blocks * B, i = 0; i < B && c + i < g.c; ++i) added[i] = bias[c + i];
          float* to = x + plane * pixels * B;
          for (std::int64_t pixel = 0; pixel < pixels; ++pixel)
            for (int i = 0; i < B; ++i) to[pixel * B + i] += added[i];
        }
      },
      g.n * g.c * pixels);
}

/// A oneDNN convolution with its weights packed: once when they are constant, else at every run.
class OnednnConv : public ConvAlgorithm {
 public:
  OnednnConv(const ConvProblem& problem, ConvPrimitive primitive)
      : problem_(problem),
        conv_(std::move(primitive)),
        packs_(conv_.weights != plain_weights(problem)),
        slopes_(problem) {
    if (problem_.constant_weights && packs_)
      packed_ = Tensor(DType::u8, {static_cast<std::int64_t>(conv_.weights.get_size())});
  }

  std::size_t scratch_bytes() const override { return apart_offset() + (apart() ? problem_.y().bytes() : 0); }
  std::size_t packed_bytes() const override { return packed_.bytes(); }
  bool reads_weights() const override { return !packs_ || !problem_.constant_weights; }

  void bind(const ConvAddresses& a) override {
    addresses_ = a;
    if (backward_weights() && problem_.bias && !a.bias) {
      unread_.resize(static_cast<std::size_t>(problem_.bias_size()));
      addresses_.bias = reinterpret_cast<std::byte*>(unread_.data());
    }
    slopes_.bind(a.slopes);
    std::byte* packed = a.weights;
    if (packs_)
      packed = problem_.constant_weights ? packed_.raw() : a.scratch + whole_lines(conv_.scratchpad.get_size());
    const dnnl::memory plain(plain_weights(problem_), onednn::engine(), a.weights);
    const dnnl::memory weights(conv_.weights, onednn::engine(), packed);
    if (packs_) bind_reorder(plain, weights);
    bind_convolution(weights);
    if (packs_ && problem_.constant_weights) {
      reorder_.run();
      reorder_ = {};  // its scratch memory is as large as the weights
    }
  }

  void run() override {
    if (packs_ && !backward_weights() && !problem_.constant_weights) reorder_.run();
    slopes_.update();
    if (conv_.adds) take_over();
    convolution_.run();
    if (apart() || (problem_.activation != Activation::none && !conv_.activates)) finish();
    if (packs_ && backward_weights()) reorder_.run();
    if (problem_.direction == ConvDirection::backward_data && addresses_.bias)
      with_block(problem_.x_block, [&]<int B>() {
        add_bias<B>(reinterpret_cast<float*>(addresses_.x[0]), reinterpret_cast<const float*>(addresses_.bias),
                    problem_.geometry);
      });
  }

 private:
  /// The sum is left to do, and what is added may lie at y: the convolution goes elsewhere.
  bool apart() const { return problem_.add && !conv_.adds; }
  std::size_t apart_offset() const {
    const bool own = packs_ && !problem_.constant_weights;
    return whole_lines(conv_.scratchpad.get_size()) + (own ? whole_lines(conv_.weights.get_size()) : 0);
  }
  std::byte* result() const { return apart() ? addresses_.scratch + apart_offset() : addresses_.y; }

  /// What is added comes to y, where the primitive expects it.
  void take_over() const {
    const auto* other = reinterpret_cast<const float*>(addresses_.other);
    auto* y = reinterpret_cast<float*>(addresses_.y);
    if (other == y) return;
    const auto count = static_cast<std::int64_t>(problem_.y().bytes() / sizeof(float));
    parallel_ranges(
        count, [=](std::int64_t begin, std::int64_t end) { std::copy(other + begin, other + end, y + begin); }, count);
  }

  void finish() {
    apply_epilogue(problem_, reinterpret_cast<const float*>(result()),
                   reinterpret_cast<const float*>(apart() ? addresses_.other : nullptr), slopes_.data(),
                   reinterpret_cast<float*>(addresses_.y));
  }

  bool backward_weights() const { return problem_.direction == ConvDirection::backward_weights; }

  void bind_reorder(const dnnl::memory& plain, const dnnl::memory& weights) {
    const auto& [from, to] = backward_weights() ? std::pair(weights, plain) : std::pair(plain, weights);
    const dnnl::reorder::primitive_desc desc(from, to, onednn::attributes());
    const dnnl::memory scratch(desc.scratchpad_desc(), onednn::engine());
    reorder_ =
        onednn::Call(dnnl::reorder(desc), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}, {DNNL_ARG_SCRATCHPAD, scratch}});
  }

  void bind_convolution(const dnnl::memory& weights) {
    const auto& e = onednn::engine();
    const dnnl::memory x(onednn::picture(problem_.x()), e, addresses_.x[0]),
        y(onednn::picture(problem_.y()), e, result());
    const dnnl::memory scratch(conv_.scratchpad, e, addresses_.scratch);
    const dnnl::memory bias(onednn::vector(problem_.bias_size()), e, addresses_.bias);
    std::vector<std::pair<int, dnnl::memory>> arguments{{DNNL_ARG_SCRATCHPAD, scratch}};
    const auto add = [&](std::initializer_list<std::pair<int, dnnl::memory>> more) {
      arguments.insert(arguments.end(), more);
    };
    switch (problem_.direction) {
      case ConvDirection::forward:
        add({{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DST, y}});
        if (problem_.bias) add({{DNNL_ARG_BIAS, bias}});
        break;
      case ConvDirection::backward_data:
        add({{DNNL_ARG_DIFF_DST, y}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DIFF_SRC, x}});
        break;
      case ConvDirection::backward_weights:
        add({{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, y}, {DNNL_ARG_DIFF_WEIGHTS, weights}});
        if (problem_.bias) add({{DNNL_ARG_DIFF_BIAS, bias}});
        break;
    }
    convolution_ = onednn::Call(conv_.primitive, std::move(arguments));
  }

  ConvProblem problem_;
  ConvPrimitive conv_;
  bool packs_;
  Slopes slopes_;
  Tensor packed_;              // constant weights in the primitive's layout
  std::vector<float> unread_;  // a gradient of the bias that nobody asks for
  ConvAddresses addresses_{};
  onednn::Call reorder_, convolution_;
};

}  // namespace

std::vector<ConvCandidate> onednn_candidates(const ConvProblem& problem) {
  std::vector<ConvCandidate> result;
  for (ConvPrimitive& primitive : onednn::conv_primitives(problem))
    result.push_back(
        {primitive.algorithm, [problem, primitive] { return std::make_unique<OnednnConv>(problem, primitive); }});
  return result;
}

std::pair<int, int> conv_blocks(ConvProblem problem, const LayoutQuery& query) {
  if (query.preferred_block == 1) return {1, 1};
  const bool few_inputs = problem.geometry.c <= few_channels::kMostChannels && problem.geometry.groups == 1 &&
                          problem.direction != ConvDirection::backward_data;
  std::pair<int, int> blocks{few_inputs ? 1 : query.preferred_block, query.preferred_block};
  std::tie(problem.x_block, problem.y_block) = blocks;
  for (const auto& ours : {bf16x3_candidates(problem), winograd_candidates(problem), few_channels_candidates(problem)})
    for (const ConvCandidate& candidate : ours)
      if (!std::ranges::count(query.skip, candidate.name)) return blocks;
  const auto found = onednn::conv_primitives(problem);
  return !found.empty() && found[0].algorithm != "reference" ? blocks : std::pair{1, 1};
}

}  // namespace inlay
