// Pictures on the earth by GDAL's C interface (gdal.org/api/raster_c_api.html).
#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "base/fail.h"
#include "base/new_file.h"
#include "plugins/modules.h"

namespace inlay {
namespace {

constexpr std::int64_t kCacheBytes = 64 << 20;

void start() {
  static std::once_flag once;
  std::call_once(once, [] {
    CPLSetErrorHandler(CPLQuietErrorHandler);
    GDALSetCacheMax64(kCacheBytes);
    GDALAllRegister();
  });
}

struct CloseDataset {
  void operator()(void* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<void, CloseDataset>;

/// "EPSG:32633" as a name that GeoJSON's "crs" takes.
std::string authority_of(GDALDatasetH dataset) {
  OGRSpatialReferenceH system = GDALGetSpatialRef(dataset);
  if (system == nullptr) return "";
  const char *name = OSRGetAuthorityName(system, nullptr), *code = OSRGetAuthorityCode(system, nullptr);
  return name == nullptr || code == nullptr ? "" : fmt::format("urn:ogc:def:crs:{}::{}", name, code);
}

class GdalRows : public PictureReader {
 public:
  explicit GdalRows(const std::filesystem::path& path) : path_(path) {
    start();
    dataset_.reset(
        GDALOpenEx(path.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, nullptr, nullptr, nullptr));
    if (!dataset_) fail_here(CPLGetLastErrorMsg());
    if (GDALGetRasterCount(dataset_.get()) < 1) fail_here("it holds no picture");
    choose_bands();
    const GDALRasterBandH first = GDALGetRasterBand(dataset_.get(), 1);
    stored_ = GDALGetRasterDataType(first);
    if (stored_ != GDT_Byte && stored_ != GDT_UInt16 && stored_ != GDT_Float32 && stored_ != GDT_Float64)
      fail_here(fmt::format("its values are {}; expected 8 or 16 bits without sign, or floating point",
                            GDALGetDataTypeName(stored_)));
    facts_.height = GDALGetRasterYSize(dataset_.get());
    facts_.width = GDALGetRasterXSize(dataset_.get());
    if (GDALGetRasterColorInterpretation(first) == GCI_PaletteIndex) keep_palette(first);
    facts_.channels = palette_.empty() ? std::ssize(bands_) : 3;
    facts_.type = stored_ == GDT_Byte ? DType::u8 : DType::f32;
    facts_.held_bytes = kCacheBytes;
    GeoReference place;
    if (GDALGetGeoTransform(dataset_.get(), place.transform.data()) == CE_None) {
      place.projection = GDALGetProjectionRef(dataset_.get());
      place.authority = authority_of(dataset_.get());
      facts_.georeference = std::move(place);
    }
  }

  Tensor read(std::int64_t rows) override {
    rows = std::min(rows, facts_.height - next_);
    const auto channels = static_cast<std::int64_t>(bands_.size());
    const bool bytes = facts_.type == DType::u8;
    Tensor part(facts_.type, {rows, facts_.width, channels});
    const int value = bytes ? 1 : 4;
    const GSpacing pixel = static_cast<GSpacing>(channels) * value;
    if (GDALDatasetRasterIOEx(dataset_.get(), GF_Read, 0, static_cast<int>(next_), static_cast<int>(facts_.width),
                              static_cast<int>(rows), part.raw(), static_cast<int>(facts_.width),
                              static_cast<int>(rows), bytes ? GDT_Byte : GDT_Float32, static_cast<int>(channels),
                              bands_.data(), pixel, pixel * facts_.width, value, nullptr) != CE_None)
      fail_here(CPLGetLastErrorMsg());
    next_ += rows;
    if (!palette_.empty()) return coloured(part);
    if (!bytes) check_values(part);
    return part;
  }

 private:
  [[noreturn]] void fail_here(const std::string& reason) const {
    fail_input("cannot read '{}': {}", path_.string(), reason);
  }

  /// All but alpha.
  void choose_bands() {
    for (int band = 1; band <= GDALGetRasterCount(dataset_.get()); ++band)
      if (GDALGetRasterColorInterpretation(GDALGetRasterBand(dataset_.get(), band)) != GCI_AlphaBand)
        bands_.push_back(band);
    if (bands_.empty()) fail_here("it holds nothing but alpha");
  }

  void keep_palette(GDALRasterBandH band) {
    const GDALColorTableH table = GDALGetRasterColorTable(band);
    for (int i = 0; table != nullptr && i < GDALGetColorEntryCount(table); ++i) {
      const GDALColorEntry* entry = GDALGetColorEntry(table, i);
      palette_.push_back({static_cast<std::uint8_t>(entry->c1), static_cast<std::uint8_t>(entry->c2),
                          static_cast<std::uint8_t>(entry->c3)});
    }
    bands_.resize(1);
  }

  Tensor coloured(const Tensor& indices) const {
    Tensor out(DType::u8, {indices.shape()[0], indices.shape()[1], 3});
    auto to = out.data<std::uint8_t>().begin();
    for (const std::uint8_t index : indices.data<std::uint8_t>()) {
      if (index >= palette_.size())
        fail_here(fmt::format("it holds colour {}, and its palette has {}", index, palette_.size()));
      to = std::ranges::copy(palette_[index], to).out;
    }
    return out;
  }

  void check_values(Tensor& part) const {
    for (float& value : part.data<float>()) {
      if (stored_ == GDT_UInt16) value /= 65535.0f;
      if (!std::isfinite(value)) fail_here("the picture holds values that are not finite; replace them");
    }
  }

  std::filesystem::path path_;
  Dataset dataset_;
  GDALDataType stored_ = GDT_Byte;
  std::vector<int> bands_;
  std::vector<Color> palette_;
  std::int64_t next_ = 0;
};

/// GeoTIFF. Rows are (rows, W) or (bands, rows, W).
class GdalWriter : public PictureWriter {
 public:
  GdalWriter(const std::filesystem::path& path, const PictureFacts& picture, std::int64_t bands, GDALDataType type)
      : path_(path), file_(path), picture_(picture), type_(type) {
    start();
    const char* options[] = {"TILED=YES",
                             "COMPRESS=DEFLATE",
                             "BIGTIFF=IF_SAFER",
                             "INTERLEAVE=BAND",
                             type == GDT_Float32 ? "PREDICTOR=3" : nullptr,
                             nullptr};
    dataset_.reset(GDALCreate(GDALGetDriverByName("GTiff"), file_.temporary().c_str(), static_cast<int>(picture.width),
                              static_cast<int>(picture.height), static_cast<int>(bands), type,
                              const_cast<char**>(options)));
    if (!dataset_) fail_here();
    GeoReference place = *picture.georeference;
    if (GDALSetGeoTransform(dataset_.get(), place.transform.data()) != CE_None ||
        GDALSetProjection(dataset_.get(), place.projection.c_str()) != CE_None)
      fail_here();
  }

  void set_palette(const std::vector<Color>& palette) {
    const GDALColorTableH table = GDALCreateColorTable(GPI_RGB);
    for (int i = 0; i < 256; ++i) {
      const Color color = i < std::ssize(palette) ? palette[static_cast<std::size_t>(i)] : Color{};
      const GDALColorEntry entry{color[0], color[1], color[2], 255};
      GDALSetColorEntry(table, i, &entry);
    }
    GDALSetRasterColorTable(GDALGetRasterBand(dataset_.get(), 1), table);
    GDALDestroyColorTable(table);
  }

  void write(const Tensor& rows) override {
    const int bands = GDALGetRasterCount(dataset_.get());
    const std::int64_t count = rows.shape()[rows.shape().rank() - 2];
    const GSpacing value = type_ == GDT_Byte ? 1 : 4;
    if (GDALDatasetRasterIOEx(dataset_.get(), GF_Write, 0, static_cast<int>(next_), static_cast<int>(picture_.width),
                              static_cast<int>(count), const_cast<std::byte*>(rows.raw()),
                              static_cast<int>(picture_.width), static_cast<int>(count), type_, bands, nullptr, value,
                              value * picture_.width, value * picture_.width * count, nullptr) != CE_None)
      fail_here();
    next_ += count;
  }

  void close() override {
    CPLErrorReset();
    dataset_.reset();
    if (CPLGetLastErrorType() >= CE_Failure) fail_here();
    file_.commit();
  }

 private:
  [[noreturn]] void fail_here() const { fail("cannot write '{}': {}", path_.string(), CPLGetLastErrorMsg()); }

  std::filesystem::path path_;
  NewFile file_;
  PictureFacts picture_;
  GDALDataType type_;
  Dataset dataset_;
  std::int64_t next_ = 0;
};

std::unique_ptr<PictureReader> open_rows(const std::filesystem::path& path) { return std::make_unique<GdalRows>(path); }

std::unique_ptr<PictureWriter> create_mask(const std::filesystem::path& path, const PictureFacts& picture,
                                           const std::vector<Color>& palette) {
  auto writer = std::make_unique<GdalWriter>(path, picture, 1, GDT_Byte);
  writer->set_palette(palette);
  return writer;
}

std::unique_ptr<PictureWriter> create_floats(const std::filesystem::path& path, const PictureFacts& picture,
                                             std::int64_t channels) {
  return std::make_unique<GdalWriter>(path, picture, channels, GDT_Float32);
}

}  // namespace
}  // namespace inlay

extern "C" [[gnu::visibility("default")]] const inlay::GeoModule* inlay_geo_module() {
  static constexpr inlay::GeoModule kModule{inlay::open_rows, inlay::create_mask, inlay::create_floats};
  return &kModule;
}
