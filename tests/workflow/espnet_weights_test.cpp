// The weights that ESPNet's authors published for CamVid, where they are on this machine, give their numbers.
#include <gmock/gmock.h>

#include "inlay/weights.h"
#include "support/npy.h"

namespace inlay::testing {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(INLAY_SHARED) / "weights/espnet_camvid";

TEST(EspnetWeights, GiveTheAuthorsLogits) {
  if (!std::filesystem::exists(kFolder)) GTEST_SKIP() << kFolder << " is not on this machine";
  const workflow::ImportedWeights imported =
      workflow::import_weights({.weights = kFolder / "model.safetensors", .net = {.name = "espnet", .classes = 12}});
  EXPECT_THAT(imported.maps, ::testing::ElementsAre("espnet"));
  EXPECT_EQ(imported.model.info.channel_order, ChannelOrder::bgr);
  EXPECT_TRUE(imported.dropped.empty());
  EXPECT_TRUE(imported.fresh.empty());
  for (int k = 0; k < 2; ++k) {
    const Tensor input = read_npy(kFolder / fmt::format("input_{}.npy", k));
    const Tensor expected = read_npy(kFolder / fmt::format("output_{}.npy", k));
    Program program(instantiate(imported.model.graph, {{"image", input.shape()}}), imported.model.tensors);
    std::ranges::copy(input.data<float>(), program.input("image").data<float>().begin());
    program.run();
    const Tensor logits = program.output("logits");
    ASSERT_EQ(logits.shape(), expected.shape());
    double worst = 0;
    for (std::int64_t i = 0; i < expected.elements(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      worst = std::max(worst, std::abs(static_cast<double>(logits.data<float>()[at]) -
                                       static_cast<double>(expected.data<float>()[at])));
    }
    EXPECT_LT(worst, 1e-3) << "pair " << k;
    RecordProperty(fmt::format("worst_{}", k), fmt::format("{:.1e}", worst));
  }
}

}  // namespace
}  // namespace inlay::testing
