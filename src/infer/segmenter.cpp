#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/fail.h"
#include "base/rng.h"
#include "base/threads.h"
#include "compiler/keep_dropout.h"
#include "infer/describe_cut.h"
#include "infer/in_step.h"
#include "infer/run_pictures.h"
#include "infer/scaled_bands.h"
#include "infer/scaled_rows.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

constexpr std::int64_t kMostSide = 1 << 20;

void check_options(const SegmenterOptions& options) {
  const auto check = [](std::string_view option, std::int64_t value, std::int64_t least) {
    if (value < least || value > kMostSide) fail_input("{} is {}; expected {} to {}", option, value, least, kMostSide);
  };
  check("tile", options.tile, 0);
  check("overlap", options.overlap, -1);
  if (options.memory < 0) fail_input("memory is {} bytes; expected 0 (no limit) or more", options.memory);
  for (const double scale : options.scales)
    if (!(scale >= 0.25 && scale <= 4) || std::ranges::count(options.scales, scale) > 1)
      fail_input("pictures cannot be labelled at the scales {}; expected different ones of 0.25 to 4",
                 fmt::join(options.scales, ", "));
  if (std::ranges::count(options.scales, 1.0) != 1)
    fail_input("1 is not among the scales ({}): a picture is labelled at its own size in any case",
               fmt::join(options.scales, ", "));
}

/// The picture's own size comes first, and each shape of a picture's tiles stays ready.
SegmenterOptions completed(SegmenterOptions options) {
  check_options(options);
  std::ranges::stable_partition(options.scales, [](double scale) { return scale == 1; });
  const std::size_t shapes = options.scales.size() * (options.augmentation == TestAugmentation::d4 ? 2 : 1);
  options.cached_programs = std::max(options.cached_programs, shapes);
  return options;
}

std::int64_t scaled(std::int64_t side, double scale) {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(side) * scale));
}

/// In the channels that the model reads.
std::vector<Image> converted(std::span<const Image> images, const Model& model) {
  std::vector<Image> result;
  for (const Image& image : images) result.push_back(with_channels(image, model.in_channels()));
  return result;
}

std::vector<std::string> class_names(const Model& model) {
  std::vector<std::string> names;
  for (const ModelClass& entry : model.info.classes) names.push_back(entry.name);
  return names;
}

void check_agreement(const Model& first, const Model& other) {
  if (other.out_channels() != first.out_channels())
    fail_input("one model has {} output channels and another {}; an ensemble's must agree", first.out_channels(),
               other.out_channels());
  if (class_names(first) != class_names(other))
    fail_input("one model tells apart {} and another {}; an ensemble's classes must agree",
               fmt::join(class_names(first), ", "), fmt::join(class_names(other), ", "));
}

std::vector<std::uint64_t> seeds_of(const StreamRequest& request) {
  if (request.samples == 0) return {0};
  std::vector<std::uint64_t> seeds;
  for (int i = 0; i < request.samples; ++i) seeds.push_back(mix_keys(request.seed, static_cast<std::uint64_t>(i)));
  return seeds;
}

/// What goes through a picture at the same time: each net at each scale.
struct Runs {
  std::vector<std::unique_ptr<PictureReader>> readers;
  std::vector<std::unique_ptr<PictureRun>> all;
  const Bands* first = nullptr;  // of the first net, at the picture's own size
};

/// Rows (K, count, W) to where they belong in (K, H, W).
void put_rows(const Tensor& rows, std::int64_t y, Tensor& all) {
  const std::int64_t size = rows.shape()[1] * rows.shape()[2], plane = all.shape()[1] * all.shape()[2];
  for (std::int64_t c = 0; c < rows.shape()[0]; ++c)
    std::copy_n(rows.data<float>().data() + c * size, size, all.data<float>().data() + c * plane + y * rows.shape()[2]);
}

}  // namespace

struct Segmenter::Body {
  Body(std::vector<Model> models, const SegmenterOptions& o);

  PictureFacts facts_of(std::span<const Image> images) const;
  void note(const PictureRunner& runner, const PictureFacts& picture, const Cut& cut);
  bool plain() const {
    return runners.size() == 1 && options.augmentation == TestAugmentation::none && options.scales.size() == 1;
  }
  void check_sampling(int samples) const;
  /// The cut when one run of one net does it; nothing when the pictures are cut, turned or shown to several nets.
  std::optional<Cut> whole(std::span<const Image> images);
  std::vector<LogitsView> run_whole(std::span<const Image> images, const Cut& cut);
  std::vector<Mask> label_whole(std::span<const Image> images, const Cut& cut);
  /// Neither more than one net's word nor more than labels.
  bool labels_alone(const StreamRequest& request) const {
    return plain() && request.samples == 0 && !request.probabilities;
  }
  /// One net at one scale; `taken`: bytes that others have.
  void add_run(Runs& runs, PictureRunner& runner, std::unique_ptr<PictureReader> picture, double scale,
               std::int64_t taken, BandRequest request);
  /// Calls the sink with the runs, and the rows that are finished.
  template <class Sink>
  bool run(const OpenPicture& open, const StreamRequest& request, Sink&& sink);
  /// Puts what `rows_of` makes of finished rows, (K, rows, W) each, together.
  template <class RowsOf>
  Tensor collect(const Image& image, const StreamRequest& request, RowsOf&& rows_of);

  SegmenterOptions options;
  std::vector<std::unique_ptr<PictureRunner>> runners;
  bool size_noted = false;
};

Segmenter::Body::Body(std::vector<Model> models, const SegmenterOptions& o) : options(completed(o)) {
  if (models.empty()) fail_input("there is no model to label pictures with");
  for (Model& model : models) {
    runners.push_back(std::make_unique<PictureRunner>(std::move(model), options));
    check_agreement(runners.front()->model(), runners.back()->model());
  }
}

void Segmenter::Body::note(const PictureRunner& runner, const PictureFacts& picture, const Cut& cut) {
  if (size_noted || !options.log) return;
  const std::string what = describe_cut(picture, cut, runner.model());
  if (what.empty()) return;
  size_noted = true;
  options.log(Severity::info, what + "; the result has the picture's own size (said once)");
}

PictureFacts Segmenter::Body::facts_of(std::span<const Image> images) const {
  const Image& first = images.front();
  for (const Image& image : images)
    if (image.height() != first.height() || image.width() != first.width())
      fail_input("pictures of one batch must have one size; got {}x{} and {}x{}", first.height(), first.width(),
                 image.height(), image.width());
  if (first.height() < 1 || first.width() < 1)
    fail_input("the picture is empty ({}x{})", first.height(), first.width());
  for (const auto& runner : runners)
    for (const Image& image : images) runner->check_channels(image.channels());
  return {first.height(), first.width(), first.channels(), first.pixels.type()};
}

void Segmenter::Body::add_run(Runs& runs, PictureRunner& runner, std::unique_ptr<PictureReader> picture, double scale,
                              std::int64_t taken, BandRequest request) {
  const std::int64_t height = picture->facts().height, width = picture->facts().width;
  const bool own = scale == 1;
  runner.check_channels(picture->facts().channels);
  if (!own) picture = std::make_unique<ScaledRows>(std::move(picture), scaled(height, scale), scaled(width, scale));
  runs.readers.push_back(std::move(picture));
  const PictureFacts& facts = runs.readers.back()->facts();
  // Rows that are scaled back are held twice beside the sums that they are made of.
  Cut cut = runner.cut(facts, taken, own ? std::ssize(request.seeds) : 3);
  if (own) note(runner, facts, cut);
  // What tiles say of a pixel is blended before its class is chosen.
  if (request.form == NetForm::labels && !cut.whole()) request.form = NetForm::inference;
  std::unique_ptr<Bands> bands = runner.bands(*runs.readers.back(), std::move(cut), std::move(request));
  if (runs.first == nullptr) runs.first = bands.get();
  if (own)
    runs.all.push_back(std::move(bands));
  else
    runs.all.push_back(std::make_unique<ScaledBands>(std::move(bands), facts, height, width));
}

template <class Sink>
bool Segmenter::Body::run(const OpenPicture& open, const StreamRequest& request, Sink&& sink) {
  const ThreadScope threads(options.threads);
  const std::vector<std::uint64_t> seeds = seeds_of(request);
  const std::vector<Symmetry> symmetries = symmetries_of(options.augmentation);
  if (options.memory > 0 && request.other_bytes >= options.memory)
    fail_input("what is asked for needs {} of memory beside the net, and {} are allowed",
               memory_text(request.other_bytes), memory_text(options.memory).substr(6));
  const double scales = std::accumulate(options.scales.begin(), options.scales.end(), 0.0);
  const auto free = static_cast<double>(options.memory - request.other_bytes - kProcessBytes);
  Runs runs;
  std::int64_t done = 0, all = 0;
  BandRequest band_request{request.samples > 0 ? NetForm::sampling : NetForm::inference, seeds, symmetries, {}};
  if (labels_alone(request)) band_request.form = NetForm::labels;
  if (request.progress) band_request.on_run = [&](std::int64_t more) { return request.progress(done += more, all); };
  for (const auto& runner : runners)
    for (const double scale : options.scales) {
      // A larger picture has longer rows; the process is there once, and each needs it.
      const double share = free * scale / (scales * static_cast<double>(runners.size()));
      add_run(runs, *runner, open(), scale, options.memory - kProcessBytes - static_cast<std::int64_t>(share),
              band_request);
      all += runs.all.back()->runs();
    }
  const PictureFacts& facts = runs.readers.front()->facts();
  return advance_in_step(runs.all, facts.height, facts.width,
                         [&](std::int64_t y, std::int64_t count) { sink(runs, y, count); });
}

std::optional<Cut> Segmenter::Body::whole(std::span<const Image> images) {
  const PictureFacts facts = facts_of(images);
  if (!plain()) return std::nullopt;
  PictureRunner& runner = *runners.front();
  Cut cut = runner.cut(facts);
  if (!cut.whole()) return std::nullopt;
  note(runner, facts, cut);
  return cut;
}

std::vector<LogitsView> Segmenter::Body::run_whole(std::span<const Image> images, const Cut& cut) {
  const ThreadScope threads(options.threads);
  PictureRunner& runner = *runners.front();
  return runner.run_whole(converted(images, runner.model()), cut);
}

std::vector<Mask> Segmenter::Body::label_whole(std::span<const Image> images, const Cut& cut) {
  PictureRunner& runner = *runners.front();
  return runner.label_whole(converted(images, runner.model()), cut);
}

template <class RowsOf>
Tensor Segmenter::Body::collect(const Image& image, const StreamRequest& request, RowsOf&& rows_of) {
  Tensor all(DType::f32, {runners.front()->model().out_channels(), image.height(), image.width()});
  run([&] { return read_rows_of(image); }, request,
      [&](const Runs& runs, std::int64_t y, std::int64_t count) { put_rows(rows_of(runs, y, count), y, all); });
  return all;
}

void Segmenter::Body::check_sampling(int samples) const {
  if (samples < 1) fail_input("{} samples were asked for, expected 1 or more", samples);
  if (!plain()) fail_input("samples are drawn from one model, without augmentation");
  if (!inlay::has_dropout(runners.front()->model().graph))
    fail_input(
        "the net has no dropout, so all samples would be the same; train one that has, as unet with dropout = 0.5");
}

Segmenter::Segmenter(const std::filesystem::path& model, const SegmenterOptions& options)
    : Segmenter(load_model(model), options) {}
Segmenter::Segmenter(Model model, const SegmenterOptions& options)
    : Segmenter(std::vector<Model>{std::move(model)}, options) {}
Segmenter::Segmenter(std::vector<Model> models, const SegmenterOptions& options)
    : body_(std::make_unique<Body>(std::move(models), options)) {}
Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;

const ModelInfo& Segmenter::info() const { return body_->runners.front()->model().info; }

std::int64_t Segmenter::classes() const {
  return std::max<std::int64_t>(2, body_->runners.front()->model().out_channels());
}

bool Segmenter::has_dropout() const { return inlay::has_dropout(body_->runners.front()->model().graph); }

Mask Segmenter::operator()(const Image& image) { return (*this)(std::span(&image, 1)).front(); }

std::vector<Mask> Segmenter::operator()(std::span<const Image> images) {
  if (images.empty()) return {};
  const ThreadScope threads(body_->options.threads);
  if (const auto cut = body_->whole(images)) return body_->label_whole(images, *cut);
  std::vector<Mask> masks;
  for (const Image& image : images) {
    Mask& mask = masks.emplace_back(Mask{Tensor(DType::u8, {image.height(), image.width()})});
    stream([&] { return read_rows_of(image); }, {},
           [&](const SegmentedRows& rows) {
             std::ranges::copy(rows.mask.labels.data<std::uint8_t>(),
                               mask.labels.data<std::uint8_t>().begin() + rows.top * image.width());
           });
  }
  return masks;
}

Tensor Segmenter::probabilities(const Image& image) {
  const ThreadScope threads(body_->options.threads);
  if (const auto cut = body_->whole(std::span(&image, 1)))
    return copy_probabilities(body_->run_whole(std::span(&image, 1), *cut).front());
  return body_->collect(image, {.probabilities = true}, [](const Runs& runs, std::int64_t y, std::int64_t count) {
    return mean_probabilities(runs.all, y, count);
  });
}

Tensor Segmenter::logits(const Image& image) {
  if (!body_->plain()) return log_probabilities(probabilities(image));
  if (const auto cut = body_->whole(std::span(&image, 1)))
    return copy_logits(body_->run_whole(std::span(&image, 1), *cut).front());
  return body_->collect(image, {.probabilities = true}, [](const Runs& runs, std::int64_t y, std::int64_t count) {
    return copy_logits(runs.first->rows(0, y, count));
  });
}

SampledProbabilities Segmenter::sample(const Image& image, int samples, std::uint64_t seed) {
  body_->check_sampling(samples);
  SampledProbabilities all;
  all.mean = Tensor(DType::f32, {body_->runners[0]->model().out_channels(), image.height(), image.width()});
  all.variance = Tensor(DType::f32, all.mean.shape());
  body_->facts_of(std::span(&image, 1));
  body_->run([&] { return read_rows_of(image); }, {.samples = samples, .seed = seed},
             [&](const Runs& runs, std::int64_t y, std::int64_t count) {
               const SampledProbabilities rows = sampled_probabilities(*runs.first, y, count);
               put_rows(rows.mean, y, all.mean);
               put_rows(rows.variance, y, all.variance);
             });
  return all;
}

bool Segmenter::stream(const OpenPicture& open, const StreamRequest& request,
                       const std::function<void(const SegmentedRows&)>& sink) {
  if (request.samples != 0) body_->check_sampling(request.samples);
  return body_->run(open, request, [&](const Runs& runs, std::int64_t y, std::int64_t count) {
    SegmentedRows rows{y, runs.first->pixels(y, count), {}, {}, {}};
    if (request.samples > 0) {
      const SampledProbabilities sampled = sampled_probabilities(*runs.first, y, count);
      rows.mask = most_likely(sampled);
      rows.uncertainty = uncertainty(sampled);
      if (request.probabilities) rows.probabilities = sampled.mean;
    } else if (body_->plain()) {
      rows.mask = runs.first->labels(y, count);
      if (request.probabilities) rows.probabilities = copy_probabilities(runs.first->rows(0, y, count));
    } else {
      rows.probabilities = mean_probabilities(runs.all, y, count);
      rows.mask = most_probable(rows.probabilities);
    }
    sink(rows);
  });
}

}  // namespace inlay
