// TIFF by libtiff: any picture of a file, in strips or tiles (TIFF 6.0).
#include "image/formats/tiff.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "base/fail.h"
#include "image/formats/tiff_file.h"
#include "image/orientation.h"

namespace inlay {
namespace {

struct Reader {
  TiffFile file;
  std::int64_t height, width;
  int photometric, format, bits, samples;  // samples: of a pixel, with alpha
  bool separate;                           // one plane after the other
  Decoded out;

  Reader(std::string_view bytes, std::int64_t page)
      : file(bytes, page),
        height(file.tag<std::uint32_t>(TIFFTAG_IMAGELENGTH)),
        width(file.tag<std::uint32_t>(TIFFTAG_IMAGEWIDTH)),
        photometric(file.tag<std::uint16_t>(TIFFTAG_PHOTOMETRIC)),
        format(file.tag<std::uint16_t>(TIFFTAG_SAMPLEFORMAT)),
        bits(file.tag<std::uint16_t>(TIFFTAG_BITSPERSAMPLE)),
        samples(file.tag<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL)),
        separate(file.tag<std::uint16_t>(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE) {}
};

void check_values(const Reader& reader) {
  const int bits = reader.bits;
  const bool palette = reader.photometric == PHOTOMETRIC_PALETTE;
  if (reader.format == SAMPLEFORMAT_UINT && ((bits >= 1 && bits <= 16) || (bits == 32 && !palette))) return;
  if (reader.format == SAMPLEFORMAT_INT && (bits == 8 || bits == 16 || bits == 32) && !palette) return;
  if (reader.format == SAMPLEFORMAT_IEEEFP && (bits == 32 || bits == 64) && !palette) return;
  fail_input(
      "the picture's values are {}{} of {} bits; expected whole numbers of 8, 16 or 32 bits, or floating point of 32 "
      "or 64",
      palette ? "indices into a palette, " : "",
      reader.format == SAMPLEFORMAT_INT      ? "signed integers"
      : reader.format == SAMPLEFORMAT_UINT   ? "integers without sign"
      : reader.format == SAMPLEFORMAT_IEEEFP ? "floating point"
                                             : "numbers of another kind",
      bits);
}

// Of numbers that have a sign or 32 bits, which are kept as they are.
bool means_itself(const Reader& reader) { return reader.format != SAMPLEFORMAT_UINT || reader.bits > 16; }

void keep_palette(Reader& reader) {
  std::uint16_t *red = nullptr, *green = nullptr, *blue = nullptr;
  if (TIFFGetField(reader.file.tiff(), TIFFTAG_COLORMAP, &red, &green, &blue) != 1) reader.file.fail_damaged();
  for (std::size_t i = 0; i < std::size_t{1} << reader.bits; ++i)
    reader.out.palette.push_back({static_cast<std::uint8_t>(red[i] >> 8), static_cast<std::uint8_t>(green[i] >> 8),
                                  static_cast<std::uint8_t>(blue[i] >> 8)});
}

// Value `i` of a row: native byte order at 16 bits, else packed from the top bit down.
std::uint32_t integer_at(const std::uint8_t* row, std::size_t i, int bits) {
  if (bits == 8) return row[i];
  std::uint32_t value = 0;
  if (bits == 16) {
    std::uint16_t native = 0;
    std::memcpy(&native, row + 2 * i, 2);
    return native;
  }
  const std::size_t first = i * static_cast<std::size_t>(bits);
  for (std::size_t bit = first; bit < first + static_cast<std::size_t>(bits); ++bit)
    value = value << 1 | (row[bit / 8] >> (7 - bit % 8) & 1u);
  return value;
}

template <class T>
float number_at(const std::uint8_t* row, std::size_t i) {
  T value{};
  std::memcpy(&value, row + sizeof(T) * i, sizeof(T));
  return static_cast<float>(value);
}

float float_at(const std::uint8_t* row, std::size_t i, int bits) {
  return bits == 32 ? number_at<float>(row, i) : number_at<double>(row, i);
}

float signed_at(const std::uint8_t* row, std::size_t i, int bits) {
  return bits == 8    ? number_at<std::int8_t>(row, i)
         : bits == 16 ? number_at<std::int16_t>(row, i)
                      : number_at<std::int32_t>(row, i);
}

float unsigned_at(const std::uint8_t* row, std::size_t i, int) { return number_at<std::uint32_t>(row, i); }

// A piece of row `y` from column `x` on, as libtiff gives it; `plane` counts where planes are separate.
struct Piece {
  const std::uint8_t* row;
  std::int64_t y, x, count;
  int plane;
};

template <class To, class At>
void put(Reader& reader, const Piece& piece, At at) {
  const auto channels = static_cast<std::size_t>(reader.out.values.shape()[2]);
  To* to = reader.out.values.data<To>().data() + static_cast<std::size_t>(piece.y * reader.width + piece.x) * channels;
  const auto stride = static_cast<std::size_t>(reader.samples);
  for (std::size_t i = 0; i < static_cast<std::size_t>(piece.count); ++i, to += channels)
    if (reader.separate)
      to[piece.plane] = static_cast<To>(at(piece.row, i, reader.bits));
    else
      for (std::size_t c = 0; c < channels; ++c) to[c] = static_cast<To>(at(piece.row, i * stride + c, reader.bits));
}

void put(Reader& reader, const Piece& piece) {
  switch (reader.out.values.type()) {
    case DType::u8:
      return put<std::uint8_t>(reader, piece, integer_at);
    case DType::i32:
      return put<std::int32_t>(reader, piece, integer_at);
    case DType::f32:
      return put<float>(reader, piece,
                        reader.format == SAMPLEFORMAT_IEEEFP ? float_at
                        : reader.format == SAMPLEFORMAT_INT  ? signed_at
                                                             : unsigned_at);
  }
}

std::unique_ptr<std::uint8_t[]> room(std::uint64_t bytes) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 31;
  if (bytes == 0 || bytes > kMost) fail_input("the TIFF is damaged (it claims rows or tiles of {} bytes)", bytes);
  return std::make_unique_for_overwrite<std::uint8_t[]>(bytes);
}

void read_strips(Reader& reader, int plane) {
  const auto row = room(TIFFScanlineSize64(reader.file.tiff()));
  for (std::int64_t y = 0; y < reader.height; ++y) {
    if (TIFFReadScanline(reader.file.tiff(), row.get(), static_cast<std::uint32_t>(y),
                         static_cast<std::uint16_t>(plane)) != 1)
      reader.file.fail_damaged();
    put(reader, {row.get(), y, 0, reader.width, plane});
  }
}

void read_tiles(Reader& reader, int plane) {
  TIFF* tiff = reader.file.tiff();
  const std::int64_t height = reader.file.tag<std::uint32_t>(TIFFTAG_TILELENGTH),
                     width = reader.file.tag<std::uint32_t>(TIFFTAG_TILEWIDTH);
  const auto size = static_cast<tmsize_t>(TIFFTileSize64(tiff));
  const auto tile = room(static_cast<std::uint64_t>(size));
  const auto stride = static_cast<std::size_t>(TIFFTileRowSize64(tiff));
  for (std::int64_t y = 0; y < reader.height; y += height)
    for (std::int64_t x = 0; x < reader.width; x += width) {
      const std::uint32_t index = TIFFComputeTile(tiff, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), 0,
                                                  static_cast<std::uint16_t>(plane));
      if (TIFFReadEncodedTile(tiff, index, tile.get(), size) != size) reader.file.fail_damaged();
      for (std::int64_t i = 0; i < std::min(height, reader.height - y); ++i)
        put(reader,
            {tile.get() + static_cast<std::size_t>(i) * stride, y + i, x, std::min(width, reader.width - x), plane});
    }
}

// Grey, RGB and palettes.
void read_values(Reader& reader) {
  const int channels = tiff_channels(reader.file);
  const DType type = means_itself(reader) ? DType::f32 : reader.bits > 8 ? DType::i32 : DType::u8;
  if (type != DType::f32) reader.out.white = (1 << reader.bits) - 1;
  if (reader.photometric == PHOTOMETRIC_PALETTE) keep_palette(reader);
  reader.out.values = Tensor(type, {reader.height, reader.width, channels});
  for (int plane = 0; plane < (reader.separate ? channels : 1); ++plane)
    if (TIFFIsTiled(reader.file.tiff()) != 0)
      read_tiles(reader, plane);
    else
      read_strips(reader, plane);
}

template <class T>
void invert(Tensor& values, std::int32_t white) {
  for (T& value : values.data<T>()) value = static_cast<T>(white - value);
}

// CMYK, YCbCr, Lab and what else libtiff turns into RGB of 8 bits.
void read_by_conversion(Reader& reader) {
  const auto pixels = static_cast<std::size_t>(reader.height * reader.width);
  const auto raster = std::make_unique_for_overwrite<std::uint32_t[]>(pixels);
  if (TIFFReadRGBAImageOriented(reader.file.tiff(), static_cast<std::uint32_t>(reader.width),
                                static_cast<std::uint32_t>(reader.height), raster.get(),
                                reader.file.tag<std::uint16_t>(TIFFTAG_ORIENTATION), 1) != 1)
    reader.file.fail_damaged();
  reader.out.values = Tensor(DType::u8, {reader.height, reader.width, 3});
  auto to = reader.out.values.data<std::uint8_t>().begin();
  for (std::size_t i = 0; i < pixels; ++i) {
    *to++ = static_cast<std::uint8_t>(TIFFGetR(raster[i]));
    *to++ = static_cast<std::uint8_t>(TIFFGetG(raster[i]));
    *to++ = static_cast<std::uint8_t>(TIFFGetB(raster[i]));
  }
}

// YCbCr within JPEG, the usual case, comes as RGB on request.
void ask_for_rgb(Reader& reader) {
  if (reader.photometric != PHOTOMETRIC_YCBCR || reader.separate ||
      reader.file.tag<std::uint16_t>(TIFFTAG_COMPRESSION) != COMPRESSION_JPEG)
    return;
  TIFFSetField(reader.file.tiff(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  reader.photometric = PHOTOMETRIC_RGB;
}

bool is_tiff(std::string_view bytes) {
  using namespace std::string_view_literals;
  return bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv) || bytes.starts_with("II+\0"sv) ||
         bytes.starts_with("MM\0+"sv);
}

Decoded decode_first(std::string_view bytes) { return decode_tiff(bytes, 0); }

// How a picture is stored: as bytes, as 16 bits, or, where these would cut values off, as they are.
struct Stored {
  int bits = 8;
  std::vector<std::uint16_t> samples;
  const std::byte* bytes = nullptr;

  explicit Stored(const Image& image) : bytes(image.pixels.raw()) {
    if (image.pixels.type() == DType::u8) return;
    bits = 32;
    if (!std::ranges::all_of(image.pixels.data<float>(), [](float v) { return v >= 0.0f && v <= 1.0f; })) return;
    bits = 16;
    samples = sixteen_bits(image.pixels);
    bytes = reinterpret_cast<const std::byte*>(samples.data());
  }
};

std::string encode_tiff(const Image& image) {
  const Stored stored(image);
  const std::size_t stride = static_cast<std::size_t>(image.width() * image.channels() * stored.bits / 8);
  TiffFile file;
  TIFF* tiff = file.tiff();
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(image.width()));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(image.height()));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, stored.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, stored.bits == 32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, static_cast<int>(image.channels()));
  const bool color = image.channels() == 3;
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, color ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK);
  const std::vector<std::uint16_t> others(color ? 0 : static_cast<std::size_t>(image.channels() - 1),
                                          EXTRASAMPLE_UNSPECIFIED);
  if (!others.empty()) TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(others.size()), others.data());
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
  TIFFSetField(tiff, TIFFTAG_PREDICTOR, stored.bits == 32 ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize(tiff, 0));
  std::vector<std::byte> row(stride);  // the predictor works in place
  for (std::int64_t y = 0; y < image.height(); ++y) {
    std::memcpy(row.data(), stored.bytes + static_cast<std::size_t>(y) * stride, stride);
    TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0);
  }
  return file.close();
}

}  // namespace

Decoded decode_tiff(std::string_view bytes, std::int64_t page) {
  Reader reader(bytes, page);
  check_size(reader.height, reader.width);
  check_values(reader);
  ask_for_rgb(reader);
  switch (reader.photometric) {
    case PHOTOMETRIC_MINISBLACK:
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_RGB:
    case PHOTOMETRIC_PALETTE:
      read_values(reader);
      break;
    default:
      read_by_conversion(reader);
  }
  Tensor& values = reader.out.values;
  if (reader.photometric == PHOTOMETRIC_MINISWHITE && values.type() == DType::u8)
    invert<std::uint8_t>(values, reader.out.white);
  if (reader.photometric == PHOTOMETRIC_MINISWHITE && values.type() == DType::i32)
    invert<std::int32_t>(values, reader.out.white);
  values = oriented(values, reader.file.tag<std::uint16_t>(TIFFTAG_ORIENTATION));
  return std::move(reader.out);
}

// Files do not always declare alpha: a second channel beside grey and a fourth beside colour are alpha when nothing is
// said about them.
int tiff_channels(const TiffFile& file) {
  constexpr int kMost = 1024;
  const int samples = file.tag<std::uint16_t>(TIFFTAG_SAMPLESPERPIXEL),
            photometric = file.tag<std::uint16_t>(TIFFTAG_PHOTOMETRIC);
  if (samples < 1 || samples > kMost)
    fail_input("a TIFF of {} channels cannot be read; expected 1 to {}", samples, kMost);
  if (photometric == PHOTOMETRIC_PALETTE && samples > 2)
    fail_input("the TIFF is damaged (it has a palette and {} channels)", samples);
  if (photometric == PHOTOMETRIC_PALETTE) return 1;
  const int shown = photometric == PHOTOMETRIC_RGB ? 3 : 1;
  if (samples < shown) fail_input("the TIFF is damaged (it has colour and {} channels)", samples);
  std::uint16_t count = 0, *kinds = nullptr;
  if (TIFFGetField(file.tiff(), TIFFTAG_EXTRASAMPLES, &count, &kinds) != 1 || count == 0)
    return samples == shown + 1 ? shown : samples;
  const bool alpha = kinds[0] != EXTRASAMPLE_UNSPECIFIED;
  return alpha && samples == shown + 1 ? shown : samples;
}

std::int64_t count_tiff_pages(std::string_view bytes) { return is_tiff(bytes) ? TiffFile(bytes).pages() : 1; }

const Format kTiff{"TIFF", {".tif", ".tiff"}, is_tiff, decode_first, encode_tiff};

}  // namespace inlay
