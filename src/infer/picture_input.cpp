#include "infer/picture_input.h"

#include <algorithm>

#include "base/fail.h"
#include "base/threads.h"

namespace inlay {
namespace {

float normalised(double value, const Normalisation& normalisation, std::size_t channel) {
  return static_cast<float>((value - normalisation.mean[channel]) / normalisation.stddev[channel]);
}

template <class Pixel, class Convert>
void fill_window(const PictureRows& source, ChannelOrder order, const PictureWindow& window, std::span<float> planes,
                 Convert convert) {
  const Image& image = source.image;
  const std::int64_t channels = image.channels(), columns = image.width();
  const Pixel* pixels = image.pixels.data<Pixel>().data();
  const std::int64_t inside = std::clamp<std::int64_t>(-window.left, 0, window.width);
  const std::int64_t beyond = std::clamp<std::int64_t>(columns - window.left, inside, window.width);
  const auto fill_row = [&](std::int64_t y) {
    const Pixel* row = pixels + (reflect_index(window.top + y, source.height) - source.first) * columns * channels;
    for (std::int64_t c = 0; c < channels; ++c) {
      float* to = planes.data() + (c * window.height + y) * window.width;
      const Pixel* from = row + (order == ChannelOrder::bgr ? channels - 1 - c : c);
      const auto reflect = [&](std::int64_t x) {
        to[x] = convert(from[reflect_index(window.left + x, columns) * channels], static_cast<std::size_t>(c));
      };
      for (std::int64_t x = 0; x < inside; ++x) reflect(x);
      for (std::int64_t x = inside; x < beyond; ++x)
        to[x] = convert(from[(window.left + x) * channels], static_cast<std::size_t>(c));
      for (std::int64_t x = beyond; x < window.width; ++x) reflect(x);
    }
  };
  parallel_ranges(
      window.height,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t y = begin; y < end; ++y) fill_row(y);
      },
      channels * window.height * window.width);
}

}  // namespace

Normalisation normalisation_of(const Model& model) {
  const ModelInfo& info = model.info;
  const auto channels = static_cast<std::size_t>(model.in_channels());
  Normalisation result{info.mean, info.stddev, info.channel_order};
  if (result.mean.empty()) result.mean.assign(channels, 0.0);
  if (result.stddev.empty()) result.stddev.assign(channels, 1.0);
  if (result.mean.size() != channels || result.stddev.size() != channels)
    fail_input("the model reads {} channels, but its normalisation has {} means and {} standard deviations", channels,
               result.mean.size(), result.stddev.size());
  return result;
}

PictureInput::PictureInput(Normalisation normalisation)
    : normalisation_(std::move(normalisation)), bytes_(normalisation_.mean.size()) {
  for (std::size_t c = 0; c < bytes_.size(); ++c)
    for (std::size_t value = 0; value < 256; ++value)
      bytes_[c][value] = normalised(static_cast<double>(value) / 255, normalisation_, c);
}

void PictureInput::fill(const PictureRows& rows, const PictureWindow& window, std::span<float> planes) const {
  if (rows.image.pixels.type() == DType::u8)
    return fill_window<std::uint8_t>(rows, normalisation_.order, window, planes,
                                     [&](std::uint8_t value, std::size_t c) { return bytes_[c][value]; });
  fill_window<float>(rows, normalisation_.order, window, planes, [&](float value, std::size_t c) {
    return normalised(static_cast<double>(value), normalisation_, c);
  });
}

}  // namespace inlay
