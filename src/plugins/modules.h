// What the modules offer to the program. A module is a shared library with one C function that returns its table; the
// program and its modules are of one build.
#pragma once

#include "inlay/geo.h"
#include "inlay/video.h"

namespace inlay {

/// libinlay_gdal.so: const GeoModule* inlay_geo_module().
struct GeoModule {
  std::unique_ptr<PictureReader> (*open)(const std::filesystem::path& path);
  std::unique_ptr<PictureWriter> (*create_mask)(const std::filesystem::path& path, const PictureFacts& picture,
                                                const std::vector<Color>& palette);
  std::unique_ptr<PictureWriter> (*create_floats)(const std::filesystem::path& path, const PictureFacts& picture,
                                                  std::int64_t channels);
};

/// libinlay_video.so: const VideoModule* inlay_video_module().
struct VideoModule {
  std::unique_ptr<VideoReader> (*open)(const std::string& name);
  std::unique_ptr<VideoWriter> (*create)(const std::filesystem::path& path, const VideoFacts& facts);
};

}  // namespace inlay
