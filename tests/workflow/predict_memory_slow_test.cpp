// The memory that predict says it takes is what the process takes, whatever the picture's height.
#include <gtest/gtest.h>

#include <fstream>

#include "inlay/workflow.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

/// The most memory that the process has had since forget_peak(), in bytes.
std::int64_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "VmHWM:") {
      std::int64_t kilobytes = 0;
      status >> kilobytes;
      return 1024 * kilobytes;
    }
  return 0;
}

void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

std::int64_t peak_of(const testing::TempFolder& folder, std::int64_t height, std::int64_t memory, bool probabilities) {
  const std::filesystem::path picture = folder / (std::to_string(height) + ".png");
  const auto writer = create_png(picture, {height, 2000, 3, DType::u8});
  Tensor rows(DType::u8, {100, 2000, 3});
  for (std::int64_t y = 0; y < height; y += 100) {
    for (std::size_t i = 0; i < rows.bytes(); ++i)
      rows.data<std::uint8_t>()[i] = static_cast<std::uint8_t>((i * 7 + static_cast<std::size_t>(y)) >> 4);
    writer->write(rows);
  }
  writer->close();
  workflow::PredictRequest request;
  request.models = {folder / "net.onnx"};
  request.inputs = {picture.string()};
  request.output = folder / "out";
  request.overlay = true;
  request.probabilities_tiff = probabilities;
  request.memory = memory;
  request.tune = false;
  forget_peak();
  const workflow::PredictResult result = workflow::predict(request);
  EXPECT_EQ(result.masks.size(), 1u);
  return peak_bytes();
}

TEST(PredictMemory, StaysBelowTheBoundAndDoesNotGrowWithTheHeight) {
  const testing::TempFolder folder;
  save_model(create_model("unet", {.out_channels = 3, .settings = {{"width", "4"}, {"depth", "2"}}, .seed = 1}),
             folder / "net.onnx");
  constexpr std::int64_t kBound = 200'000'000;
  const std::int64_t low = peak_of(folder, 1500, kBound, true), high = peak_of(folder, 6000, kBound, true);
  EXPECT_LT(low, kBound);
  EXPECT_LT(high, kBound);
  EXPECT_LT(high, low + 25'000'000) << "with 27 MB more of picture and 108 MB more of probabilities";
}

}  // namespace
}  // namespace inlay
