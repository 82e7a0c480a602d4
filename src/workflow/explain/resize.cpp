#include "inlay/ops.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct ResizeChoices {
  InputChoice input;
  Scale2 scale = 2;
  Coordinates coordinates = Coordinates::half_pixel;
  std::optional<PixelAt> at;
  static void visit(auto& self, auto&& field) {
    InputChoice::visit(self.input, field);
    field("scale", self.scale, "how many times larger, N or HxW; below 1 smaller");
    field("coordinates", self.coordinates, "where an output pixel looks: half_pixel, align_corners or asymmetric");
    field("at", self.at, "the output pixel whose products are written out, ROW,COLUMN");
  }
};

struct BicubicChoices : ResizeChoices {
  double cubic_coefficient = -0.75;
  static void visit(auto& self, auto&& field) {
    ResizeChoices::visit(self, field);
    field("cubic-coefficient", self.cubic_coefficient, "Keys' a: PyTorch and OpenCV have -0.75, Keys -0.5");
  }
};

double coefficient(const ResizeChoices&) { return Resize2dOptions{}.cubic_coefficient; }
double coefficient(const BicubicChoices& choices) { return choices.cubic_coefficient; }

Grid standard_input(Interpolation mode) {
  if (mode == Interpolation::bicubic) return made_up_grid(4);
  return {.rows = 2, .columns = 2, .values = {1, 2, 3, 4}};
}

constexpr std::string_view kPositions =
    " An output pixel looks at the place of the input where its own middle lies (half_pixel), or at one such that the "
    "corner pixels meet (align_corners), or at its own number divided by the scale (asymmetric).";

constexpr std::string_view kNearest =
    "Each output pixel takes the value of the nearest input pixel, so that pixels become blocks. The matrix has a "
    "single "
    "1 in each row; its transpose sums each block. Nothing is learned and nothing is invented.";
constexpr std::string_view kBilinear =
    "Each output pixel is the mean of the four nearest input pixels, weighted by how near they are: along each axis "
    "linear, so each row of the matrix sums to 1. Places outside of the picture count as its border.";
constexpr std::string_view kBicubic =
    "Each output pixel is a weighted sum of the 4x4 nearest input pixels, the weights given by a cubic curve along "
    "each "
    "axis (Keys 1981). They sum to 1 and some are negative, so edges stay sharper than with bilinear weights and may "
    "overshoot. Places outside of the picture count as its border.";

template <class Choices, Interpolation mode>
struct Resize {
  struct Example {
    Choices choices;
    Grid input, output;
    PlaneOperator op;
  };

  static Example example(const ExplainTexts& texts) {
    Example e{read_options<Choices>(enum_names(mode)[static_cast<std::size_t>(mode)], texts), {}, {}, {}};
    const Resize2dOptions options{.scale = e.choices.scale,
                                  .mode = mode,
                                  .coordinates = e.choices.coordinates,
                                  .cubic_coefficient = coefficient(e.choices)};
    e.input = e.choices.input.grid(standard_input(mode));
    e.op = {[options](Value x, Value) { return resize2d(x, options); }};
    e.output = apply(e.op, e.input);
    return e;
  }

  static Explanation explain(const ExplainTexts& texts) {
    const Example x = example(texts);
    const Grid matrix = matrix_of(x.op, size_of(x.input));
    Explanation e;
    e.text = mode == Interpolation::nearest ? kNearest : mode == Interpolation::bilinear ? kBilinear : kBicubic;
    e.text += kPositions;
    e.parts.push_back({"Forward",
                       {named(x.input, "input"), named(x.output, "output", "→")},
                       {},
                       products_text(matrix, x.input, x.output, x.choices.at)});
    add_matrix_parts(e, x.op, x.input, x.output, matrix);
    return e;
  }

  static ExplainVariant variant(const ExplainTexts& texts) {
    const Example x = example(texts);
    ExplainVariant variant;
    variant.grids = {named(x.input, "input"), named(x.output, "output", "→")};
    variant.links = links_of(matrix_of(x.op, size_of(x.input)));
    return variant;
  }
};

using Nearest = Resize<ResizeChoices, Interpolation::nearest>;
using Bilinear = Resize<ResizeChoices, Interpolation::bilinear>;
using Bicubic = Resize<BicubicChoices, Interpolation::bicubic>;

const ExplainSlider kScales{"scale", {"1", "1.5", "2", "3"}, 2};
const ExplainSlider kCoordinates{"coordinates", {"half_pixel", "align_corners", "asymmetric"}};

}  // namespace

const Topic kNearestTopic{.name = "nearest",
                          .title = "Nearest neighbour",
                          .about = "Up-sampling by the nearest pixel.",
                          .example = "--scale 3 --coordinates asymmetric",
                          .options = list_options<ResizeChoices>,
                          .explain = Nearest::explain,
                          .sliders = {{"size", {"2", "3"}}, kScales, kCoordinates},
                          .variant = Nearest::variant};

const Topic kBilinearTopic{.name = "bilinear",
                           .title = "Bilinear interpolation",
                           .about = "Up-sampling by bilinear interpolation.",
                           .example = "--scale 2 --coordinates align_corners",
                           .options = list_options<ResizeChoices>,
                           .explain = Bilinear::explain,
                           .sliders = {{"size", {"2", "3"}}, kScales, kCoordinates},
                           .variant = Bilinear::variant};

const Topic kBicubicTopic{.name = "bicubic",
                          .title = "Bicubic interpolation",
                          .about = "Up-sampling by bicubic interpolation.",
                          .example = "--scale 2 --cubic-coefficient -0.5",
                          .options = list_options<BicubicChoices>,
                          .explain = Bicubic::explain,
                          .sliders = {{"size", {"3", "4"}, 1}, kScales, kCoordinates},
                          .variant = Bicubic::variant};

}  // namespace inlay
