#include <algorithm>
#include <list>

#include "base/fail.h"
#include "base/threads.h"
#include "infer/logits.h"
#include "infer/picture_input.h"
#include "inlay/program.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

void check_interface(const Graph& graph) {
  const Value image = graph.find_leaf("image");
  if (!image || image.shape().rank() != 4 || image.type().dtype != DType::f32)
    fail_input("the model has no input 'image' of shape (N, C, H, W), which a segmentation net needs");
  if (const Value logits = graph.output("logits"); logits.shape().rank() != 4)
    fail_input("the model's output 'logits' has shape {}, expected (N, K, H, W)", to_string(logits.shape()));
}

Normalisation normalisation_of(const ModelInfo& info, std::size_t channels) {
  Normalisation result{info.mean, info.stddev, info.channel_order};
  if (result.mean.empty()) result.mean.assign(channels, 0.0);
  if (result.stddev.empty()) result.stddev.assign(channels, 1.0);
  if (result.mean.size() != channels || result.stddev.size() != channels)
    fail_input("the model reads {} channels, but its normalisation has {} means and {} standard deviations", channels,
               result.mean.size(), result.stddev.size());
  return result;
}

}  // namespace

struct Segmenter::Body {
  struct Ready {
    Shape image;  // (N, C, H, W), padded
    Program program;
    Tensor input, output;
  };

  Body(Model m, const SegmenterOptions& o) : model(std::move(m)), options(o) {
    check_interface(model.graph);
    normalisation = normalisation_of(model.info, static_cast<std::size_t>(model.in_channels()));
  }

  Ready& ready(const Shape& image);
  Image convert(const Image& image) const;
  void note_padding(const Image& image, const Shape& padded);
  std::vector<LogitsView> run(std::span<const Image> images);

  Model model;
  SegmenterOptions options;
  Normalisation normalisation;
  std::list<Ready> cache;  // most recently used first
  bool padding_noted = false;
};

Segmenter::Body::Ready& Segmenter::Body::ready(const Shape& image) {
  const auto found = std::ranges::find(cache, image, &Ready::image);
  if (found != cache.end()) {
    cache.splice(cache.begin(), cache, found);
    return cache.front();
  }
  while (!cache.empty() && cache.size() >= options.cached_programs) cache.pop_back();
  const Graph graph = instantiate(model.graph, {{"image", image}});
  if (const Shape& out = graph.output("logits").shape(); out[0] != image[0] || out[2] != image[2] || out[3] != image[3])
    fail_input("the model turns {} into {}; it must give one logit per pixel", to_string(image), to_string(out));
  ProgramOptions program_options;
  program_options.threads = options.threads;
  program_options.tune = options.tune;
  program_options.log = options.log;
  Program program(graph, model.tensors, {}, program_options);
  Tensor input = program.input("image"), output = program.output("logits");
  cache.push_front({image, std::move(program), std::move(input), std::move(output)});
  return cache.front();
}

Image Segmenter::Body::convert(const Image& image) const {
  const std::int64_t wanted = model.in_channels(), got = image.channels();
  if (got == wanted) return image;
  if (!(got == 1 && wanted == 3) && !(got == 3 && wanted == 1))
    fail_input("the picture has {} channels and the model reads {}; only grey and RGB are converted into each other",
               got, wanted);
  return with_channels(image, wanted);
}

void Segmenter::Body::note_padding(const Image& image, const Shape& padded) {
  const bool pads = padded[2] != image.height() || padded[3] != image.width();
  if (!pads || padding_noted || !options.log) return;
  padding_noted = true;
  options.log(Severity::info,
              fmt::format("a picture of {}x{} is padded by reflection to {}x{}, since the net needs {}; the "
                          "result has the picture's own size (said once)",
                          image.height(), image.width(), padded[2], padded[3], to_string(model.info.size)));
}

// The views stay valid until the next run.
std::vector<LogitsView> Segmenter::Body::run(std::span<const Image> images) {
  const Image& first = images.front();
  for (const Image& image : images)
    if (image.height() != first.height() || image.width() != first.width())
      fail_input("pictures of one batch must have one size; got {}x{} and {}x{}", first.height(), first.width(),
                 image.height(), image.width());
  if (first.height() < 1 || first.width() < 1)
    fail_input("the picture is empty ({}x{})", first.height(), first.width());
  const SizeRule& size = model.info.size;
  const Shape shape{static_cast<std::int64_t>(images.size()), model.in_channels(), size.fit(first.height()),
                    size.fit(first.width())};
  note_padding(first, shape);
  const ThreadScope threads(options.threads);
  Ready& net = ready(shape);
  const auto plane = static_cast<std::size_t>(shape.elements() / shape[0]);
  for (std::size_t i = 0; i < images.size(); ++i)
    fill_planes(convert(images[i]), normalisation, shape[2], shape[3],
                net.input.data<float>().subspan(i * plane, plane));
  net.program.run();

  const Shape& out = net.output.shape();
  std::vector<LogitsView> views;
  const float* data = net.output.data<float>().data();
  for (std::size_t i = 0; i < images.size(); ++i, data += out[1] * out[2] * out[3])
    views.push_back({data, out[1], out[2], out[3], first.height(), first.width()});
  return views;
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

Tensor Segmenter::logits(const Image& image) { return copy_logits(body_->run(std::span(&image, 1)).front()); }

}  // namespace inlay
