#include "base/grouped.h"
#include "inlay/ops.h"
#include "inlay/summary.h"
#include "workflow/explain/conv_example.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

constexpr std::int64_t kLargestSide = 1 << 14;

struct WindowChoices {
  Size2 size = {256, 256};
  std::int64_t kernel = 3;
  std::int64_t layers = 3;
  std::int64_t stride = 2;
  static void visit(auto& self, auto&& field) {
    field("size", self.size, "of the picture that the costs are counted for");
    field("kernel", self.kernel, "side of the convolutions' kernels");
    field("layers", self.layers, "convolutions, one after the other");
    field("stride", self.stride, "of the max-pooling in the example with dilation");
  }
};

struct Setup {
  WindowChoices choices;
  std::int64_t window;  // pixels along an axis that one output sees
};

Setup setup(const ExplainTexts& texts) {
  const auto o = read_options<WindowChoices>("sliding-window", texts);
  expect_within("kernel", o.kernel, 1, 7);
  expect_within("layers", o.layers, 1, 5);
  expect_within("stride", o.stride, 1, 4);
  const std::int64_t window = o.layers * (o.kernel - 1) + 1;
  for (const std::int64_t side : {o.size.h, o.size.w})
    if (side < window || side > kLargestSide)
      fail_input("size is {}x{}, expected at least the window, {}x{}, and at most {} a side", o.size.h, o.size.w,
                 window, window, kLargestSide);
  return {o, window};
}

/// All layers have the same kernel.
PlaneOperator convolutions(const WindowChoices& o) {
  return {[layers = o.layers](Value x, Value w) {
            for (std::int64_t i = 0; i < layers; ++i) x = conv2d(x, w);
            return x;
          },
          filled_grid(o.kernel, 1)};
}

/// A convolution, a pooling with this stride, a convolution; `dense`: the stride left out, the later kernel dilated.
PlaneOperator pooled(const WindowChoices& o, bool dense) {
  return {[=](Value x, Value w) {
            const Value pool = max_pool2d(conv2d(x, w), {.kernel = o.stride, .stride = dense ? 1 : o.stride}).values;
            return conv2d(pool, w, {.dilation = dense ? o.stride : 1});
          },
          made_up_grid(o.kernel)};
}

/// The operator on every window of that side by itself, each of which must leave one pixel.
Grid one_by_one(const PlaneOperator& op, const Grid& picture, std::int64_t window) {
  Grid out = filled_grid({picture.rows - window + 1, picture.columns - window + 1}, 0);
  for (std::int64_t y = 0; y < out.rows; ++y)
    for (std::int64_t x = 0; x < out.columns; ++x) {
      const Padding around(y, x, out.rows - 1 - y, out.columns - 1 - x);
      const Grid cut = apply({[around](Value v, Value) { return crop(v, around); }}, picture);
      out.values[static_cast<std::size_t>(y * out.columns + x)] = apply(op, cut).values.at(0);
    }
  return out;
}

std::int64_t multiply_adds(const PlaneOperator& op, Size2 size) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 1, size.h, size.w}});
  const Value w = graph.add_leaf(LeafKind::parameter, "w", {DType::f32, {1, 1, op.weights->rows, op.weights->columns}});
  graph.set_output("y", op.build(x, w));
  return summarise(graph).multiply_adds;
}

struct Costs {
  std::int64_t windows, each, at_once;
  double ratio() const { return static_cast<double>(windows * each) / static_cast<double>(at_once); }
};

Costs costs(const Setup& s, Size2 size) {
  const PlaneOperator op = convolutions(s.choices);
  return {(size.h - s.window + 1) * (size.w - s.window + 1), multiply_adds(op, s.window), multiply_adds(op, size)};
}

ExplainTable cost_table(const Costs& c) {
  return {{"way", "windows", "multiply-adds of each", "in all"},
          {{"window by window", grouped(c.windows), grouped(c.each), grouped(c.windows * c.each)},
           {"all at once", "1", grouped(c.at_once), grouped(c.at_once)}}};
}

void add_dilation(Explanation& e, const WindowChoices& o) {
  const std::int64_t window = o.kernel + o.stride - 1 + o.stride * (o.kernel - 1);
  const Grid picture = made_up_grid(window + 3);
  const Grid windows = one_by_one(pooled(o, false), picture, window), dense = apply(pooled(o, true), picture);
  const Grid coarse = apply(pooled(o, false), picture);
  e.parts.push_back(
      {fmt::format("With a max-pooling of stride {} between two convolutions", o.stride),
       {named(coarse, "at once"), named(windows, "window by window"), named(dense, "at once, dilated")},
       {},
       fmt::format(
           "At once, the stride leaves one answer in {0}x{0}. Without it, and with the later kernel dilated by {0} "
           "(à trous), all are there.",
           o.stride)});
  e.checks.push_back(
      check("dilation in place of the stride gives what the windows give", difference(dense, windows), windows));
}

Explanation explain_window(const ExplainTexts& texts) {
  const Setup s = setup(texts);
  const WindowChoices& o = s.choices;
  const PlaneOperator op = convolutions(o);
  const Grid picture = made_up_grid(s.window + 3), at_once = apply(op, picture);
  const Grid windows = one_by_one(op, picture, s.window);
  const Costs c = costs(s, o.size);
  Explanation e;
  e.text = fmt::format(
      "To label a pixel one can cut out the {0}x{0} window around it and run a network on that, pixel by pixel. "
      "Neighbouring windows share nearly everything, and all of it is computed again. Run on the whole picture, the "
      "same "
      "layers give the same numbers, each computed once: for {1}x{2} pixels with {3:.1f} times fewer multiply-adds.",
      s.window, o.size.h, o.size.w, c.ratio());
  e.parts.push_back(
      {fmt::format("{} convolutions of {}x{} on a small picture", o.layers, o.kernel, o.kernel),
       {named(picture, "picture"), named(windows, "window by window", "→"), named(at_once, "at once", "=")},
       {},
       ""});
  e.parts.push_back({fmt::format("What it costs for {}x{} pixels", o.size.h, o.size.w), {}, cost_table(c), ""});
  e.checks.push_back(check("both ways give the same", difference(windows, at_once), at_once));
  add_dilation(e, o);
  add_fast_check(e, op, picture, at_once);
  return e;
}

ExplainVariant window_page(const ExplainTexts& texts) {
  const Setup s = setup(texts);
  const Grid picture = made_up_grid(9);
  const PlaneOperator op = convolutions(s.choices);
  const Costs c = costs(s, 9);
  ExplainVariant variant;
  variant.grids = {named(picture, "picture"), named(apply(op, picture), "output", "→")};
  variant.links = links_of(matrix_of(op, 9));
  variant.note = fmt::format("{} windows of {}x{}: {} multiply-adds one by one, {} at once ({:.1f} times fewer)",
                             c.windows, s.window, s.window, grouped(c.windows * c.each), grouped(c.at_once), c.ratio());
  return variant;
}

}  // namespace

const Topic kSlidingWindowTopic{.name = "sliding-window",
                                .title = "From sliding windows to one convolution",
                                .about = "Windows one by one against one convolution.",
                                .example = "--size 512 --layers 5",
                                .options = list_options<WindowChoices>,
                                .explain = explain_window,
                                .sliders = {{"kernel", {"2", "3"}}, {"layers", {"1", "2", "3", "4"}}},
                                .variant = window_page};

}  // namespace inlay
