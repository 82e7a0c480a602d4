#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/files.h"
#include "image/formats.h"
#include "image/formats/tiff.h"
#include "image/pages.h"

namespace inlay {
namespace {

Tensor colored(const Decoded& decoded) {
  const Shape& shape = decoded.values.shape();
  Tensor out(DType::u8, {shape[0], shape[1], 3});
  auto to = out.data<std::uint8_t>().begin();
  const auto paint = [&](std::int64_t index) {
    if (index >= std::ssize(decoded.palette))
      fail_input("the picture is damaged (it holds colour {}, its palette has {})", index, decoded.palette.size());
    to = std::ranges::copy(decoded.palette[static_cast<std::size_t>(index)], to).out;
  };
  if (decoded.values.type() == DType::u8)
    std::ranges::for_each(decoded.values.data<std::uint8_t>(), paint);
  else
    std::ranges::for_each(decoded.values.data<std::int32_t>(), paint);
  return out;
}

Tensor as_floats(const Decoded& decoded) {
  Tensor out(DType::f32, decoded.values.shape());
  const auto white = static_cast<float>(decoded.white);
  std::ranges::transform(decoded.values.data<std::int32_t>(), out.data<float>().begin(),
                         [white](std::int32_t v) { return static_cast<float>(v) / white; });
  return out;
}

Tensor widened(const Tensor& values) {
  if (values.type() == DType::i32) return values;
  if (values.type() == DType::f32) return whole_numbers(values);
  Tensor out(DType::i32, values.shape());
  std::ranges::copy(values.data<std::uint8_t>(), out.data<std::int32_t>().begin());
  return out;
}

// To 8 bits: more are cut off, fewer are spread.
std::uint32_t byte_of(std::int32_t value, std::int32_t white) {
  const auto from = static_cast<std::uint32_t>(value), top = static_cast<std::uint32_t>(white);
  return top > 255 ? from * 256 / (top + 1) : spread(from, top, 255);
}

// (H, W, C) to (H, W).
Tensor packed(const Tensor& values, std::int32_t white) {
  const Shape& shape = values.shape();
  if (shape[2] != 1 && shape[2] != 3) fail_input("a mask has 1 channel, or 3 of colour; this picture has {}", shape[2]);
  if (shape[2] == 1) return values.reshaped({shape[0], shape[1]});
  Tensor out(DType::i32, {shape[0], shape[1]});
  auto in = values.data<std::int32_t>().begin();
  for (std::int32_t& color : out.data<std::int32_t>()) {
    color = static_cast<std::int32_t>(byte_of(in[0], white) << 16 | byte_of(in[1], white) << 8 | byte_of(in[2], white));
    in += 3;
  }
  return out;
}

RawMask mask(Decoded decoded) {
  RawMask out;
  out.bits = decoded.values.type() == DType::u8 ? 8 : 16;
  out.kind = !decoded.palette.empty()         ? RawMask::Kind::indexed
             : decoded.values.shape()[2] == 1 ? RawMask::Kind::grey
                                              : RawMask::Kind::rgb;
  out.values = packed(widened(decoded.values), decoded.white);
  out.palette = std::move(decoded.palette);
  return out;
}

Decoded decode_page(std::string_view bytes, std::int64_t page) {
  return page == 0 ? decode(bytes) : decode_tiff(bytes, page);
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

// By the palette, and from black to white.
Tensor shown(Decoded decoded) {
  if (!decoded.palette.empty()) return colored(decoded);
  switch (decoded.values.type()) {
    case DType::u8:
      if (decoded.white != 255)
        for (std::uint8_t& value : decoded.values.data<std::uint8_t>())
          value = static_cast<std::uint8_t>(spread(value, static_cast<std::uint32_t>(decoded.white), 255));
      break;
    case DType::i32:
      return as_floats(decoded);
    case DType::f32:
      if (!std::ranges::all_of(decoded.values.data<float>(), [](float v) { return std::isfinite(v); }))
        fail_input("the picture holds values that are not finite; replace them");
  }
  return decoded.values;
}

// What was scaled to be stored may be off by a little.
Tensor whole_numbers(const Tensor& values) {
  Tensor out(DType::i32, values.shape());
  auto in = values.data<float>();
  auto to = out.data<std::int32_t>();
  for (std::size_t i = 0; i < in.size(); ++i) {
    const float whole = std::round(in[i]);
    if (!(std::abs(in[i] - whole) < 1e-3f && whole >= 0.0f && whole <= 65535.0f)) {
      const auto width = static_cast<std::size_t>(values.shape()[1]),
                 pixel = i / static_cast<std::size_t>(values.shape()[2]);
      fail_input("a mask holds whole numbers from 0 to 65535, this one {} at x {}, y {}", in[i], pixel % width,
                 pixel / width);
    }
    to[i] = static_cast<std::int32_t>(whole);
  }
  return out;
}

bool has_image_extension(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
  return format_of_extension(extension) != nullptr;
}

Image read_image(const std::filesystem::path& path) { return read_image_page({path, 0}); }

RawMask read_raw_mask(const std::filesystem::path& path) { return read_raw_mask_page({path, 0}); }

Image read_image_page(const Page& page) {
  return {naming(page.file, [&](std::string_view bytes) { return shown(decode_page(bytes, page.number)); })};
}

RawMask read_raw_mask_page(const Page& page) {
  return naming(page.file, [&](std::string_view bytes) { return mask(decode_page(bytes, page.number)); });
}

std::int64_t count_pages(const std::filesystem::path& path) { return naming(path, count_tiff_pages); }

Image read_image_bytes(std::string_view bytes) { return {shown(decode(bytes))}; }

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
