#include "image/formats.h"

#include <algorithm>
#include <array>

#include "base/fail.h"

namespace inlay {
namespace {

constexpr std::array kFormats{&kPng, &kJpeg, &kTiff, &kBmp, &kPnm, &kWebp, &kGif};

}  // namespace

Decoded decode(std::string_view bytes) {
  if (bytes.empty()) fail_input("the file is empty");
  for (const Format* format : kFormats)
    if (format->matches(bytes)) return format->decode(bytes);
  std::vector<std::string_view> names;
  for (const Format* format : kFormats) names.push_back(format->name);
  fail_input("the file is damaged or no picture that can be decoded ({})", fmt::join(names, ", "));
}

bool is_known_format(std::string_view bytes) {
  return std::ranges::any_of(kFormats, [&](const Format* format) { return format->matches(bytes); });
}

const Format* format_of_extension(std::string_view extension) {
  for (const Format* format : kFormats)
    if (std::ranges::find(format->extensions, extension) != format->extensions.end()) return format;
  return nullptr;
}

void check_size(std::int64_t height, std::int64_t width) {
  constexpr std::int64_t kSide = 1 << 20, kPixels = 1 << 30;
  if (height < 1 || width < 1) fail_input("it is damaged (it claims a size of {}x{} pixels)", height, width);
  if (height > kSide || width > kSide || height * width > kPixels)
    fail_input("it claims more than 2^20 pixels a side or 2^30 in all; it is damaged, or has to be cut into tiles");
}

std::vector<std::uint16_t> sixteen_bits(const Tensor& pixels) {
  auto values = pixels.data<float>();
  std::vector<std::uint16_t> out(values.size());
  std::ranges::transform(values, out.begin(), [](float v) {
    return static_cast<std::uint16_t>(std::clamp(v, 0.0f, 1.0f) * 65535.0f + 0.5f);
  });
  return out;
}

}  // namespace inlay
