#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/fail.h"
#include "inlay/display.h"
#include "inlay/image.h"
#include "inlay/picture_stream.h"

namespace inlay {
namespace {

constexpr Color kBlack{0, 0, 0};

// True when a pixel within `reach` of (y, x) along rows and columns has another label that is drawn or hides this one.
bool at_border(const Mask& mask, std::int64_t y, std::int64_t x, std::int64_t reach) {
  auto labels = mask.labels.data<std::uint8_t>();
  const auto at = [&](std::int64_t i, std::int64_t j) {
    i = std::clamp<std::int64_t>(i, 0, mask.height() - 1);
    j = std::clamp<std::int64_t>(j, 0, mask.width() - 1);
    return labels[static_cast<std::size_t>(i * mask.width() + j)];
  };
  const std::uint8_t own = at(y, x);
  for (std::int64_t d = 1; d <= reach; ++d)
    if (at(y - d, x) != own || at(y + d, x) != own || at(y, x - d) != own || at(y, x + d) != own) return true;
  return false;
}

std::uint8_t blend(std::uint8_t under, std::uint8_t over, float alpha) {
  return static_cast<std::uint8_t>(
      std::lround(static_cast<float>(under) * (1.0f - alpha) + static_cast<float>(over) * alpha));
}

/// One pixel up to 512, then in proportion, so that borders stay visible when a large picture is shown small.
std::int64_t reach_of(std::int64_t height, std::int64_t width) {
  return std::max<std::int64_t>(1, std::max(height, width) / 512);
}

/// In RGB; of a picture of other bands, the first three, or the first. Not stretched as displayed() does: rows of a
/// picture that is streamed do not know the range of the others.
Image colours_of(const Image& image) {
  const std::int64_t channels = image.channels(), kept = channels > 3 ? 3 : channels == 2 ? 1 : channels;
  const Image bytes = as_u8(image);
  if (kept == channels) return with_channels(bytes, 3);
  Image out{Tensor(DType::u8, {image.height(), image.width(), kept})};
  for (std::int64_t i = 0; i < image.height() * image.width(); ++i)
    std::copy_n(bytes.pixels.data<std::uint8_t>().begin() + i * channels, kept,
                out.pixels.data<std::uint8_t>().begin() + i * kept);
  return with_channels(out, 3);
}

/// Rows of a picture, the first of which is row `top` of the mask, which has `reach` rows around them or ends where the
/// picture does.
Image draw(const Image& image, const Mask& mask, std::int64_t top, std::int64_t reach,
           const std::vector<Color>& palette, float alpha) {
  Image out = colours_of(image);
  out.pixels = out.pixels.clone();
  auto pixels = out.pixels.data<std::uint8_t>();
  auto labels = mask.labels.data<std::uint8_t>();
  for (std::int64_t y = 0; y < out.height(); ++y)
    for (std::int64_t x = 0; x < mask.width(); ++x) {
      const std::uint8_t label = labels[static_cast<std::size_t>((top + y) * mask.width() + x)];
      const Color color = label < palette.size() ? palette[label] : voc_color(label);
      if (label == kIgnore || color == kBlack) continue;
      const float share = at_border(mask, top + y, x, reach) ? 1.0f : alpha;
      const auto at = static_cast<std::size_t>(y * mask.width() + x);
      for (std::size_t c = 0; c < 3; ++c) pixels[3 * at + c] = blend(pixels[3 * at + c], color[c], share);
    }
  return out;
}

/// The rows of both, (rows, ...) each.
Tensor joined(const Tensor& a, const Tensor& b) {
  if (a.empty()) return b;
  Shape shape = a.shape();
  shape[0] += b.shape()[0];
  Tensor out(a.type(), shape);
  std::memcpy(out.raw(), a.raw(), a.bytes());
  std::memcpy(out.raw() + a.bytes(), b.raw(), b.bytes());
  return out;
}

}  // namespace

Image overlay(const Image& image, const Mask& mask, const std::vector<Color>& palette, float alpha) {
  if (image.height() != mask.height() || image.width() != mask.width())
    fail_input("the picture has {}x{} pixels and the mask {}x{}; they must be of one size", image.height(),
               image.width(), mask.height(), mask.width());
  return draw(displayed(image), mask, 0, reach_of(mask.height(), mask.width()), palette, alpha);
}

OverlayWriter::OverlayWriter(const std::filesystem::path& path, std::int64_t height, std::int64_t width,
                             std::vector<Color> palette)
    : height_(height),
      reach_(reach_of(height, width)),
      palette_(std::move(palette)),
      file_(create_png(path, {height, width, 3, DType::u8})) {}

void OverlayWriter::write(const Image& pixels, const Mask& mask) {
  constexpr float kAlpha = 0.4f;
  pixels_.pixels = joined(pixels_.pixels, pixels.pixels);
  mask_.labels = joined(mask_.labels, mask.labels);
  const std::int64_t end = first_ + mask_.height(), ready = end == height_ ? end : end - reach_;
  if (ready <= done_) return;
  const Image rows = crop(pixels_, done_ - (end - pixels_.height()), 0, ready - done_, mask_.width());
  file_->write(draw(rows, mask_, done_ - first_, reach_, palette_, kAlpha).pixels);
  done_ = ready;
  if (done_ == height_) return;
  const std::int64_t kept = std::max<std::int64_t>(done_ - reach_, first_);
  mask_ = crop(mask_, kept - first_, 0, end - kept, mask_.width());
  first_ = kept;
  pixels_ = crop(pixels_, done_ - (end - pixels_.height()), 0, end - done_, mask_.width());
}

}  // namespace inlay
