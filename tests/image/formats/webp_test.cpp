#include <gmock/gmock.h>
#include <webp/encode.h>

#include "support/picture_files.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

using WebP = testing::PictureFiles;

TEST_F(WebP, IsWrittenWithoutLossAndAlwaysInColour) {
  const Image image = picture({5, 7, 3});
  expect_equal(read(encode_image(image, ".webp")), image);
  const Image grey = picture({5, 7, 1});
  expect_equal(read(encode_image(grey, ".webp")), with_channels(grey, 3));
  EXPECT_EQ(read(encode_image({Tensor::filled({2, 2, 1}, 1.0f)}, ".webp")).pixels.data<std::uint8_t>()[0], 255);
}

TEST_F(WebP, AlphaIsDropped) {
  const std::uint8_t pixels[] = {1, 2, 3, 255, 4, 5, 6, 128};
  std::uint8_t* encoded = nullptr;
  const std::size_t size = WebPEncodeLosslessRGBA(pixels, 2, 1, 8, &encoded);
  const std::string bytes(reinterpret_cast<char*>(encoded), size);
  WebPFree(encoded);
  EXPECT_THAT(read(bytes).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(WebP, DamageIsTold) {
  expect_damage_is_told(encode_image(picture({5, 7, 3}), ".webp"), 3);  // its last bits may be padding
}

TEST_F(WebP, AnimationsAreRefused) {
  const std::string extended = "VP8X\x0a\0\0\0\x02\0\0\0\0\0\0\0\0\0"s;  // flag 2: animation
  EXPECT_THAT(complaint("RIFF\x16\0\0\0WEBP"s + extended), HasSubstr("the WebP is animated"));
}

TEST_F(WebP, WhatIsTooLargeIsRefused) {
  EXPECT_THAT(message_of<InputError>([] {
                encode_image({Tensor(DType::u8, {1, 20000, 1})}, ".webp");
              }),
              HasSubstr("1x20000 pixels cannot be encoded as WebP, which holds at most 16383 a side"));
}

}  // namespace
}  // namespace inlay
