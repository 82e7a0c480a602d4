#include <gtest/gtest.h>

#include <fstream>

#include "inlay/workflow.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

/// DATA/images and DATA/masks: no images of their own for validation.
void write_flat_set(const std::filesystem::path& data) {
  for (const char* name : {"a.png", "b.png", "c.png", "d.png", "e.png"}) {
    write_image(data / "images" / name, Image{Tensor(DType::u8, {8, 8, 1})});
    Mask mask{Tensor(DType::u8, {8, 8})};
    mask.labels.data<std::uint8_t>()[5] = 1;
    write_mask(data / "masks" / name, mask);
  }
}

TEST(EvaluateRun, ValidationImagesAreThoseOfTheModelsRun) {
  const TempFolder folder;
  write_flat_set(folder / "data");
  workflow::convert({"unet", {{"width", "2"}, {"depth", "1"}}, 1, 2, 0}, folder / "run/net.onnx");
  workflow::EvaluateRequest request{.model = folder / "run/net.onnx", .data = folder / "data"};
  request.threads = 1;
  EXPECT_EQ(workflow::evaluate(request).images, 1) << "a fifth, where nobody says more";
  std::ofstream(folder / "run/config.toml") << "val-last = 3\n";
  const Evaluation evaluation = workflow::evaluate(request);
  ASSERT_EQ(evaluation.images, 3);
  EXPECT_EQ(evaluation.per_image[0].name, "c");
  request.val_last = 2;
  EXPECT_EQ(workflow::evaluate(request).images, 2) << "the caller wins";
  request.val_last = 0;
  request.val_fraction = 0.8;
  EXPECT_EQ(workflow::evaluate(request).images, 4);
  std::int64_t last = 0;
  request.progress = [&](std::int64_t done, std::int64_t) { last = done; };
  request.split = Split::all;
  EXPECT_EQ(workflow::evaluate(request).images, 5);
  EXPECT_EQ(last, 5);
  request.val_last.reset();
  std::ofstream(folder / "run/config.toml") << "val-last = 9\n";
  EXPECT_EQ(workflow::evaluate(request).images, 5) << "all images need no draw";
}

}  // namespace
}  // namespace inlay::testing
