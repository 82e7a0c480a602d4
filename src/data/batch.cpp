#include "data/batch.h"

#include <algorithm>
#include <numeric>

#include "base/fail.h"
#include "base/rng.h"

namespace inlay {
namespace {

void check(const LoaderOptions& options) {
  if (options.batch < 1) fail_input("the batch size is {}, expected 1 or more", options.batch);
  if (options.height < 0 || options.width < 0 || (options.height == 0) != (options.width == 0))
    fail_input("the patch size is {}x{}, expected two sides of at least 1, or 0x0 for the images' own", options.height,
               options.width);
  if (options.channels != 1 && options.channels != 3)
    fail_input("{} channels were asked for, expected 1 or 3", options.channels);
  if (options.order == ChannelOrder::bgr && options.channels != 3)
    fail_input("{} channels cannot be in the order BGR, which has 3", options.channels);
  for (const auto& values : {options.mean, options.std})
    if (!values.empty() && static_cast<std::int64_t>(values.size()) != options.channels)
      fail_input("{} values of mean or std were given for {} channels", values.size(), options.channels);
  if (std::ranges::any_of(options.std, [](float value) { return !(value > 0.0f); })) fail_input("std must be above 0");
  if (options.workers < 1 || options.workers > 256)
    fail_input("{} loader threads were asked for, expected 1 to 256", options.workers);
  if (options.queue < 1) fail_input("a queue of {} batches was asked for, expected 1 or more", options.queue);
  if (options.cache_bytes < 0) fail_input("a cache of {} bytes was asked for, expected 0 or more", options.cache_bytes);
  if (options.start_epoch < 0 || options.start_batch < 0)
    fail_input("cannot start at epoch {}, batch {}; expected 0 or more", options.start_epoch, options.start_batch);
  if (options.margin < 0) fail_input("a margin of {} was asked for, expected 0 or more", options.margin);
  if (options.borders) options.borders->check();
  options.augment.check();
}

/// (height, width) without `margin` on each side.
template <class T>
void copy_middle(std::span<const T> plane, std::int64_t height, std::int64_t width, std::int64_t margin, T* to) {
  for (std::int64_t y = margin; y < height - margin; ++y)
    to = std::copy_n(plane.data() + y * width + margin, width - 2 * margin, to);
}

}  // namespace

Sample SampleCache::read(std::int64_t index) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(index); found != kept_.end()) return found->second;
  }
  Sample sample = dataset_.read(split_, index);
  sample.image = with_channels(sample.image, channels_);
  const auto bytes = static_cast<std::int64_t>(sample.image.pixels.bytes() + sample.mask.labels.bytes());
  const std::lock_guard lock(mutex_);
  // Nothing is dropped for newer samples: an epoch visits all of them once, so any choice of which to keep is as good.
  if (bytes <= left_ && kept_.emplace(index, sample).second) left_ -= bytes;
  return sample;
}

BatchMaker::BatchMaker(const Dataset& dataset, const LoaderOptions& options)
    : dataset_(dataset), options_(options), cache_(dataset_, options) {
  check(options);
  const std::int64_t images = dataset.size(options.split);
  if (images == 0) fail_input("the {} part of '{}' is empty", to_string(options.split), dataset.root().string());
  if (batches_per_epoch() == 0)
    fail_input("the {} part of '{}' has {} images, fewer than a batch of {}; use a smaller batch",
               to_string(options.split), dataset.root().string(), images, options.batch);
}

std::int64_t BatchMaker::batches_per_epoch() const {
  const std::int64_t images = dataset_.size(options_.split);
  return options_.last == LastBatch::drop ? images / options_.batch : (images + options_.batch - 1) / options_.batch;
}

std::int64_t BatchMaker::first() const { return options_.start_epoch * batches_per_epoch() + options_.start_batch; }

std::vector<std::int64_t> BatchMaker::order(std::int64_t epoch) const {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(dataset_.size(options_.split)));
  std::iota(indices.begin(), indices.end(), 0);
  if (options_.shuffle) {
    Rng rng(mix_keys(options_.seed, static_cast<std::uint64_t>(epoch)));
    shuffle(indices, rng);
  }
  return indices;
}

Sample BatchMaker::prepare(std::int64_t epoch, std::int64_t place, std::int64_t index) {
  const Sample sample = cache_.read(index);
  const std::int64_t height = options_.height > 0 ? options_.height : sample.image.height();
  const std::int64_t width = options_.width > 0 ? options_.width : sample.image.width();
  const std::uint64_t epoch_key = mix_keys(mix_bits(options_.seed), static_cast<std::uint64_t>(epoch));
  return augment(sample, options_.augment, height, width, mix_keys(epoch_key, static_cast<std::uint64_t>(place)));
}

void BatchMaker::store(const Sample& sample, std::int64_t n, std::int64_t count, Batch& batch) const {
  const std::int64_t height = sample.image.height(), width = sample.image.width(), channels = options_.channels;
  if (n == 0) {
    batch.images = Tensor(DType::f32, {count, channels, height, width});
  }
  const Shape& shape = batch.images.shape();
  if (shape[2] != height || shape[3] != width)
    fail_input("'{}' has {}x{} pixels and '{}' {}x{}; a batch holds one size: give a patch size, or batches of 1",
               batch.names.front(), shape[2], shape[3], sample.name, height, width);
  store_labels(sample, n, count, batch);
  const float* in = sample.image.pixels.data<float>().data();
  for (std::int64_t c = 0; c < channels; ++c) {
    const float mean = options_.mean.empty() ? 0.0f : options_.mean[static_cast<std::size_t>(c)];
    const float scale = options_.std.empty() ? 1.0f : 1.0f / options_.std[static_cast<std::size_t>(c)];
    float* out = batch.images.data<float>().data() + (n * channels + c) * height * width;
    const float* first = in + (options_.order == ChannelOrder::bgr ? channels - 1 - c : c);
    for (std::int64_t i = 0; i < height * width; ++i) out[i] = (first[i * channels] - mean) * scale;
  }
  batch.names.push_back(sample.name);
}

void BatchMaker::store_labels(const Sample& sample, std::int64_t n, std::int64_t count, Batch& batch) const {
  const std::int64_t height = sample.mask.height(), width = sample.mask.width(), margin = options_.margin;
  const Shape shape{count, height - 2 * margin, width - 2 * margin};
  if (shape[1] < 1 || shape[2] < 1)
    fail_input("a patch of {}x{} pixels has no labels left within a margin of {} on each side", height, width, margin);
  const std::int64_t place = n * shape[1] * shape[2];
  if (n == 0) batch.labels = Tensor(DType::u8, shape);
  copy_middle(std::as_const(sample.mask.labels).data<std::uint8_t>(), height, width, margin,
              batch.labels.data<std::uint8_t>().data() + place);
  if (!options_.borders) return;
  const Tensor weights = pixel_weights(sample.mask, options_.class_weights, *options_.borders);
  if (n == 0) batch.weights = Tensor(DType::f32, shape);
  copy_middle(weights.data<float>(), height, width, margin, batch.weights.data<float>().data() + place);
}

Batch BatchMaker::make(std::int64_t number, const std::atomic<bool>& stop) {
  const std::int64_t per_epoch = batches_per_epoch(), epoch = number / per_epoch, index = number % per_epoch;
  const std::vector<std::int64_t> indices = order(epoch);
  const auto images = static_cast<std::int64_t>(indices.size());
  const std::int64_t begin = index * options_.batch;
  const std::int64_t count =
      options_.last == LastBatch::keep ? std::min(options_.batch, images - begin) : options_.batch;
  Batch batch;
  batch.epoch = epoch;
  batch.index = index;
  for (std::int64_t n = 0; n < count && !stop; ++n)
    store(prepare(epoch, begin + n, indices[static_cast<std::size_t>((begin + n) % images)]), n, count, batch);
  return batch;
}

}  // namespace inlay
