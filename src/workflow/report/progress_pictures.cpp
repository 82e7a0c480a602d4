#include "workflow/report/progress_pictures.h"

#include <bit>
#include <charconv>
#include <map>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/display.h"
#include "inlay/segment.h"
#include "workflow/report/sample_indices.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kImages = 3, kLargest = 160;

struct Side {
  std::int64_t height, width;
};

Side small_side(std::int64_t height, std::int64_t width) {
  const std::int64_t longest = std::max({height, width, kLargest});
  const auto shrunk = [&](std::int64_t side) { return std::max<std::int64_t>(1, side * kLargest / longest); };
  return {shrunk(height), shrunk(width)};
}

void write_small(const fs::path& path, const Mask& mask, const ClassTable& classes) {
  const Side side = small_side(mask.height(), mask.width());
  write_mask(path, resize(mask, side.height, side.width), classes.colors);
}

}  // namespace

ProgressPictures::ProgressPictures(const Dataset& dataset, Split split, fs::path run, const TrainConfig& config)
    : dataset_(dataset),
      split_(split),
      run_(std::move(run)),
      threads_(static_cast<int>(config.threads)),
      tune_(config.tune),
      indices_(sample_indices(dataset.size(split), kImages)) {}

void ProgressPictures::after_epoch(const EpochReport& report) {
  const auto epoch = static_cast<std::uint64_t>(report.epoch + 1);
  if (report.validated && std::has_single_bit(epoch)) write(report.epoch + 1);
}

void ProgressPictures::finish(std::int64_t epochs) {
  if (epochs > written_) write(epochs);
  for (std::size_t i = 0; i < indices_.size(); ++i) {
    const Sample sample = dataset_.read(split_, indices_[i]);
    const Side side = small_side(sample.image.height(), sample.image.width());
    write_small(run_ / "progress" / fmt::format("truth-{}.png", i), sample.mask, dataset_.classes());
    write_image(run_ / "progress" / fmt::format("image-{}.png", i),
                resize(displayed(sample.image), side.height, side.width));
  }
}

void ProgressPictures::write(std::int64_t epoch) {
  Segmenter segmenter(run_ / "last.onnx", {.threads = threads_, .tune = tune_});
  for (std::size_t i = 0; i < indices_.size(); ++i)
    write_small(run_ / "progress" / fmt::format("epoch-{}-{}.png", epoch, i),
                segmenter(dataset_.read_image(split_, indices_[i])), dataset_.classes());
  written_ = epoch;
}

std::vector<ReportFrame> read_progress(const fs::path& run) {
  std::vector<std::string> columns{"image", "truth"};
  std::map<std::int64_t, std::string> epochs;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(run / "progress", none)) {
    const std::string name = entry.path().filename().string();
    constexpr std::string_view kStart = "epoch-";
    std::int64_t epoch = 0;
    if (!name.starts_with(kStart)) continue;
    std::from_chars(name.data() + kStart.size(), name.data() + name.size(), epoch);
    epochs[epoch] = fmt::format("epoch-{}", epoch);
  }
  for (const auto& [epoch, stem] : epochs) columns.push_back(stem);
  std::vector<ReportFrame> frames;
  for (std::string& stem : columns) {
    ReportFrame frame;
    for (std::int64_t i = 0; i < kImages; ++i) {
      const fs::path path = run / "progress" / fmt::format("{}-{}.png", stem, i);
      if (fs::exists(path)) frame.pngs.push_back(read_file(path));
    }
    std::ranges::replace(stem, '-', ' ');
    frame.what = stem;
    if (!frame.pngs.empty()) frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace inlay::workflow
