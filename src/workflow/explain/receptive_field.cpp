#include "models/receptive_field.h"

#include <cmath>
#include <limits>

#include "inlay/probe.h"
#include "inlay/summary.h"
#include "inlay/workflow.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {

constexpr auto enum_names(ProbeWeights) { return std::array<std::string_view, 2>{"constant", "own"}; }

namespace {

/// Pictures are no larger than that unless it is asked for.
constexpr std::int64_t kLargestSide = 384, kLargestAsked = 2048;

struct FieldChoices {
  std::string net = "unet", set;
  std::optional<Size2> size;
  std::optional<PixelAt> at;
  ProbeWeights weights = ProbeWeights::constant;
  std::int64_t pictures = 2, seed = 0;
  static void visit(auto& self, auto&& field) {
    field("net", self.net, "network by name (see 'inlay models'), or a model file");
    field("set", self.set, "settings of the network, as \"width=8 depth=3\"");
    field("size", self.size, "of the picture, N or HxW; large enough for the field, up to 384, where nothing is said");
    field("at", self.at, "the output pixel that is looked at, ROW,COLUMN; the middle where nothing is said");
    field("weights", self.weights, "constant: what the layers' geometry allows; own: the model's");
    field("pictures", self.pictures, "random pictures whose gradients are averaged");
    field("seed", self.seed, "of the pictures and of an untrained network's weights");
  }
};

Model open(const FieldChoices& o) {
  workflow::NetChoice choice{o.net, {}, {}, {}, static_cast<std::uint64_t>(o.seed)};
  for (std::string_view rest = o.set; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (end > 0) add_setting(choice.settings, std::string(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return workflow::open_net(choice);
}

/// Room for the field and a margin that shows where it ends.
Size2 picture_size(const FieldChoices& o, const Model& model, const Summary& summary) {
  if (o.size) {
    expect_within("size", std::max(o.size->h, o.size->w), 1, kLargestAsked);
    return *o.size;
  }
  const auto side = [&](std::int64_t field) {
    return model.info.size.fit(std::min(field + std::max<std::int64_t>(field / 4, 8), kLargestSide));
  };
  return {side(summary.receptive_field_h), side(summary.receptive_field_w)};
}

std::string axes_text(double h, double w) {
  const auto one = [](double value) { return std::isinf(value) ? std::string("all") : fmt::format("{:.4g}", value); };
  return h == w ? one(h) : fmt::format("{}x{}", one(h), one(w));
}

ExplainTable table_of(const Graph& graph) {
  const std::vector<ReceptiveField> fields = receptive_fields(graph);
  ExplainTable table{{"layer", "kernel", "stride", "jump", "field"}, {}};
  for (const auto& node : graph.nodes()) {
    const Window w = window_of(*node);
    if (w.kernel_h == 1 && w.kernel_w == 1 && w.stride_h == 1 && w.stride_w == 1 && !w.everything) continue;
    const ReceptiveField& field = fields[static_cast<std::size_t>(node->outputs[0].id())];
    table.rows.push_back({node->name, w.everything ? "all" : axes_text(w.kernel_h, w.kernel_w),
                          axes_text(w.stride_h, w.stride_w), axes_text(field.step_h, field.step_w),
                          axes_text(field.h, field.w)});
  }
  return table;
}

/// The logarithm, from the faintest pixel to the strongest: a field's border is reached by one path of thousands.
Grid gradient_picture(const FieldProbe& probe) {
  const auto gradient = probe.gradient.data<float>();
  double least = std::numeric_limits<double>::infinity(), largest = 0;
  for (const double value : gradient) {
    if (value > 0) least = std::min(least, value);
    largest = std::max(largest, value);
  }
  Grid grid{.name = "gradient", .rows = probe.gradient.shape()[0], .columns = probe.gradient.shape()[1]};
  grid.look = Grid::Look::picture;
  constexpr double kFaintest = 0.15;
  const double decades = std::log10(largest / least);
  for (const double value : gradient) {
    const double height = decades > 0 ? std::log10(value / least) / decades : 1;
    grid.values.push_back(value > 0 ? kFaintest + (1 - kFaintest) * height : 0);
  }
  return grid;
}

struct Measured {
  Graph graph;
  Summary summary;
  Size2 size = 1;
  FieldProbe probe;
};

Measured measure(const ExplainTexts& texts) {
  const auto o = read_options<FieldChoices>("receptive-field", texts);
  const Model model = open(o);
  Measured m;
  m.size = picture_size(o, model, summarise(model.graph));
  ProbeOptions options{.height = m.size.h, .width = m.size.w, .weights = o.weights, .pictures = o.pictures};
  options.seed = static_cast<std::uint64_t>(o.seed);
  if (o.at) options.pixel = PixelPosition{o.at->row, o.at->column};
  m.probe = probe_field(model, options);
  m.graph = instantiate(model.graph, {{"image", {1, model.in_channels(), m.size.h, m.size.w}}});
  m.summary = summarise(m.graph);
  return m;
}

std::string measured_text(const Measured& m) {
  const PixelBox& box = m.probe.box;
  return fmt::format("measured: {}x{} pixels of the {}x{} picture, from row {} and column {}{}", box.height, box.width,
                     m.size.h, m.size.w, box.top, box.left, m.probe.cut ? "; the picture's border cuts it off" : "");
}

Explanation explain_field(const ExplainTexts& texts) {
  const Measured m = measure(texts);
  Explanation e;
  e.text =
      "What one output pixel sees of the picture. By the formula each layer adds (kernel - 1) times the jump, the "
      "distance in the picture between neighbours of its input, and multiplies the jump by its stride; up-sampling "
      "divides it (Araujo, Norris and Sim 2019). Where paths meet, the widest counts. Measured, it is where the "
      "gradient "
      "of one output pixel with respect to the picture is not zero: within the formula's, most of it near the middle.";
  e.parts.push_back({"By the formula, layer by layer: pixels of the picture along an axis",
                     {},
                     table_of(m.graph),
                     fmt::format("formula: {}x{} pixels", m.summary.receptive_field_h, m.summary.receptive_field_w)});
  const PixelPosition& pixel = m.probe.pixel;
  e.parts.push_back({fmt::format("The gradient of output ({}, {}), logarithm of its size", pixel.row, pixel.column),
                     {gradient_picture(m.probe)},
                     {},
                     measured_text(m)});
  const std::int64_t beyond =
      std::max(m.probe.box.height - m.summary.receptive_field_h, m.probe.box.width - m.summary.receptive_field_w);
  e.checks.push_back(check("what is measured lies within the formula's field",
                           static_cast<double>(std::max<std::int64_t>(beyond, 0)), {}));
  return e;
}

ExplainVariant field_page(const ExplainTexts& texts) {
  const Measured m = measure(texts);
  ExplainVariant variant;
  variant.grids = {gradient_picture(m.probe)};
  variant.note = fmt::format("formula: {}x{} pixels; {}", m.summary.receptive_field_h, m.summary.receptive_field_w,
                             measured_text(m));
  return variant;
}

}  // namespace

const Topic kReceptiveFieldTopic{.name = "receptive-field",
                                 .title = "Receptive field",
                                 .about = "What an output pixel of a network sees of the picture.",
                                 .example = "--set \"depth=2 width=8\" --image field.png",
                                 .options = list_options<FieldChoices>,
                                 .explain = explain_field,
                                 .sliders = {{"weights", {"constant", "own"}}},
                                 .variant = field_page,
                                 .pictures = true};

}  // namespace inlay
