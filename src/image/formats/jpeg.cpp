// JPEG by libjpeg.
// clang-format off
#include <cstdio>  // jpeglib.h needs it, and jerror.h needs jpeglib.h
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <csetjmp>
#include <cstdlib>
#include <string>

#include "base/fail.h"
#include "image/format.h"
#include "image/formats/jpeg.h"
#include "image/orientation.h"

namespace inlay {
namespace {

// libjpeg calls these with the address of its own part, which is the first.
struct Errors {
  jpeg_error_mgr manager;
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void on_error(j_common_ptr codec) {
  auto& errors = *reinterpret_cast<Errors*>(codec->err);
  codec->err->format_message(codec, errors.message);
  std::longjmp(errors.jump, 1);
}

// Level -1 is a warning, more is chatter. Where pixels would be made up, a warning is an error.
void on_message(j_common_ptr codec, int level) {
  const int code = codec->err->msg_code;
  const bool harmless = code == JWRN_EXTRANEOUS_DATA || code == JWRN_TOO_MUCH_DATA || code == JWRN_ADOBE_XFORM ||
                        code == JWRN_JFIF_MAJOR || code == JWRN_BOGUS_PROGRESSION || code == JWRN_BOGUS_ICC;
  if (level < 0 && !harmless) on_error(codec);
}

jpeg_error_mgr* prepared(Errors& errors) {
  jpeg_std_error(&errors.manager);
  errors.manager.error_exit = on_error;
  errors.manager.emit_message = on_message;
  return &errors.manager;
}

// Everything with a destructor lives here: libjpeg leaves by longjmp.
struct Reader {
  jpeg_decompress_struct codec{};
  Errors errors{};
  Tensor values;
  std::vector<std::uint8_t> row;
  int orientation = 1;

  Reader() {
    codec.err = prepared(errors);
    jpeg_create_decompress(&codec);
  }
  ~Reader() { jpeg_destroy_decompress(&codec); }
};

void keep_orientation(Reader& reader) {
  constexpr std::string_view kExif("Exif\0\0", 6);
  for (auto* marker = reader.codec.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (data.starts_with(kExif)) reader.orientation = exif_orientation(data.substr(kExif.size()));
  }
}

void read_header(Reader& reader) {
  jpeg_decompress_struct& codec = reader.codec;
  jpeg_save_markers(&codec, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(&codec, TRUE);
  check_size(codec.image_height, codec.image_width);
  keep_orientation(reader);
  const int channels = codec.num_components;
  if (channels != 1 && channels != 3 && channels != 4)
    fail_input("a JPEG of {} channels cannot be read; expected 1 (grey), 3 (colour) or 4 (CMYK)", channels);
  codec.out_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  reader.values = Tensor(DType::u8, {codec.image_height, codec.image_width, channels == 1 ? 1 : 3});
  reader.row.resize(std::size_t{codec.image_width} * static_cast<std::size_t>(channels));
}

// Ink to light. Adobe's programs, which write nearly all of these files, store ink inverted.
void from_cmyk(const Reader& reader, std::uint8_t* rgb) {
  const bool inverted = reader.codec.saw_Adobe_marker;
  for (std::size_t i = 0; i < reader.row.size(); i += 4)
    for (std::size_t c = 0; c < 3; ++c) {
      const int ink = reader.row[i + c], black = reader.row[i + 3];
      const int light = inverted ? ink * black : (255 - ink) * (255 - black);
      *rgb++ = static_cast<std::uint8_t>((light + 127) / 255);
    }
}

bool read_all(Reader& reader, std::string_view bytes) {
  if (setjmp(reader.errors.jump) != 0) return false;
  jpeg_decompress_struct& codec = reader.codec;
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  read_header(reader);
  jpeg_start_decompress(&codec);
  std::uint8_t* to = reader.values.data<std::uint8_t>().data();
  while (codec.output_scanline < codec.output_height) {
    JSAMPROW row = codec.num_components == 4 ? reader.row.data() : to;
    jpeg_read_scanlines(&codec, &row, 1);
    if (codec.num_components == 4) from_cmyk(reader, to);
    to += std::size_t{codec.image_width} * static_cast<std::size_t>(reader.values.shape()[2]);
  }
  jpeg_finish_decompress(&codec);
  return true;
}

Decoded decode_jpeg(std::string_view bytes) {
  Reader reader;
  if (!read_all(reader, bytes)) fail_input("the JPEG is damaged ({})", reader.errors.message);
  return {.values = oriented(reader.values, reader.orientation)};
}

bool is_jpeg(std::string_view bytes) { return bytes.starts_with("\xff\xd8\xff"); }

struct Writer {
  jpeg_compress_struct codec{};
  Errors errors{};
  unsigned char* file = nullptr;
  unsigned long size = 0;

  Writer() {
    codec.err = prepared(errors);
    jpeg_create_compress(&codec);
  }
  ~Writer() {
    jpeg_destroy_compress(&codec);
    std::free(file);
  }
};

bool write_all(Writer& writer, const Image& image, int quality) {
  if (setjmp(writer.errors.jump) != 0) return false;
  jpeg_compress_struct& codec = writer.codec;
  jpeg_mem_dest(&codec, &writer.file, &writer.size);
  codec.image_height = static_cast<JDIMENSION>(image.height());
  codec.image_width = static_cast<JDIMENSION>(image.width());
  codec.input_components = static_cast<int>(image.channels());
  codec.in_color_space = image.channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  const std::uint8_t* from = image.pixels.data<std::uint8_t>().data();
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<JSAMPROW>(from);  // libjpeg only reads it
    jpeg_write_scanlines(&codec, &row, 1);
    from += image.width() * image.channels();
  }
  jpeg_finish_compress(&codec);
  return true;
}

std::string encode_well(const Image& image) {
  constexpr int kQuality = 95;
  return encode_jpeg(image, kQuality);
}

}  // namespace

std::string encode_jpeg(const Image& image, int quality) {
  Writer writer;
  const Image eight_bits = as_u8(image);
  if (!write_all(writer, eight_bits, quality))
    fail_input("a picture of {}x{} pixels cannot be encoded as JPEG ({})", image.height(), image.width(),
               writer.errors.message);
  return {reinterpret_cast<const char*>(writer.file), writer.size};
}

const Format kJpeg{"JPEG", {".jpg", ".jpeg"}, is_jpeg, decode_jpeg, encode_well};

}  // namespace inlay
