// WebP by libwebp.
#include <webp/decode.h>
#include <webp/encode.h>

#include <memory>

#include "base/fail.h"
#include "image/format.h"

namespace inlay {
namespace {

bool is_webp(std::string_view bytes) { return bytes.starts_with("RIFF") && bytes.substr(0, 12).ends_with("WEBP"); }

Decoded decode_webp(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK) fail_input("the WebP is damaged (its header)");
  if (features.has_animation != 0) fail_input("the WebP is animated; save one of its pictures by itself");
  check_size(features.height, features.width);
  Decoded out{.values = Tensor(DType::u8, {features.height, features.width, 3})};
  if (WebPDecodeRGBInto(data, bytes.size(), out.values.data<std::uint8_t>().data(), out.values.bytes(),
                        3 * features.width) == nullptr)
    fail_input("the WebP is damaged (it ends too early, or its data is broken)");
  return out;
}

std::string encode_webp(const Image& image) {
  const Image rgb = with_channels(as_u8(image), 3);
  const auto width = static_cast<int>(rgb.width());
  std::uint8_t* encoded = nullptr;
  const std::size_t size = WebPEncodeLosslessRGB(rgb.pixels.data<std::uint8_t>().data(), width,
                                                 static_cast<int>(rgb.height()), 3 * width, &encoded);
  const std::unique_ptr<std::uint8_t, decltype(&WebPFree)> owner(encoded, WebPFree);
  if (size == 0)
    fail_input("a picture of {}x{} pixels cannot be encoded as WebP, which holds at most {} a side", image.height(),
               image.width(), WEBP_MAX_DIMENSION);
  return {reinterpret_cast<const char*>(encoded), size};
}

}  // namespace

const Format kWebp{"WebP", {".webp"}, is_webp, decode_webp, encode_webp};

}  // namespace inlay
