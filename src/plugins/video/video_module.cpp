// Films and cameras by OpenCV's videoio.
#include <charconv>
#include <cstring>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "base/fail.h"
#include "plugins/modules.h"

namespace inlay {
namespace {

constexpr double kUsualRate = 25;

class OpenCvReader : public VideoReader {
 public:
  explicit OpenCvReader(const std::string& name) : name_(name) {
    constexpr std::string_view kCamera = "camera:";
    if (name.starts_with(kCamera)) {
      int number = -1;
      const char *from = name.data() + kCamera.size(), *end = name.data() + name.size();
      const auto [stop, error] = std::from_chars(from, end, number);
      if (error != std::errc{} || stop != end || number < 0)
        fail_input("'{}' is no camera; expected camera:0, camera:1, ...", name);
      capture_.open(number);
    } else {
      capture_.open(name);
    }
    if (!capture_.isOpened()) fail_input("cannot read '{}': it is no film or camera that OpenCV can open", name);
    facts_.height = static_cast<std::int64_t>(capture_.get(cv::CAP_PROP_FRAME_HEIGHT));
    facts_.width = static_cast<std::int64_t>(capture_.get(cv::CAP_PROP_FRAME_WIDTH));
    const double rate = capture_.get(cv::CAP_PROP_FPS), frames = capture_.get(cv::CAP_PROP_FRAME_COUNT);
    facts_.frames_per_second = rate > 0 && rate < 1000 ? rate : kUsualRate;
    facts_.frames = frames > 0 && frames < 1e9 ? static_cast<std::int64_t>(frames) : 0;
  }

  const VideoFacts& facts() const override { return facts_; }

  std::optional<Image> next() override {
    cv::Mat frame, colours;
    if (!capture_.read(frame) || frame.empty()) return std::nullopt;
    cv::cvtColor(frame, colours, frame.channels() == 1 ? cv::COLOR_GRAY2RGB : cv::COLOR_BGR2RGB);
    Image image{Tensor(DType::u8, {colours.rows, colours.cols, 3})};
    const std::size_t row = static_cast<std::size_t>(colours.cols) * 3;
    for (int y = 0; y < colours.rows; ++y)
      std::memcpy(image.pixels.raw() + static_cast<std::size_t>(y) * row, colours.ptr(y), row);
    return image;
  }

 private:
  std::string name_;
  cv::VideoCapture capture_;
  VideoFacts facts_;
};

class OpenCvWriter : public VideoWriter {
 public:
  OpenCvWriter(const std::filesystem::path& path, const VideoFacts& facts)
      : path_(path), temporary_(path.string() + ".part" + path.extension().string()) {
    std::filesystem::create_directories(path.parent_path().empty() ? "." : path.parent_path());
    size_ = {static_cast<int>(facts.width), static_cast<int>(facts.height)};
    if (!writer_.open(temporary_.string(), cv::VideoWriter::fourcc('m', 'p', '4', 'v'), facts.frames_per_second, size_))
      fail("cannot write '{}': OpenCV cannot make an MP4 film of {}x{} pixels", path.string(), facts.height,
           facts.width);
  }
  ~OpenCvWriter() override {
    writer_.release();
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
  }
  OpenCvWriter(const OpenCvWriter&) = delete;
  OpenCvWriter& operator=(const OpenCvWriter&) = delete;

  void write(const Image& frame) override {
    if (frame.height() != size_.height || frame.width() != size_.width)
      fail_input("a frame has {}x{} pixels, and the film {}x{}", frame.height(), frame.width(), size_.height,
                 size_.width);
    const cv::Mat rgb(size_, CV_8UC3, const_cast<std::byte*>(frame.pixels.raw()));
    cv::Mat bgr;
    cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
    writer_.write(bgr);
  }

  void close() override {
    writer_.release();
    std::error_code code;
    std::filesystem::rename(temporary_, path_, code);
    if (code) fail("cannot write '{}': {}", path_.string(), code.message());
  }

 private:
  std::filesystem::path path_, temporary_;
  cv::VideoWriter writer_;
  cv::Size size_;
};

std::unique_ptr<VideoReader> open_film(const std::string& name) { return std::make_unique<OpenCvReader>(name); }

std::unique_ptr<VideoWriter> create_film(const std::filesystem::path& path, const VideoFacts& facts) {
  return std::make_unique<OpenCvWriter>(path, facts);
}

}  // namespace
}  // namespace inlay

extern "C" [[gnu::visibility("default")]] const inlay::VideoModule* inlay_video_module() {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);  // it would print
  static constexpr inlay::VideoModule kModule{inlay::open_film, inlay::create_film};
  return &kModule;
}
