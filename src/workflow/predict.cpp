#include "inlay/predict.h"

#include <algorithm>
#include <chrono>

#include "base/fail.h"
#include "base/threads.h"
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

class Predictor {
 public:
  Predictor(const PredictRequest& request, std::vector<Model> models)
      : request_(request),
        channels_(models.front().out_channels()),
        segmenter_(std::move(models), options_of(request)) {
    palette_ = palette_of(segmenter_.info());
    names_ = file_names(request, segmenter_.info(), channels_);
    if (request.samples != 0) check_samples();
  }

  const FileNames& names() const { return names_; }
  fs::path stem(const fs::path& input) const { return request_.output / input.stem(); }
  fs::path mask(const fs::path& input) const { return stem(input).string() + names_.mask; }

  bool is_done(const fs::path& input) const {
    return std::ranges::all_of(names_.all(),
                               [&](const std::string& name) { return fs::exists(stem(input).string() + name); });
  }

  /// False when it was told to stop. Throws InputError when the picture cannot be used; nothing is written then.
  bool label(const fs::path& input, const std::function<bool(std::int64_t done, std::int64_t runs)>& progress) {
    std::unique_ptr<PictureReader> first = open_picture(input);
    const PictureFacts facts = first->facts();
    PictureFiles files(names_, stem(input), facts, channels_, palette_);
    const StreamRequest stream{
        .probabilities = request_.probabilities || request_.probabilities_npy || request_.probabilities_tiff,
        .samples = request_.samples,
        .other_bytes = PictureFiles::bytes(names_, facts, channels_),
        .progress = progress};
    const auto open = [&] { return first ? std::move(first) : open_picture(input); };
    const bool done = segmenter_.stream(open, stream, [&](const SegmentedRows& rows) {
      files.write_maps(rows);
      files.write_labels(rows.pixels, rows.mask);
    });
    if (done) files.close();
    return done;
  }

 private:
  void check_samples() const {
    if (request_.samples < 2)
      fail_input("samples is {}; expected 2 or more, since it is their spread that counts", request_.samples);
    if (request_.models.size() > 1 || request_.augmentation != TestAugmentation::none)
      fail_input("samples are drawn from one model, without augmentation");
    if (!segmenter_.has_dropout())
      fail_input(
          "'{}' has no dropout, so all samples would be the same; train a net that has, as unet with --set "
          "dropout=0.5",
          request_.models.front().string());
  }

  const PredictRequest& request_;
  std::int64_t channels_;
  Segmenter segmenter_;
  std::vector<Color> palette_;
  FileNames names_;
};

}  // namespace

PredictResult predict(const PredictRequest& request) {
  if (request.output.empty()) fail_input("the name of the folder for the results is empty");
  const ThreadScope threads(request.threads);
  const auto start = std::chrono::steady_clock::now();
  const std::vector<fs::path> inputs = expand_inputs(request.inputs);
  Predictor predictor(request, load_models(request.models));
  check_outputs(inputs, request.output, predictor.names().all());
  PredictResult result;
  result.images = std::ssize(inputs);
  PredictProgress progress{0, result.images, 0, 0};
  const auto told = [&](std::int64_t done, std::int64_t runs) {
    progress.runs_done = done;
    progress.runs = runs;
    if (request.progress) request.progress(progress);
    return !request.stop || !request.stop();
  };
  for (const fs::path& input : inputs) {
    if (request.stop && request.stop()) break;
    if (request.resume && predictor.is_done(input)) {
      ++result.skipped;
    } else {
      try {
        if (!predictor.label(input, told)) break;
        result.masks.push_back(predictor.mask(input));
      } catch (const InputError& error) {
        result.failures.push_back({input, naming(input, error.what())});
      }
    }
    ++progress.done;
    told(0, 0);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace inlay::workflow
