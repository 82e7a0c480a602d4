#include "infer/run_pictures.h"

#include <algorithm>

#include "base/rng.h"

namespace inlay {
namespace {

/// A tile's logits belong to the picture's pixels from (y, x) on.
struct Place {
  std::size_t picture;
  std::int64_t y, x;
};

std::vector<Place> places_of(std::size_t pictures, const Cut& cut) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < pictures; ++i)
    for (std::int64_t row = 0; row < cut.rows.count; ++row)
      for (std::int64_t column = 0; column < cut.columns.count; ++column)
        places.push_back({i, row * cut.rows.step, column * cut.columns.step});
  return places;
}

/// What a tile (K, height, width) says of the picture (K, H, W); the rest of it lies beyond the edges.
void put(const LogitsView& tile, const Place& place, Tensor& picture) {
  const Shape& shape = picture.shape();
  const std::int64_t height = std::min(tile.height, shape[1] - place.y),
                     width = std::min(tile.width, shape[2] - place.x);
  float* to = picture.data<float>().data() + place.y * shape[2] + place.x;
  for (std::int64_t c = 0; c < shape[0]; ++c, to += shape[1] * shape[2])
    for (std::int64_t y = 0; y < height; ++y) std::copy_n(tile.row(c, y), width, to + y * shape[2]);
}

/// Picture `index` of the net's output (N, K, H, W), of which height x width count.
LogitsView view(const Tensor& output, std::size_t index, std::int64_t height, std::int64_t width) {
  const Shape& shape = output.shape();
  const float* data = output.data<float>().data() + static_cast<std::int64_t>(index) * shape[1] * shape[2] * shape[3];
  return {data, shape[1], shape[2], shape[3], height, width};
}

/// Picture `index` of the net's input (N, C, H, W).
std::span<float> planes(Tensor& input, std::size_t index) {
  const std::size_t size = static_cast<std::size_t>(input.elements() / input.shape()[0]);
  return input.data<float>().subspan(index * size, size);
}

}  // namespace

Cut PictureRunner::cut(std::int64_t height, std::int64_t width) const {
  const SizeRule& rule = model_.info.size;
  return {plan_tiles(height, rule, options_.tile), plan_tiles(width, rule, options_.tile)};
}

std::vector<LogitsView> PictureRunner::run(std::span<const Image> images, NetForm form, std::uint64_t seed) {
  const Cut cut = this->cut(images[0].height(), images[0].width());
  return cut.whole() ? run_whole(images, cut, form, seed) : run_tiles(images, cut, form, seed);
}

std::vector<LogitsView> PictureRunner::run_whole(std::span<const Image> images, const Cut& cut, NetForm form,
                                                 std::uint64_t seed) {
  const std::int64_t margin = model_.info.size.margin, height = cut.rows.side, width = cut.columns.side;
  ReadyNet& net = nets_.at({std::ssize(images), model_.in_channels(), height, width}, form);
  for (std::size_t i = 0; i < images.size(); ++i)
    input_.fill(images[i], {-margin, -margin, height, width}, planes(net.input, i));
  net.program.run(seed);
  std::vector<LogitsView> views;
  for (std::size_t i = 0; i < images.size(); ++i)
    views.push_back(view(net.output, i, images[i].height(), images[i].width()));
  return views;
}

std::vector<LogitsView> PictureRunner::run_tiles(std::span<const Image> images, const Cut& cut, NetForm form,
                                                 std::uint64_t seed) {
  const std::int64_t margin = model_.info.size.margin, height = cut.rows.side, width = cut.columns.side;
  const std::vector<Place> places = places_of(images.size(), cut);
  const std::int64_t batch = tiles_at_once(std::ssize(places), height, width, options_.tile);
  ReadyNet& net = nets_.at({batch, model_.in_channels(), height, width}, form);
  joined_.clear();
  for (const Image& image : images)
    joined_.emplace_back(DType::f32, Shape{model_.out_channels(), image.height(), image.width()});
  for (std::size_t first = 0; first < places.size(); first += static_cast<std::size_t>(batch)) {
    const std::size_t count = std::min(static_cast<std::size_t>(batch), places.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      const Place& place = places[first + i];
      input_.fill(images[place.picture], {place.y - margin, place.x - margin, height, width}, planes(net.input, i));
    }
    net.program.run(mix_keys(seed, first));
    for (std::size_t i = 0; i < count; ++i)
      put(view(net.output, i, cut.rows.logits, cut.columns.logits), places[first + i],
          joined_[places[first + i].picture]);
  }
  std::vector<LogitsView> views;
  for (const Tensor& logits : joined_) {
    const Shape& shape = logits.shape();
    views.push_back({logits.data<float>().data(), shape[0], shape[1], shape[2], shape[1], shape[2]});
  }
  return views;
}

}  // namespace inlay
