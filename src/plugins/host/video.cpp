#include "inlay/video.h"

#include <algorithm>
#include <array>

#include "plugins/host/load_module.h"
#include "plugins/modules.h"

namespace inlay {
namespace {

const VideoModule& video() {
  static const void* module = load_module({"video", "inlay_video_module", "a film or camera", "libopencv-videoio406"});
  return *static_cast<const VideoModule*>(module);
}

}  // namespace

bool names_video(const std::string& name) {
  constexpr std::array<std::string_view, 10> kExtensions{".mp4", ".avi",  ".mkv", ".mov", ".webm",
                                                         ".mpg", ".mpeg", ".m4v", ".wmv", ".ogv"};
  if (name.starts_with("camera:")) return true;
  std::string extension = std::filesystem::path(name).extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

std::unique_ptr<VideoReader> open_video(const std::string& name) { return video().open(name); }

std::unique_ptr<VideoWriter> create_video(const std::filesystem::path& path, const VideoFacts& facts) {
  return video().create(path, facts);
}

}  // namespace inlay
