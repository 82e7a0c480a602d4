#include "data/batch.h"

#include <algorithm>
#include <numeric>

#include "base/fail.h"
#include "data/augment/paste.h"
#include "data/augment/simd/rows.h"
#include "data/augment/steps.h"
#include "data/read_sample.h"

namespace inlay {
namespace {

void check(const LoaderOptions& options) {
  if (options.batch < 1) fail_input("the batch size is {}, expected 1 or more", options.batch);
  if (options.height < 0 || options.width < 0 || (options.height == 0) != (options.width == 0))
    fail_input("the patch size is {}x{}, expected two sides of at least 1, or 0x0 for the images' own", options.height,
               options.width);
  if (options.channels < 1) fail_input("{} channels were asked for, expected 1 or more", options.channels);
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
  Sample sample = read_sample(dataset_, split_, index, channels_);
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
  if (options.augment.class_balance > 0.0 || options.augment.copy_paste > 0.0)
    places_.emplace(dataset_, options.split, options.seed);
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

BatchMaker::Choice BatchMaker::choose(std::int64_t in_turn, std::uint64_t key) const {
  if (!places_) return {in_turn, {}};
  Rng rng(stream_key(key, Stream::focus));
  if (!rng.chance(options_.augment.class_balance)) return {in_turn, {}};
  const ClassPlaces::Place place = places_->draw(rng);
  return {place.image, place.focus};
}

// The first sample says how large a batch is.
void BatchMaker::start(const Sample& sample, std::int64_t count, Batch& batch) const {
  const std::int64_t height = options_.height > 0 ? options_.height : sample.image.height();
  const std::int64_t width = options_.width > 0 ? options_.width : sample.image.width(), margin = options_.margin;
  if (height <= 2 * margin || width <= 2 * margin)
    fail_input("a patch of {}x{} pixels has no labels left within a margin of {} on each side", height, width, margin);
  batch.images = Tensor(DType::f32, {count, options_.channels, height, width});
  batch.labels = Tensor(DType::u8, {count, height - 2 * margin, width - 2 * margin});
  if (options_.borders) batch.weights = Tensor(DType::f32, batch.labels.shape());
}

// Without labels.
Patch BatchMaker::patch_in(Batch& batch, std::int64_t n) const {
  const Shape& shape = batch.images.shape();
  Patch patch{shape[2], shape[3], {}, nullptr};
  float* first = batch.images.data<float>().data() + n * shape[1] * patch.pixels();
  for (std::int64_t c = 0; c < shape[1]; ++c)
    patch.planes.push_back(first + (options_.order == ChannelOrder::bgr ? shape[1] - 1 - c : c) * patch.pixels());
  return patch;
}

void BatchMaker::store_middle(const Mask& mask, std::int64_t n, Batch& batch) const {
  const std::int64_t height = mask.height(), width = mask.width(), margin = options_.margin;
  const std::int64_t place = n * batch.labels.shape()[1] * batch.labels.shape()[2];
  copy_middle(mask.labels.data<std::uint8_t>(), height, width, margin,
              batch.labels.data<std::uint8_t>().data() + place);
  if (!options_.borders) return;
  const Tensor weights = pixel_weights(mask, options_.class_weights, *options_.borders);
  copy_middle(weights.data<float>(), height, width, margin, batch.weights.data<float>().data() + place);
}

void BatchMaker::normalise(const Patch& patch) const {
  if (options_.mean.empty() && options_.std.empty()) return;
  const std::size_t last = patch.planes.size() - 1;
  for (std::size_t c = 0; c <= last; ++c) {
    const std::size_t place = options_.order == ChannelOrder::bgr ? last - c : c;
    const float mean = options_.mean.empty() ? 0.0f : options_.mean[place];
    const float scale = options_.std.empty() ? 1.0f : 1.0f / options_.std[place];
    simd::scale_plane(patch.plane(c), scale, -mean * scale);
  }
}

void BatchMaker::add(const Choice& choice, std::uint64_t key, std::int64_t n, std::int64_t count, Batch& batch) {
  const Sample sample = cache_.read(choice.image);
  if (n == 0) start(sample, count, batch);
  Patch patch = patch_in(batch, n);
  if (options_.height == 0 && (patch.height != sample.image.height() || patch.width != sample.image.width()))
    fail_input("'{}' has {}x{} pixels and '{}' {}x{}; a batch holds one size: give a patch size, or batches of 1",
               batch.names.front(), patch.height, patch.width, sample.name, sample.image.height(),
               sample.image.width());
  const bool whole = options_.margin == 0 && !options_.borders;
  Mask mask;
  if (!whole) mask.labels = Tensor(DType::u8, {patch.height, patch.width});
  patch.labels =
      whole ? batch.labels.data<std::uint8_t>().data() + n * patch.pixels() : mask.labels.data<std::uint8_t>().data();
  Rng rng(key);
  resample(sample, draw_warp(options_.augment, sample.image, patch.height, patch.width, rng, choice.focus), patch);
  if (places_)
    paste_regions(
        options_.augment, *places_, choice.image, [this](std::int64_t i) { return cache_.read(i); }, key, patch);
  change_patch(options_.augment, key, patch);
  normalise(patch);
  if (!whole) store_middle(mask, n, batch);
  batch.names.push_back(sample.name);
}

Batch BatchMaker::make(std::int64_t number, const std::atomic<bool>& stop) {
  const std::int64_t per_epoch = batches_per_epoch(), epoch = number / per_epoch, index = number % per_epoch;
  const std::vector<std::int64_t> indices = order(epoch);
  const auto images = static_cast<std::int64_t>(indices.size());
  const std::int64_t begin = index * options_.batch;
  const std::int64_t count =
      options_.last == LastBatch::keep ? std::min(options_.batch, images - begin) : options_.batch;
  const std::uint64_t epoch_key = mix_keys(mix_bits(options_.seed), static_cast<std::uint64_t>(epoch));
  Batch batch;
  batch.epoch = epoch;
  batch.index = index;
  for (std::int64_t n = 0; n < count && !stop; ++n) {
    const std::uint64_t key = mix_keys(epoch_key, static_cast<std::uint64_t>(begin + n));
    add(choose(indices[static_cast<std::size_t>((begin + n) % images)], key), key, n, count, batch);
  }
  return batch;
}

}  // namespace inlay
