#include <algorithm>

#include "base/fail.h"
#include "base/files.h"
#include "image/formats.h"
#include "image/formats/png.h"

namespace inlay {

std::string encode_image(const Image& image, std::string_view extension) {
  const Format* format = format_of_extension(extension.empty() ? ".png" : extension);
  if (format == nullptr || format->encode == nullptr)
    fail_input("pictures cannot be written as '{}'; use .png, .jpg or .tif", extension);
  if (image.channels() != 1 && image.channels() != 3 && format != &kTiff)
    fail_input("a picture file has 1 or 3 channels, this picture has {}; only TIFF (.tif) holds more",
               image.channels());
  return format->encode(image);
}

void write_image(const std::filesystem::path& path, const Image& image) {
  write_file(path, encode_image(image, path.extension().string()));
}

void write_mask(const std::filesystem::path& path, const Mask& mask, const std::vector<Color>& palette) {
  write_file(path, encode_index_png(mask, palette));
}

}  // namespace inlay
