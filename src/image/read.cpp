#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/fail.h"
#include "base/files.h"
#include "image/decode.h"
#include "image/png.h"

namespace inlay {
namespace {

std::uint32_t value_at(const PngPixels& png, std::size_t i) {
  if (png.bits == 8) return png.bytes[i];
  std::uint16_t value = 0;
  std::memcpy(&value, png.bytes.data() + 2 * i, 2);
  return value;
}

Tensor scaled(const Tensor& sixteen) {
  Tensor out(DType::f32, sixteen.shape());
  std::ranges::transform(sixteen.data<std::int32_t>(), out.data<float>().begin(),
                         [](std::int32_t v) { return static_cast<float>(v) / 65535.0f; });
  return out;
}

Tensor png_values(const PngPixels& png) {
  Tensor out(DType::i32, {png.height, png.width, png.channels});
  auto values = out.data<std::int32_t>();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int32_t>(value_at(png, i));
  return out;
}

Tensor png_picture(std::string_view bytes) {
  const PngPixels png = decode_png(bytes, true);
  if (png.bits == 16) return scaled(png_values(png));
  Tensor out(DType::u8, {png.height, png.width, png.channels});
  std::ranges::copy(png.bytes, out.data<std::uint8_t>().begin());
  return out;
}

Tensor picture(std::string_view bytes) {
  if (is_png(bytes)) return png_picture(bytes);
  const Decoded decoded = decode_by_opencv(bytes);
  if (decoded.sixteen) return scaled(decoded.pixels);
  if (decoded.pixels.type() == DType::f32 &&
      !std::ranges::all_of(decoded.pixels.data<float>(), [](float v) { return std::isfinite(v); }))
    fail_input("the picture holds values that are not finite; replace them");
  return decoded.pixels;
}

RawMask::Kind kind_of(std::int64_t channels, bool indexed) {
  if (indexed) return RawMask::Kind::indexed;
  if (channels == 1) return RawMask::Kind::grey;
  if (channels == 3) return RawMask::Kind::rgb;
  fail_input("a mask has 1 or 3 channels, this one has {}", channels);
}

// (H, W, C) to (H, W); 16-bit colours keep their upper byte.
Tensor packed(const Tensor& values, bool sixteen) {
  const Shape& shape = values.shape();
  if (shape[2] == 1) return values.reshaped({shape[0], shape[1]});
  Tensor out(DType::i32, {shape[0], shape[1]});
  auto in = values.data<std::int32_t>().begin();
  const int shift = sixteen ? 8 : 0;
  for (std::int32_t& color : out.data<std::int32_t>()) {
    color = in[0] >> shift << 16 | in[1] >> shift << 8 | in[2] >> shift;
    in += 3;
  }
  return out;
}

Tensor widened(const Tensor& pixels) {
  if (pixels.type() == DType::i32) return pixels;
  if (pixels.type() == DType::f32) fail_input("a mask holds whole numbers of 8 or 16 bits, this one is floating point");
  Tensor out(DType::i32, pixels.shape());
  std::ranges::copy(pixels.data<std::uint8_t>(), out.data<std::int32_t>().begin());
  return out;
}

RawMask mask(std::string_view bytes) {
  RawMask out;
  Tensor values;
  if (is_png(bytes)) {
    PngPixels png = decode_png(bytes, false);
    values = png_values(png);
    out.bits = png.bits;
    out.kind = kind_of(png.channels, png.indexed);
    out.palette = std::move(png.palette);
  } else {
    const Decoded decoded = decode_by_opencv(bytes);
    values = widened(decoded.pixels);
    out.bits = decoded.sixteen ? 16 : 8;
    out.kind = kind_of(values.shape()[2], false);
  }
  out.values = packed(values, out.bits == 16);
  return out;
}

template <class Body>
auto naming(const std::filesystem::path& path, Body&& body) {
  const std::string bytes = read_file(path);
  try {
    return body(bytes);
  } catch (const InputError& error) {
    fail_input("cannot read '{}': {}", path.string(), error.what());
  }
}

}  // namespace

bool has_image_extension(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::array kKnown{".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp",
                              ".ppm", ".pgm", ".pbm",  ".pnm", ".webp"};
  return std::ranges::find(kKnown, extension) != kKnown.end();
}

Image read_image(const std::filesystem::path& path) { return {naming(path, picture)}; }

RawMask read_raw_mask(const std::filesystem::path& path) { return naming(path, mask); }

Mask read_mask(const std::filesystem::path& path) {
  const RawMask raw = read_raw_mask(path);
  if (raw.kind == RawMask::Kind::rgb)
    fail_input("'{}' is a colour picture; a mask of class indices was expected", path.string());
  Mask out{Tensor(DType::u8, raw.values.shape())};
  auto values = raw.values.data<std::int32_t>();
  auto labels = out.labels.data<std::uint8_t>();
  const auto width = static_cast<std::size_t>(out.width());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 255)
      fail_input("'{}' has the value {} at x {}, y {}; class indices are 0 to 254, and 255 for ignored pixels",
                 path.string(), values[i], i % width, i / width);
    labels[i] = static_cast<std::uint8_t>(values[i]);
  }
  return out;
}

}  // namespace inlay
