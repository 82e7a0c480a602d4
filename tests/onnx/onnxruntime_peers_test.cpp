// A U-Net that is written here gives the same logits in ONNX Runtime: every up-sampler, sizes and batches, a file that
// was read.
#include <fmt/format.h>
#include <unistd.h>

#include "models/unet.h"
#include "support/networks/onnxruntime.h"

namespace inlay::testing {
namespace {

namespace fs = std::filesystem;

Model network(std::string_view up, std::string_view batch_norm, std::int64_t classes = 3) {
  Model model = create_model("unet", {.out_channels = classes,
                                      .settings = {{"width", "8"},
                                                   {"depth", "3"},
                                                   {"up", std::string(up)},
                                                   {"batch_norm", std::string(batch_norm)},
                                                   {"dropout", "0.2"}},
                                      .seed = 5});
  unsettle(model);
  return model;
}

TEST_F(OnnxRuntime, AgreesForEveryUpSampler) {
  for (std::string_view up : enum_names(UpSampler{})) {
    add(fmt::format("{}_normalised", up), network(up, "on"), std::vector{Shape{1, 3, 64, 64}});
    add(fmt::format("{}_biased", up), network(up, "off"), std::vector{Shape{1, 3, 32, 48}});
  }
  expect_same();
}

TEST_F(OnnxRuntime, AgreesAtOtherSizesAndBatches) {
  for (const char* up : {"transposed", "bilinear", "unpool", "nails"})
    add(up, network(up, "on", 1), std::vector{Shape{2, 3, 40, 24}, Shape{3, 3, 8, 8}, Shape{1, 3, 8, 160}});
  expect_same();
}

TEST_F(OnnxRuntime, AgreesForALoadedFile) {
  const fs::path path = fs::path(::testing::TempDir()) / fmt::format("inlay_peers_{}.onnx", ::getpid());
  save_model(network("unpool", "on"), path);
  add("loaded", load_model(path), std::vector{Shape{1, 3, 32, 32}});
  fs::remove(path);
  expect_same();
}

}  // namespace
}  // namespace inlay::testing
