// Pictures as files, and files as pictures, for the tests of each format.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "image/formats.h"
#include "inlay/error.h"
#include "inlay/image.h"
#include "support/temp_folder.h"

namespace inlay::testing {

class PictureFiles : public ::testing::Test {
 protected:
  Image read(const std::string& bytes) {
    write(bytes);
    return read_image(path_);
  }
  RawMask read_as_mask(const std::string& bytes) {
    write(bytes);
    return read_raw_mask(path_);
  }
  /// What is said about a file that cannot be read.
  std::string complaint(const std::string& bytes) {
    return message_of<InputError>([&] { read(bytes); });
  }

  static Image picture(const Shape& shape) {
    Image image{Tensor(DType::u8, shape)};
    auto pixels = image.pixels.data<std::uint8_t>();
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * 37 + 11);
    return image;
  }

  static void expect_equal(const Image& a, const Image& b) {
    ASSERT_EQ(a.pixels.shape(), b.pixels.shape());
    EXPECT_TRUE(std::ranges::equal(a.pixels.data<std::uint8_t>(), b.pixels.data<std::uint8_t>()));
  }

  /// Bytes that are cut short are refused, but for the last `spare`; with a bit flipped they are decoded or refused;
  /// and no library prints anything itself.
  static void expect_damage_is_told(const std::string& bytes, std::size_t spare = 0) {
    ::testing::internal::CaptureStderr();
    for (std::size_t length = 0; length + spare < bytes.size(); ++length)
      EXPECT_THROW(decode(bytes.substr(0, length)), InputError) << length << " of " << bytes.size();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ 1 << i % 8);
      message_of<InputError>([&] { decode(flipped); });
    }
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  }

  // Not base/files.h, which waits for the disk each time.
  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }

  TempFolder folder_;
  std::filesystem::path path_ = folder_ / "picture";
};

}  // namespace inlay::testing
