#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "base/fail.h"
#include "base/files.h"
#include "image/png.h"

namespace inlay {
namespace {

template <class From, class To, class Convert>
cv::Mat to_bgr(const Image& image, int type, Convert convert) {
  const auto channels = static_cast<int>(image.channels());
  cv::Mat mat(static_cast<int>(image.height()), static_cast<int>(image.width()), CV_MAKETYPE(type, channels));
  auto in = image.pixels.data<From>().begin();
  for (int y = 0; y < mat.rows; ++y) {
    To* row = mat.ptr<To>(y);
    for (int x = 0; x < mat.cols; ++x, row += channels, in += channels)
      for (int c = 0; c < channels; ++c) row[c] = convert(in[channels == 3 ? 2 - c : c]);
  }
  return mat;
}

cv::Mat encodable(const Image& image, bool sixteen) {
  if (image.pixels.type() == DType::u8)
    return to_bgr<std::uint8_t, std::uint8_t>(image, CV_8U, [](std::uint8_t v) { return v; });
  if (!sixteen) return encodable(as_u8(image), false);
  return to_bgr<float, std::uint16_t>(
      image, CV_16U, [](float v) { return static_cast<std::uint16_t>(std::clamp(v, 0.0f, 1.0f) * 65535.0f + 0.5f); });
}

}  // namespace

std::string encode_image(const Image& image, std::string_view extension) {
  if (image.channels() != 1 && image.channels() != 3)
    fail_input("a picture file has 1 or 3 channels, this picture has {}", image.channels());
  const std::string name = extension.empty() ? ".png" : std::string(extension);
  if (!has_image_extension("x" + name)) fail_input("pictures cannot be written as '{}'; use .png, .jpg or .tif", name);
  const bool sixteen = name == ".png" || name == ".tif" || name == ".tiff";
  std::vector<unsigned char> bytes;
  try {
    if (!cv::imencode(name, encodable(image, sixteen), bytes)) fail("the picture cannot be encoded as '{}'", name);
  } catch (const cv::Exception& error) {
    fail("the picture cannot be encoded as '{}': {}", name, error.err);
  }
  return {bytes.begin(), bytes.end()};
}

void write_image(const std::filesystem::path& path, const Image& image) {
  write_file(path, encode_image(image, path.extension().string()));
}

void write_mask(const std::filesystem::path& path, const Mask& mask, const std::vector<Color>& palette) {
  write_file(path, encode_index_png(mask.labels.data<std::uint8_t>().data(), mask.height(), mask.width(), palette));
}

}  // namespace inlay
