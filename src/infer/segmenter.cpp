#include <algorithm>

#include "base/fail.h"
#include "base/rng.h"
#include "base/threads.h"
#include "compiler/keep_dropout.h"
#include "infer/logits.h"
#include "infer/picture_input.h"
#include "infer/run_pictures.h"
#include "infer/samples.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

Model with_checked_interface(Model model) {
  const Graph& graph = model.graph;
  const Value image = graph.find_leaf("image");
  if (!image || image.shape().rank() != 4 || image.type().dtype != DType::f32)
    fail_input("the model has no input 'image' of shape (N, C, H, W), which a segmentation net needs");
  if (const Value logits = graph.output("logits"); logits.shape().rank() != 4)
    fail_input("the model's output 'logits' has shape {}, expected (N, K, H, W)", to_string(logits.shape()));
  return model;
}

void check_range(std::string_view option, std::int64_t value) {
  constexpr std::int64_t kMost = 1 << 20;
  if (value < 1 || value > kMost) fail_input("{} is {}; expected 1 to {}", option, value, kMost);
}

/// What becomes of a picture of that size; "" when the net takes it as it is.
std::string describe_cut(const Image& image, const Cut& cut, const SizeRule& rule) {
  const std::int64_t height = cut.rows.side, width = cut.columns.side;
  if (!cut.whole())
    return fmt::format(
        "a picture of {}x{} is labelled in {} tiles of {}x{}, since the net's logits cover {} pixels less "
        "on each side",
        image.height(), image.width(), cut.rows.count * cut.columns.count, height, width, rule.margin);
  if (rule.margin > 0)
    return fmt::format(
        "a picture of {}x{} is mirrored around to {}x{}, since the net's logits cover {} pixels less on "
        "each side",
        image.height(), image.width(), height, width, rule.margin);
  if (height == image.height() && width == image.width()) return "";
  return fmt::format("a picture of {}x{} is padded by reflection to {}x{}, since the net needs {}", image.height(),
                     image.width(), height, width, to_string(rule));
}

}  // namespace

struct Segmenter::Body {
  Body(Model m, const SegmenterOptions& o) : model(with_checked_interface(std::move(m))), options(o) {
    check_range("tile", options.tile);
  }

  Image convert(const Image& image) const;
  void note_size(const Image& image);
  std::vector<LogitsView> run(std::span<const Image> images, NetForm form = NetForm::inference, std::uint64_t seed = 0);

  Model model;
  SegmenterOptions options;
  PictureInput input{normalisation_of(model)};
  PictureRunner runner{model, options, input};
  bool size_noted = false;
};

Image Segmenter::Body::convert(const Image& image) const {
  const std::int64_t wanted = model.in_channels(), got = image.channels();
  if (got == wanted) return image;
  if (!(got == 1 && wanted == 3) && !(got == 3 && wanted == 1))
    fail_input("the picture has {} channels and the model reads {}; only grey and RGB are converted into each other",
               got, wanted);
  return with_channels(image, wanted);
}

void Segmenter::Body::note_size(const Image& image) {
  if (size_noted || !options.log) return;
  const std::string what = describe_cut(image, runner.cut(image.height(), image.width()), model.info.size);
  if (what.empty()) return;
  size_noted = true;
  options.log(Severity::info, what + "; the result has the picture's own size (said once)");
}

// The views stay valid until the next run.
std::vector<LogitsView> Segmenter::Body::run(std::span<const Image> images, NetForm form, std::uint64_t seed) {
  const Image& first = images.front();
  for (const Image& image : images)
    if (image.height() != first.height() || image.width() != first.width())
      fail_input("pictures of one batch must have one size; got {}x{} and {}x{}", first.height(), first.width(),
                 image.height(), image.width());
  if (first.height() < 1 || first.width() < 1)
    fail_input("the picture is empty ({}x{})", first.height(), first.width());
  note_size(first);
  std::vector<Image> converted;
  for (const Image& image : images) converted.push_back(convert(image));
  const ThreadScope threads(options.threads);
  return runner.run(converted, form, seed);
}

Segmenter::Segmenter(const std::filesystem::path& model, const SegmenterOptions& options)
    : Segmenter(load_model(model), options) {}
Segmenter::Segmenter(Model model, const SegmenterOptions& options)
    : body_(std::make_unique<Body>(std::move(model), options)) {}
Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;

const ModelInfo& Segmenter::info() const { return body_->model.info; }

std::int64_t Segmenter::classes() const { return std::max<std::int64_t>(2, body_->model.out_channels()); }

Mask Segmenter::operator()(const Image& image) { return (*this)(std::span(&image, 1)).front(); }

std::vector<Mask> Segmenter::operator()(std::span<const Image> images) {
  if (images.empty()) return {};
  std::vector<Mask> masks;
  const ThreadScope threads(body_->options.threads);
  for (const LogitsView& view : body_->run(images)) masks.push_back(most_likely(view));
  return masks;
}

Tensor Segmenter::probabilities(const Image& image) {
  const ThreadScope threads(body_->options.threads);
  return copy_probabilities(body_->run(std::span(&image, 1)).front());
}

bool Segmenter::has_dropout() const { return inlay::has_dropout(body_->model.graph); }

SampledProbabilities Segmenter::sample(const Image& image, int samples, std::uint64_t seed) {
  if (samples < 1) fail_input("{} samples were asked for, expected 1 or more", samples);
  if (!has_dropout())
    fail_input(
        "the net has no dropout, so all samples would be the same; train one that has, as unet with dropout = 0.5");
  const ThreadScope threads(body_->options.threads);
  SampleSum sum;
  for (int i = 0; i < samples; ++i)
    sum.add(copy_probabilities(
        body_->run(std::span(&image, 1), NetForm::sampling, mix_keys(seed, static_cast<std::uint64_t>(i))).front()));
  return sum.result();
}

Tensor Segmenter::logits(const Image& image) { return copy_logits(body_->run(std::span(&image, 1)).front()); }

}  // namespace inlay
