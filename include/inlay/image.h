// Pictures and label masks, and how they get from and to files.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "inlay/tensor.h"

namespace inlay {

/// A picture of any size >= 1x1 and 1 to N channels, channels in the order R, G, B where there are three.
struct Image {
  Tensor pixels;  // (H, W, C): u8 in 0..255, or f32 in 0..1 (from 16-bit and floating-point files)

  std::int64_t height() const { return pixels.shape()[0]; }
  std::int64_t width() const { return pixels.shape()[1]; }
  std::int64_t channels() const { return pixels.shape()[2]; }
};

/// The label of the pixels that count in no loss and no score.
inline constexpr std::uint8_t kIgnore = 255;

/// One class index per pixel.
struct Mask {
  Tensor labels;  // (H, W) u8: class index 0..254, or kIgnore

  std::int64_t height() const { return labels.shape()[0]; }
  std::int64_t width() const { return labels.shape()[1]; }
};

using Color = std::array<std::uint8_t, 3>;  // R, G, B

/// PNG, JPEG, TIFF, BMP, PNM, WebP: whatever OpenCV decodes. Grey stays one channel, an alpha channel is dropped, EXIF
/// orientation is applied. Throws InputError that names the file.
Image read_image(const std::filesystem::path& path);

/// By the extension of `path`; PNG where in doubt. One or three channels. Throws Error when the file cannot be written.
void write_image(const std::filesystem::path& path, const Image& image);

/// An index PNG: pixel value = class index, with `palette` (entry i colours class i; the rest follow the PASCAL VOC palette).
void write_mask(const std::filesystem::path& path, const Mask& mask, const std::vector<Color>& palette = {});

/// The PASCAL VOC colour of class `index`: the bits of the index dealt out to R, G and B from the top (VOC devkit, VOClabelcolormap.m).
Color voc_color(int index);

}  // namespace inlay
