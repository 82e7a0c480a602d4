// Pictures and label masks, and how they get from and to files.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
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

/// PNG, JPEG, TIFF, BMP without compression, PNM, WebP, GIF; the file's first bytes say which. Grey stays one channel,
/// an alpha channel is dropped, palettes and CMYK become RGB, all other channels of a TIFF are kept, the EXIF
/// orientation of JPEG and the one of TIFF are applied. Values of up to 8 bits are spread over 0..255, those of 9 to 16
/// bits over 0..1; signed ones, those of 32 bits and floating point are kept. Of several pictures in a file, the first.
/// Throws InputError that names the file when it is missing, damaged, cut short, no picture, or holds a value that is
/// not finite, and for more than 2^20 pixels a side or 2^30 in all.
Image read_image(const std::filesystem::path& path);

/// True for the extensions that read_image() knows, upper or lower case.
bool has_image_extension(const std::filesystem::path& path);

/// The bytes of a file of the kind `extension` (".png", ".jpg", ...). One or three channels, any number in TIFF. An f32
/// picture is clamped to 0..1 and becomes 16 bits in PNG and TIFF, else 8; TIFF keeps values beyond 0..1 as they are,
/// in floating point. WebP is written without loss, JPEG at quality 95. Throws InputError for an extension that cannot
/// be written, and for sizes that the format cannot hold.
std::string encode_image(const Image& image, std::string_view extension);

/// By the extension of `path`; PNG when it has none. Written by base/files.h: whole or not at all. Throws Error when
/// the file cannot be written.
void write_image(const std::filesystem::path& path, const Image& image);

/// What a mask file holds before a class table gives it meaning.
struct RawMask {
  enum class Kind { indexed, grey, rgb };
  Tensor values;  // (H, W) i32: palette index, grey value, or 0xRRGGBB
  Kind kind = Kind::grey;
  int bits = 8;                // of one value or channel: 8 or 16; fewer bits count as 8
  std::vector<Color> palette;  // of an indexed file
};

/// Palette indices and grey values are kept as they are in the file, 1, 2 and 4 bits too. Errors as read_image().
RawMask read_raw_mask(const std::filesystem::path& path);

/// An index or grey file whose values are class indices, such as write_mask() makes. Throws InputError, with file,
/// pixel and value, for a value above 255, and for a colour picture.
Mask read_mask(const std::filesystem::path& path);

/// An index PNG: pixel value = class index, with `palette` (entry i colours class i; the rest follow the PASCAL VOC
/// palette).
void write_mask(const std::filesystem::path& path, const Mask& mask, const std::vector<Color>& palette = {});

/// The PASCAL VOC colour of class `index`: the bits of the index dealt out to R, G and B from the top (VOC devkit,
/// VOClabelcolormap.m).
Color voc_color(int index);

/// One channel to three by copying, three to one by luma (ITU-R BT.601: 0.299, 0.587, 0.114); as many as there are: the
/// same picture. Throws InputError for any other pair of counts.
Image with_channels(const Image& image, std::int64_t channels);

/// To 8 bits; f32 is clamped to 0..1 and multiplied by 255.
Image as_u8(const Image& image);

/// Index into 0..size-1 of position `i` when the line is reflected at its ends without repeating them: c b | a b c | b
/// a. Any i, any size >= 1.
std::int64_t reflect_index(std::int64_t i, std::int64_t size);

/// Grows to height x width to the bottom and the right by reflection (reflect_index); a side that is long enough
/// already is kept. crop(..., 0, 0, old height, old width) undoes it.
Image pad_reflect(const Image& image, std::int64_t height, std::int64_t width);
Mask pad_reflect(const Mask& mask, std::int64_t height, std::int64_t width);

/// The height x width window whose first pixel is (y, x). Throws InputError when it is not inside.
Image crop(const Image& image, std::int64_t y, std::int64_t x, std::int64_t height, std::int64_t width);
Mask crop(const Mask& mask, std::int64_t y, std::int64_t x, std::int64_t height, std::int64_t width);

/// Pictures: bilinear, after averaging over the area where it shrinks. Masks: nearest, pixel centres at half.
Image resize(const Image& image, std::int64_t height, std::int64_t width);
Mask resize(const Mask& mask, std::int64_t height, std::int64_t width);

/// The picture in RGB with each class's colour laid over it (share `alpha` of the colour) and the borders between
/// classes drawn in full colour. Ignored pixels, and classes whose colour is black, show the picture. Colours as in
/// write_mask(). Throws InputError when the sizes differ.
Image overlay(const Image& image, const Mask& mask, const std::vector<Color>& palette = {}, float alpha = 0.4f);

}  // namespace inlay
