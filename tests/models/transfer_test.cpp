#include "inlay/transfer.h"

#include <gmock/gmock.h>

#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

Model model_of(const std::map<std::string, Tensor>& tensors, std::int64_t channels = 3) {
  Model model;
  model.info.architecture = "made_up";
  model.graph.input("image", {DType::f32, {1, channels, 4, 4}});
  model.info.mean.assign(static_cast<std::size_t>(channels), 0.5);
  model.info.stddev.assign(static_cast<std::size_t>(channels), 0.25);
  model.tensors = tensors;
  return model;
}

TEST(CopyWeights, TakesWhatAgreesInNameAndShape) {
  Model source = model_of({{"a/weight", Tensor::filled({2, 3}, 1)},
                           {"b/weight", Tensor::filled({4}, 2)},
                           {"c/weight", Tensor::filled({5}, 3)}});
  source.info.channel_order = ChannelOrder::bgr;
  Model target = model_of({{"a/weight", Tensor::filled({2, 3}, 7)},
                           {"b/weight", Tensor::filled({3}, 8)},
                           {"d/weight", Tensor::filled({5}, 9)}});
  target.info.mean = {0, 0, 0};
  const Transfer transfer = copy_weights(source, target);
  EXPECT_THAT(transfer.copied, ElementsAre("a/weight"));
  EXPECT_THAT(transfer.fresh, ElementsAre("d/weight"));
  EXPECT_THAT(transfer.reshaped, ElementsAre("b/weight (4 there, 3 here)"));
  EXPECT_THAT(transfer.unused, ElementsAre("c/weight"));
  EXPECT_THAT(target.tensors.at("a/weight").data<float>(), ::testing::Each(1.0f));
  EXPECT_THAT(target.tensors.at("b/weight").data<float>(), ::testing::Each(8.0f));
  EXPECT_THAT(target.tensors.at("d/weight").data<float>(), ::testing::Each(9.0f));
  EXPECT_THAT(target.info.mean, ::testing::Each(0.5)) << "the weights go with how the pictures were normalised";
  EXPECT_EQ(target.info.channel_order, ChannelOrder::bgr);
}

TEST(CopyWeights, LeavesTheSourceItsOwnMemory) {
  const Model source = model_of({{"a", Tensor::filled({2}, 1)}});
  Model target = model_of({{"a", Tensor::filled({2}, 7)}});
  copy_weights(source, target);
  target.tensors.at("a").data<float>()[0] = 5;
  EXPECT_THAT(source.tensors.at("a").data<float>(), ::testing::Each(1.0f));
}

TEST(CopyWeights, KeepsTheNormalisationOfOtherChannels) {
  const Model source = model_of({{"a", Tensor::filled({2}, 1)}}, 1);
  Model target = model_of({{"a", Tensor::filled({2}, 7)}});
  target.info.mean = {0.1, 0.2, 0.3};
  copy_weights(source, target);
  EXPECT_THAT(target.info.mean, ElementsAre(0.1, 0.2, 0.3));
}

TEST(CopyWeights, RefusesWhenNothingAgrees) {
  const Model source = model_of({{"a", Tensor::filled({2}, 1)}, {"b", Tensor::filled({4}, 1)}});
  Model target = model_of({{"a", Tensor::filled({3}, 7)}});
  EXPECT_EQ(input_error([&] { copy_weights(source, target); }),
            "none of its 2 tensors has the name and shape of one of made_up: it holds 'a' of 2, for example, expected "
            "'a' of 3");
  EXPECT_THAT(input_error([&] { copy_weights(model_of({}), target); }), HasSubstr("it holds nothing"));
  EXPECT_THAT(target.tensors.at("a").data<float>(), ::testing::Each(7.0f));
}

}  // namespace
}  // namespace inlay
