#include "inlay/augment.h"

#include "base/fail.h"
#include "data/augment/steps.h"

namespace inlay {
namespace {

Tensor interleaved(const Tensor& planes) {
  const Shape& shape = planes.shape();
  Tensor out(DType::f32, {shape[1], shape[2], shape[0]});
  const std::int64_t channels = shape[0], pixels = shape[1] * shape[2];
  const float* from = planes.data<float>().data();
  float* to = out.data<float>().data();
  for (std::int64_t i = 0; i < pixels; ++i)
    for (std::int64_t c = 0; c < channels; ++c) *to++ = from[c * pixels + i];
  return out;
}

}  // namespace

void change_patch(const AugmentOptions& options, std::uint64_t key, const Patch& patch) {
  blur(options, key, patch);
  change_light(options, key, patch);
  compress_as_jpeg(options, key, patch);
  cut_out(options, key, patch);
}

Sample augment(const Sample& sample, const AugmentOptions& options, std::int64_t height, std::int64_t width,
               std::uint64_t key) {
  options.check();
  if (height < 1 || width < 1) fail_input("a patch of {}x{} pixels is impossible; sides are at least 1", height, width);
  Tensor planes(DType::f32, {sample.image.channels(), height, width});
  Mask mask{Tensor(DType::u8, {height, width})};
  Patch patch{height, width, {}, mask.labels.data<std::uint8_t>().data()};
  for (std::int64_t c = 0; c < sample.image.channels(); ++c)
    patch.planes.push_back(planes.data<float>().data() + c * height * width);
  Rng rng(key);
  resample(sample, draw_warp(options, sample.image, height, width, rng), patch);
  change_patch(options, key, patch);
  return {sample.name, {interleaved(planes)}, std::move(mask)};
}

}  // namespace inlay
