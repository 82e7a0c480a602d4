// Films and cameras, frame by frame.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "inlay/image.h"

namespace inlay {

/// "camera:0", or a path that ends as films do (.mp4, .avi, .mkv, .mov, .webm, .mpg, ...).
bool names_video(const std::string& name);

struct VideoFacts {
  std::int64_t height = 0, width = 0;
  double frames_per_second = 0;  // 25 where the source does not say
  std::int64_t frames = 0;       // 0: not known, as of a camera
};

class VideoReader {
 public:
  virtual ~VideoReader() = default;
  virtual const VideoFacts& facts() const = 0;
  /// RGB of 8 bits; nothing behind the last frame.
  virtual std::optional<Image> next() = 0;
};

/// The file appears, whole, when it is closed.
class VideoWriter {
 public:
  virtual ~VideoWriter() = default;
  /// RGB of 8 bits and the size that was announced.
  virtual void write(const Image& frame) = 0;
  virtual void close() = 0;
};

/// By OpenCV, which is in a module of its own (libinlay_video.so) that is loaded when it is first needed: InputError
/// that names the Debian package when it cannot be. Throws InputError for a film or camera that cannot be opened.
std::unique_ptr<VideoReader> open_video(const std::string& name);
/// MPEG-4 in MP4. Throws Error when it cannot be written.
std::unique_ptr<VideoWriter> create_video(const std::filesystem::path& path, const VideoFacts& facts);

}  // namespace inlay
