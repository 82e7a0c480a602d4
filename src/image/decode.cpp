#include "image/decode.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "base/fail.h"

namespace inlay {
namespace {

template <class From, class To>
Tensor copy_rgb(const cv::Mat& mat, int channels) {
  Tensor pixels(kDType<To>, {mat.rows, mat.cols, channels});
  auto out = pixels.data<To>().begin();
  const int stride = mat.channels();
  for (int y = 0; y < mat.rows; ++y) {
    const From* row = mat.ptr<From>(y);
    for (int x = 0; x < mat.cols; ++x, row += stride)
      for (int c = 0; c < channels; ++c) *out++ = static_cast<To>(row[channels == 3 ? 2 - c : c]);
  }
  return pixels;
}

cv::Mat decode_mat(std::string_view bytes) {
  const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  try {
    return cv::imdecode(buffer, cv::IMREAD_ANYCOLOR | cv::IMREAD_ANYDEPTH);
  } catch (const cv::Exception& error) {
    if (error.err.find("CV_IO_MAX_IMAGE") != std::string::npos)
      fail_input("it claims more than 2^20 pixels a side or 2^30 in all; it is damaged, or has to be cut into tiles");
    fail_input("the picture cannot be decoded ({})", error.err);
  }
}

}  // namespace

bool is_truncated_jpeg(std::string_view bytes) {
  constexpr auto kStart = std::string_view("\xff\xd8", 2), kScan = std::string_view("\xff\xda", 2);
  if (!bytes.starts_with(kStart)) return false;
  std::size_t at = 2;
  while (at + 4 <= bytes.size() && bytes[at] == '\xff' && bytes.substr(at, 2) != kScan) {
    const auto high = static_cast<unsigned char>(bytes[at + 2]), low = static_cast<unsigned char>(bytes[at + 3]);
    at += 2 + high * 256u + low;
  }
  return bytes.find(std::string_view("\xff\xd9", 2), at) == std::string_view::npos;
}

Decoded decode_by_opencv(std::string_view bytes) {
  if (bytes.empty()) fail_input("the file is empty");
  if (bytes.size() > INT32_MAX) fail_input("files above 2 GiB cannot be decoded");
  if (is_truncated_jpeg(bytes)) fail_input("the JPEG is damaged (the file ends too early)");
  const cv::Mat mat = decode_mat(bytes);
  if (mat.empty())
    fail_input("the file is damaged or no picture that can be decoded (PNG, JPEG, TIFF, BMP, PNM, WebP)");
  const int channels = mat.channels() == 2 ? 1 : mat.channels() == 4 ? 3 : mat.channels();
  switch (mat.depth()) {
    case CV_8U:
      return {copy_rgb<std::uint8_t, std::uint8_t>(mat, channels), false};
    case CV_16U:
      return {copy_rgb<std::uint16_t, std::int32_t>(mat, channels), true};
    case CV_32F:
      return {copy_rgb<float, float>(mat, channels), false};
    case CV_64F:
      return {copy_rgb<double, float>(mat, channels), false};
    default:
      fail_input("the picture's values are signed integers; expected 8 or 16 bits without sign, or floating point");
  }
}

}  // namespace inlay
