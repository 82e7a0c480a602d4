#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "base/threads.h"
#include "inlay/workflow.h"
#include "workflow/bench_work.h"
#include "workflow/time_runs.h"

namespace inlay::workflow {
namespace {

constexpr const char* kNet = "sliding_window";
constexpr std::int64_t kAtOnce = 64;

/// The same numbers in either form.
Model in_form(const Model& given, const char* form) {
  ModelOptions options{given.in_channels(), given.out_channels(), given.info.settings};
  options.settings["form"] = form;
  Model model = create_model(kNet, options);
  model.tensors = given.tensors;
  return model;
}

struct Net {
  BenchWork work;
  Tensor image, logits;

  Net(const Model& model, const Shape& shape, const BenchRequest& request)
      : work(inference_work(model, shape, {.threads = request.threads, .tune = request.tune, .log = request.log})),
        image(work.program->input("image")),
        logits(work.program->output("logits")) {}
};

/// Where patch `i` of `count`, spread over all pixels, begins.
std::int64_t pixel_of(std::int64_t i, std::int64_t count, std::int64_t pixels) { return i * pixels / count; }

/// Fills (N, C, P, P) with the patches around pixels of (1, C, H, W).
void cut_patches(const Tensor& picture, std::int64_t columns, std::int64_t pixels, Tensor& patches) {
  const Shape &from = picture.shape(), &to = patches.shape();
  float* out = patches.data<float>().data();
  for (std::int64_t i = 0; i < to[0]; ++i) {
    const std::int64_t pixel = pixel_of(i, to[0], pixels);
    for (std::int64_t c = 0; c < to[1]; ++c)
      for (std::int64_t y = 0; y < to[2]; ++y) {
        const std::int64_t row = c * from[2] + pixel / columns + y;
        out = std::copy_n(picture.data<float>().data() + row * from[3] + pixel % columns, to[3], out);
      }
  }
}

/// Of logits (N, K, 1, 1) and (1, K, H, W), as a share of the largest.
double difference(const Tensor& single, const Tensor& dense) {
  const std::int64_t pixels = dense.shape()[2] * dense.shape()[3], count = single.shape()[0];
  double largest = 0, apart = 0;
  for (std::int64_t i = 0; i < single.elements(); ++i) {
    const std::int64_t classes = single.shape()[1], pixel = pixel_of(i / classes, count, pixels);
    const auto here = static_cast<double>(single.data<float>()[static_cast<std::size_t>(i)]);
    const auto there = static_cast<double>(dense.data<float>()[static_cast<std::size_t>(i % classes * pixels + pixel)]);
    largest = std::max(largest, std::abs(there));
    apart = std::max(apart, std::abs(here - there));
  }
  return largest > 0 ? apart / largest : apart;
}

double median(const std::vector<double>& sorted) { return sorted[sorted.size() / 2]; }

}  // namespace

SharingResult bench_sharing(const BenchRequest& request) {
  const ThreadScope threads(request.threads);
  const Model given = open_net(request.net);
  if (given.info.architecture != kNet)
    fail_input("what patches share is measured with the net '{}', and '{}' is another", kNet, request.net.name);
  if (request.batch != 1 || request.mode != BenchMode::infer)
    fail_input("what patches share is measured in inference, with a batch of 1");
  const std::int64_t margin = given.info.size.margin, pixels = request.size.height * request.size.width;
  SharingResult result;
  result.patch = 2 * margin + 1;
  result.patches = pixels;
  result.patches_at_once = std::min(kAtOnce, pixels);
  result.height = request.size.height + 2 * margin;
  result.width = request.size.width + 2 * margin;
  result.threads = thread_count();

  Net dense(in_form(given, "dense"), {1, given.in_channels(), result.height, result.width}, request);
  std::uint64_t i = 0;
  for (float& value : dense.image.data<float>()) value = uniform_at(1, i++) * 2 - 1;
  result.dense_s = median(time_runs(dense.work.step, request.runs));
  result.dense_multiply_adds = inlay::summarise(dense.work.graph).multiply_adds;

  Net single(in_form(given, "patch"), {result.patches_at_once, given.in_channels(), result.patch, result.patch},
             request);
  cut_patches(dense.image, request.size.width, pixels, single.image);
  const double share = static_cast<double>(pixels) / static_cast<double>(result.patches_at_once);
  result.patch_s = share * median(time_runs(single.work.step, request.runs));
  result.patch_multiply_adds = inlay::summarise(single.work.graph).multiply_adds / result.patches_at_once * pixels;
  result.difference = difference(single.logits, dense.logits);
  return result;
}

}  // namespace inlay::workflow
