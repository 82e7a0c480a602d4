#include "inlay/predict.h"

#include <algorithm>
#include <chrono>

#include "base/fail.h"
#include "base/files.h"
#include "base/threads.h"
#include "image/formats/png.h"
#include "image/pages.h"
#include "inlay/geo.h"
#include "inlay/postprocess.h"
#include "inlay/video.h"
#include "workflow/mask_reports.h"
#include "workflow/predict_files.h"
#include "workflow/predict_inputs.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

std::vector<Color> palette_of(const ModelInfo& info) {
  std::vector<Color> palette;
  for (const ModelClass& entry : info.classes) palette.push_back(entry.color);
  return palette;
}

SegmenterOptions options_of(const PredictRequest& request) {
  SegmenterOptions options;
  options.threads = request.threads;
  options.tune = request.tune;
  options.log = request.log;
  options.tile = request.tile;
  options.overlap = request.overlap;
  options.memory = request.memory;
  options.augmentation = request.augmentation;
  options.scales = request.scales;
  return options;
}

std::vector<Model> load_models(const std::vector<fs::path>& paths) {
  if (paths.empty()) fail_input("no model is named; expected a file as runs/NAME/best.onnx");
  std::vector<Model> models;
  for (const fs::path& path : paths) models.push_back(load_model(path));
  return models;
}

/// The message with the picture that it is about.
std::string naming(const fs::path& input, const std::string& message) {
  return message.find(input.string()) != std::string::npos ? message : fmt::format("'{}': {}", input.string(), message);
}

/// 16-bit grey PNG. Throws InputError for more objects than it can number.
void write_instances(const fs::path& path, const Instances& instances) {
  constexpr std::int64_t kMost = 65535;
  if (instances.size() > kMost)
    fail_input("it has {} objects, and a 16-bit PNG numbers {}; a larger --min-area leaves fewer", instances.size(),
               kMost);
  Image image{Tensor(DType::f32, {instances.numbers.shape()[0], instances.numbers.shape()[1], 1})};
  std::ranges::transform(instances.numbers.data<std::int32_t>(), image.pixels.data<float>().begin(),
                         [](std::int32_t number) { return static_cast<float>(number) / 65535.0f; });
  write_image(path, image);
}

class Predictor {
 public:
  Predictor(const PredictRequest& request, std::vector<Model> models)
      : request_(request),
        channels_(models.front().out_channels()),
        segmenter_(std::move(models), options_of(request)),
        reports_(request, segmenter_.info()) {
    palette_ = palette_of(segmenter_.info());
    names_ = file_names(request, segmenter_.info(), channels_, false);
    tiff_names_ = file_names(request, segmenter_.info(), channels_, true);
    if (request.samples != 0) check_samples();
  }

  const FileNames& names(const fs::path& input) const { return needs_gdal(input) ? tiff_names_ : names_; }
  fs::path stem(const fs::path& input) const { return request_.output / input.stem(); }
  fs::path mask(const fs::path& input) const { return stem(input).string() + names(input).mask; }

  PlannedFiles plan(const fs::path& input) const {
    PlannedFiles files{input, {}};
    for (const std::string& name : names(input).all()) files.names.push_back(input.stem().string() + name);
    return files;
  }

  bool is_done(const fs::path& input) const {
    return std::ranges::all_of(names(input).all(),
                               [&](const std::string& name) { return fs::exists(stem(input).string() + name); });
  }

  /// False when it was told to stop. Throws InputError when the picture cannot be used; nothing is written then.
  bool label(const fs::path& input, const std::function<bool(std::int64_t done, std::int64_t runs)>& progress) {
    std::unique_ptr<PictureReader> first = open_any_picture(input);
    const PictureFacts facts = first->facts();
    const bool whole = needs_whole_mask();
    PictureFiles files(names(input), stem(input), facts, channels_, palette_);
    const StreamRequest stream{
        .probabilities = request_.probabilities || request_.probabilities_npy || request_.probabilities_tiff,
        .samples = request_.samples,
        .other_bytes = PictureFiles::bytes(names(input), facts, channels_) +
                       (whole ? bytes_a_pixel() * facts.height * facts.width : 0),
        .progress = progress};
    const auto open = [&] { return first ? std::move(first) : open_any_picture(input); };
    Mask mask;
    if (whole) mask.labels = Tensor(DType::u8, {facts.height, facts.width});
    const bool done = segmenter_.stream(open, stream, [&](const SegmentedRows& rows) {
      files.write_maps(rows);
      if (whole)
        std::ranges::copy(rows.mask.labels.data<std::uint8_t>(),
                          mask.labels.data<std::uint8_t>().begin() + rows.top * facts.width);
      else
        files.write_labels(rows.pixels, rows.mask);
    });
    if (!done) return false;
    if (whole) finish(input, facts, std::move(mask), files);
    files.close();
    return true;
  }

  /// A film's masks, DIR/STEM/000000.png and so on, and the film under its labels. False when it was told to stop; what
  /// was seen by a camera until then is a whole film.
  bool label_film(const std::string& name,
                  const std::function<bool(std::int64_t done, std::int64_t frames)>& progress) {
    const std::unique_ptr<VideoReader> film = open_video(name);
    const fs::path folder = film_folder(name);
    std::unique_ptr<VideoWriter> shown;
    std::int64_t done = 0;
    bool going = true;
    while (going) {
      const std::optional<Image> frame = film->next();
      if (!frame) break;
      if (request_.overlay && !shown) shown = create_video(folder.string() + "_overlay.mp4", facts_of(*film, *frame));
      const Mask mask = tidied(segmenter_(*frame));
      if (shown) shown->write(overlay(*frame, mask, palette_));
      write_mask(folder / fmt::format("{:06}.png", done), mask, palette_);
      going = progress(++done, std::max(film->facts().frames, done));
    }
    if (done == 0) fail_input("cannot read '{}': it has no frames", name);
    if (shown && (going || name.starts_with("camera:"))) shown->close();
    return going;
  }
  fs::path film_folder(const std::string& name) const {
    return name.starts_with("camera:") ? request_.output / ("camera" + name.substr(7))
                                       : request_.output / fs::path(name).stem();
  }

  /// A picture that is left as it is counts in the tables.
  void report(const fs::path& input) {
    if (!reports_.wanted()) return;
    const Mask labels = read_mask(mask(input));
    reports_.add({input.filename().string(), input.stem().string(), labels, instances_of(labels),
                  open_any_picture(input)->facts().georeference});
  }

  std::string mask_png(const Image& image) { return encode_index_png(tidied(segmenter_(image)), palette_); }

  void write_reports() const { reports_.write(request_.output); }
  /// "coco.json" and the like.
  bool reports() const { return reports_.wanted(); }

 private:
  void check_samples() const {
    if (request_.samples < 2)
      fail_input("samples is {}; expected 2 or more, since it is their spread that counts", request_.samples);
    if (request_.models.size() > 1 || request_.augmentation != TestAugmentation::none || request_.scales.size() > 1)
      fail_input("samples are drawn from one model, without augmentation");
    if (!segmenter_.has_dropout())
      fail_input(
          "'{}' has no dropout, so all samples would be the same; train a net that has, as unet with --set "
          "dropout=0.5",
          request_.models.front().string());
  }

  static VideoFacts facts_of(const VideoReader& film, const Image& frame) {
    return {frame.height(), frame.width(), film.facts().frames_per_second, 0};
  }

  Mask tidied(Mask mask) const {
    if (request_.fill_holes) mask = fill_holes(mask);
    if (request_.min_area > 0) mask = remove_small_regions(mask, request_.min_area);
    return mask;
  }

  bool needs_objects() const { return reports_.wanted() || request_.instances || request_.geojson; }
  bool needs_whole_mask() const { return needs_objects() || request_.min_area > 0 || request_.fill_holes; }

  /// Of the mask, the numbers of its regions and the copies that post-processing works on.
  std::int64_t bytes_a_pixel() const {
    std::int64_t bytes = 1;
    if (request_.min_area > 0 || request_.fill_holes) bytes = std::max<std::int64_t>(bytes, 6);
    if (needs_objects()) bytes = std::max<std::int64_t>(bytes, request_.seed_distance > 0 ? 40 : 6);
    return bytes;
  }

  Instances instances_of(const Mask& mask) const {
    return needs_objects() ? find_instances(mask, {request_.seed_distance}) : Instances{};
  }

  /// What needs the whole mask.
  void finish(const fs::path& input, const PictureFacts& facts, Mask mask, PictureFiles& files) {
    mask = tidied(std::move(mask));
    const Instances instances = instances_of(mask);
    const LabelledObjects objects{input.filename().string(), input.stem().string(), mask, instances,
                                  facts.georeference};
    if (!names_.geojson.empty())
      write_file(stem(input).string() + names_.geojson, geojson(objects, segmenter_.info().classes));
    if (!names_.instances.empty()) write_instances(stem(input).string() + names_.instances, instances);
    reports_.add(objects);
    const auto reader = names_.overlay.empty() ? nullptr : open_any_picture(input);
    constexpr std::int64_t kRows = 64;
    for (std::int64_t y = 0; y < facts.height; y += kRows) {
      const std::int64_t rows = std::min(kRows, facts.height - y);
      files.write_labels(reader ? Image{reader->read(rows)} : Image{}, crop(mask, y, 0, rows, facts.width));
    }
  }

  const PredictRequest& request_;
  std::int64_t channels_;
  Segmenter segmenter_;
  std::vector<Color> palette_;
  FileNames names_, tiff_names_;  // of most pictures, and of those that lie on the earth
  MaskReports reports_;
};

/// Pictures, and films or cameras by their names.
struct Inputs {
  std::vector<fs::path> pictures;
  std::vector<std::string> films;
  std::int64_t count() const { return std::ssize(pictures) + std::ssize(films); }
};

Inputs inputs_of(const PredictRequest& request) {
  Inputs inputs;
  std::vector<std::string> pictures;
  for (const std::string& input : request.inputs) (names_video(input) ? inputs.films : pictures).push_back(input);
  inputs.pictures = expand_inputs(pictures);
  return inputs;
}

void check_films(const PredictRequest& request, const Inputs& inputs) {
  if (inputs.films.empty()) return;
  if (request.samples > 0 || request.probabilities || request.probabilities_npy || request.probabilities_tiff ||
      request.instances || request.geojson || request.coco || request.rle || request.areas || request.tiff)
    fail_input("of a film ('{}') there are masks and, with --overlay, a film under its labels; nothing else",
               inputs.films.front());
}

}  // namespace

PredictResult predict(const PredictRequest& request) {
  if (request.output.empty()) fail_input("the name of the folder for the results is empty");
  const ThreadScope threads(request.threads);
  const auto start = std::chrono::steady_clock::now();
  const Inputs inputs = inputs_of(request);
  check_films(request, inputs);
  Predictor predictor(request, load_models(request.models));
  std::vector<PlannedFiles> plan;
  for (const fs::path& input : inputs.pictures) plan.push_back(predictor.plan(input));
  check_outputs(plan, request.output);
  PredictResult result;
  result.images = inputs.count();
  PredictProgress progress{0, result.images, 0, 0};
  const auto told = [&](std::int64_t done, std::int64_t runs) {
    progress.runs_done = done;
    progress.runs = runs;
    if (request.progress) request.progress(progress);
    return !request.stop || !request.stop();
  };
  // One after the other; false when it was told to stop.
  const auto work = [&](const fs::path& input, const fs::path& mask, const auto& label) {
    try {
      if (!label()) return false;
      result.masks.push_back(mask);
    } catch (const InputError& error) {
      result.failures.push_back({input, naming(input, error.what())});
    }
    ++progress.done;
    return told(0, 0);
  };
  bool going = !request.stop || !request.stop();
  for (std::size_t i = 0; going && i < inputs.pictures.size(); ++i) {
    const fs::path& input = inputs.pictures[i];
    if (request.resume && predictor.is_done(input)) {
      predictor.report(input);
      ++result.skipped;
      ++progress.done;
      continue;
    }
    going = work(input, predictor.mask(input), [&] { return predictor.label(input, told); });
  }
  for (std::size_t i = 0; going && i < inputs.films.size(); ++i) {
    const std::string& film = inputs.films[i];
    progress.film = true;
    going = work(film, predictor.film_folder(film), [&] { return predictor.label_film(film, told); });
  }
  if (predictor.reports()) predictor.write_reports();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::string predict_bytes(const PredictRequest& request, std::string_view picture) {
  Predictor predictor(request, load_models(request.models));
  return predictor.mask_png(read_image_bytes(picture));
}

}  // namespace inlay::workflow
