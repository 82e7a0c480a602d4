// GIF by giflib: the first picture of a file.
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/fail.h"
#include "image/format.h"

namespace inlay {
namespace {

int read_bytes(GifFileType* file, GifByteType* to, int count) {
  auto& left = *static_cast<std::string_view*>(file->UserData);
  const std::size_t copied = left.copy(reinterpret_cast<char*>(to), static_cast<std::size_t>(count));
  left.remove_prefix(copied);
  return static_cast<int>(copied);
}

class Gif {
 public:
  explicit Gif(std::string_view bytes) : left_(bytes) {
    int error = 0;
    file_ = DGifOpen(&left_, read_bytes, &error);
    if (file_ == nullptr) fail_code(error);
  }
  ~Gif() {
    int error = 0;
    DGifCloseFile(file_, &error);
  }
  Gif(const Gif&) = delete;
  Gif& operator=(const Gif&) = delete;

  GifFileType& operator*() const { return *file_; }
  void require(int result) const {
    if (result != GIF_OK) fail_code(file_->Error);
  }

 private:
  [[noreturn]] static void fail_code(int error) {
    const char* reason = GifErrorString(error);
    fail_input("the GIF is damaged ({})", reason == nullptr ? "it ends too early" : reason);
  }

  std::string_view left_;
  GifFileType* file_ = nullptr;
};

// Up to the first picture's description.
void find_picture(const Gif& gif) {
  while (true) {
    GifRecordType kind = UNDEFINED_RECORD_TYPE;
    gif.require(DGifGetRecordType(&*gif, &kind));
    if (kind == IMAGE_DESC_RECORD_TYPE) return gif.require(DGifGetImageDesc(&*gif));
    if (kind == TERMINATE_RECORD_TYPE) fail_input("the GIF holds no picture");
    int code = 0;
    GifByteType* block = nullptr;
    gif.require(DGifGetExtension(&*gif, &code, &block));
    while (block != nullptr) gif.require(DGifGetExtensionNext(&*gif, &block));
  }
}

// Rows as they are stored: one after the other, or in the four passes of interlacing.
std::vector<int> row_order(int height, bool interlaced) {
  constexpr std::array<std::array<int, 2>, 4> kPasses{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  std::vector<int> rows;
  if (!interlaced)
    for (int y = 0; y < height; ++y) rows.push_back(y);
  else
    for (const auto& [first, step] : kPasses)
      for (int y = first; y < height; y += step) rows.push_back(y);
  return rows;
}

// Grey values are what a mask with a palette of greys holds.
bool is_grey_ramp(const std::vector<Color>& palette) {
  for (std::size_t i = 0; i < palette.size(); ++i)
    if (std::ranges::any_of(palette[i], [i](std::uint8_t v) { return v != i; })) return false;
  return palette.size() == 256;
}

Decoded decode_gif(std::string_view bytes) {
  const Gif gif(bytes);
  check_size((*gif).SHeight, (*gif).SWidth);
  find_picture(gif);
  const GifImageDesc& place = (*gif).Image;
  if (place.Left < 0 || place.Top < 0 || place.Height < 1 || place.Width < 1 ||
      place.Left + place.Width > (*gif).SWidth || place.Top + place.Height > (*gif).SHeight)
    fail_input("the GIF is damaged (its picture of {}x{} pixels is not within {}x{})", place.Height, place.Width,
               (*gif).SHeight, (*gif).SWidth);
  const ColorMapObject* colors = place.ColorMap != nullptr ? place.ColorMap : (*gif).SColorMap;
  if (colors == nullptr) fail_input("the GIF is damaged (it has no palette)");
  Decoded out{.values = Tensor(DType::u8, {(*gif).SHeight, (*gif).SWidth, 1})};
  auto pixels = out.values.data<std::uint8_t>();
  std::ranges::fill(pixels, static_cast<std::uint8_t>((*gif).SBackGroundColor));
  for (int y : row_order(place.Height, place.Interlace))
    gif.require(DGifGetLine(&*gif, pixels.data() + (place.Top + y) * (*gif).SWidth + place.Left, place.Width));
  for (int i = 0; i < colors->ColorCount; ++i)
    out.palette.push_back({colors->Colors[i].Red, colors->Colors[i].Green, colors->Colors[i].Blue});
  if (is_grey_ramp(out.palette)) out.palette.clear();
  return out;
}

bool is_gif(std::string_view bytes) { return bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a"); }

}  // namespace

const Format kGif{"GIF", {".gif"}, is_gif, decode_gif, nullptr};

}  // namespace inlay
