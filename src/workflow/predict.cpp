#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/fail.h"
#include "base/threads.h"
#include "infer/logits.h"
#include "inlay/workflow.h"
#include "workflow/file_part.h"
#include "workflow/predict_inputs.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

/// One for each map of probabilities that the model gives.
std::vector<std::string> probability_suffixes(const Segmenter& segmenter, std::int64_t channels) {
  std::vector<std::string> suffixes;
  const std::vector<ModelClass>& classes = segmenter.info().classes;
  const std::size_t first = channels == 1 ? 1 : 0,
                    count = static_cast<std::size_t>(std::max<std::int64_t>(channels, 2));
  for (std::size_t i = first; i < count; ++i)
    suffixes.push_back(fmt::format("_probability_{}{}", i, i < classes.size() ? "_" + file_part(classes[i].name) : ""));
  return suffixes;
}

std::vector<Color> palette_of(const ModelInfo& info) {
  std::vector<Color> palette;
  for (const ModelClass& entry : info.classes) palette.push_back(entry.color);
  return palette;
}

/// Map `index` of (K, H, W).
Image grey_picture(const Tensor& maps, std::size_t index) {
  Tensor pixels(DType::f32, {maps.shape()[1], maps.shape()[2], 1});
  const auto size = static_cast<std::size_t>(pixels.elements());
  std::ranges::copy(maps.data<float>().subspan(index * size, size), pixels.data<float>().begin());
  return {pixels};
}

/// What the model says of a picture; only what was asked for.
struct Answer {
  Mask mask;
  Tensor probabilities;  // (K, H, W)
  Image uncertainty;
};

class Predictor {
 public:
  Predictor(const PredictRequest& request, Model model)
      : request_(request), channels_(model.out_channels()), segmenter_(std::move(model), options_of(request)) {
    palette_ = palette_of(segmenter_.info());
    if (request.probabilities) probability_suffixes_ = probability_suffixes(segmenter_, channels_);
    if (request.samples != 0) check_samples();
  }

  std::vector<std::string> suffixes() const {
    std::vector<std::string> all{""};
    if (request_.overlay) all.emplace_back("_overlay");
    if (request_.samples > 0) all.emplace_back("_uncertainty");
    all.insert(all.end(), probability_suffixes_.begin(), probability_suffixes_.end());
    return all;
  }

  /// The mask's path. Throws InputError when the picture cannot be used; nothing is written then.
  fs::path label(const fs::path& input) {
    const Image image = read_image(input);
    const Answer answer = ask(image);
    const auto path = [&](const std::string& suffix) {
      return request_.output / (input.stem().string() + suffix + ".png");
    };
    for (std::size_t i = 0; i < probability_suffixes_.size(); ++i)
      write_image(path(probability_suffixes_[i]), grey_picture(answer.probabilities, i));
    if (request_.samples > 0) write_image(path("_uncertainty"), answer.uncertainty);
    if (request_.overlay) write_image(path("_overlay"), overlay(image, answer.mask, palette_));
    write_mask(path(""), answer.mask, palette_);
    return path("");
  }

 private:
  static SegmenterOptions options_of(const PredictRequest& request) {
    SegmenterOptions options;
    options.threads = request.threads;
    options.tune = request.tune;
    options.log = request.log;
    return options;
  }

  void check_samples() const {
    if (request_.samples < 2)
      fail_input("samples is {}; expected 2 or more, since it is their spread that counts", request_.samples);
    if (!segmenter_.has_dropout())
      fail_input(
          "'{}' has no dropout, so all samples would be the same; train a net that has, as unet with --set "
          "dropout=0.5",
          request_.model.string());
  }

  Answer ask(const Image& image) {
    if (request_.samples > 0) {
      const SampledProbabilities sampled = segmenter_.sample(image, request_.samples);
      return {most_likely(sampled), sampled.mean, uncertainty(sampled)};
    }
    const Tensor logits = segmenter_.logits(image);
    const Shape& shape = logits.shape();
    Answer answer{most_likely(logits), {}, {}};
    if (request_.probabilities)
      answer.probabilities =
          copy_probabilities({logits.data<float>().data(), shape[0], shape[1], shape[2], shape[1], shape[2]});
    return answer;
  }

  const PredictRequest& request_;
  std::int64_t channels_;
  Segmenter segmenter_;
  std::vector<Color> palette_;
  std::vector<std::string> probability_suffixes_;
};

}  // namespace

PredictResult predict(const PredictRequest& request) {
  if (request.output.empty()) fail_input("the name of the folder for the results is empty");
  const ThreadScope threads(request.threads);
  const auto start = std::chrono::steady_clock::now();
  const std::vector<fs::path> inputs = expand_inputs(request.inputs);
  Predictor predictor(request, load_model(request.model));
  check_outputs(inputs, request.output, predictor.suffixes());
  PredictResult result;
  result.images = std::ssize(inputs);
  std::int64_t done = 0;
  for (const fs::path& input : inputs) {
    if (request.stop && request.stop()) break;
    try {
      result.masks.push_back(predictor.label(input));
    } catch (const InputError& error) {
      result.failures.push_back({input, error.what()});
    }
    if (request.progress) request.progress(++done, result.images);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace inlay::workflow
