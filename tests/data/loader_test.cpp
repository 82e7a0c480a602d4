#include "inlay/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <set>

#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

class Loading : public ::testing::Test {
 protected:
  Loading() {
    for (std::uint8_t i = 0; i < 7; ++i) {
      const std::string name = "p" + std::to_string(i) + ".png";
      folder_.grey("images/" + name, {4, 5}, {i, 9, 9, 9, 9, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, i});
      folder_.grey("masks/" + name, {4, 5}, {0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 255});
    }
    // A value that makes 255 'ignore'.
    folder_.text("classes.txt", "0 a\n1 b\n255 void\n");
  }
  Dataset data() { return open_dataset(folder_.path(), {.val_fraction = 0.0}); }
  std::string error(const LoaderOptions& options) {
    return message_of<InputError>([&] { Loader loader(data(), options); });
  }
  DataFolder folder_;
};

struct Seen {
  std::vector<std::string> names;
  std::vector<float> images;
  std::vector<std::uint8_t> labels;
  bool operator==(const Seen&) const = default;
};

Seen take(Loader& loader, int batches) {
  Seen seen;
  for (int i = 0; i < batches; ++i) {
    const Batch batch = loader.next();
    seen.names.insert(seen.names.end(), batch.names.begin(), batch.names.end());
    auto images = batch.images.data<float>();
    seen.images.insert(seen.images.end(), images.begin(), images.end());
    auto labels = batch.labels.data<std::uint8_t>();
    seen.labels.insert(seen.labels.end(), labels.begin(), labels.end());
  }
  return seen;
}

TEST_F(Loading, BatchesAreNormalisedAndChannelsFirst) {
  Loader loader(data(),
                {.batch = 2, .channels = 3, .mean = {0.0f, 0.1f, 0.2f}, .std = {1.0f, 0.5f, 0.25f}, .shuffle = false});
  const Batch batch = loader.next();
  EXPECT_EQ(batch.images.shape(), (Shape{2, 3, 4, 5}));
  EXPECT_EQ(batch.labels.shape(), (Shape{2, 4, 5}));
  EXPECT_THAT(batch.names, ElementsAre("p0", "p1"));
  auto images = batch.images.data<float>();
  EXPECT_FLOAT_EQ(images[1], 9.0f / 255.0f);
  EXPECT_FLOAT_EQ(images[20 + 1], (9.0f / 255.0f - 0.1f) / 0.5f);
  EXPECT_FLOAT_EQ(images[40 + 1], (9.0f / 255.0f - 0.2f) / 0.25f);
  EXPECT_FLOAT_EQ(images[60], 1.0f / 255.0f);
  EXPECT_EQ(batch.labels.data<std::uint8_t>()[1], 1);
  EXPECT_EQ(batch.labels.data<std::uint8_t>()[19], kIgnore);
}

TEST(LoadingColours, BatchesCanHaveBlueFirst) {
  DataFolder folder;
  folder.colors("images/a.png", {{255, 51, 0}, {0, 102, 51}});
  folder.grey("masks/a.png", {1, 2}, {0, 1});
  Loader loader(open_dataset(folder.path(), {.val_fraction = 0.0}),
                {.batch = 1, .channels = 3, .mean = {0.0f, 0.2f, 0.5f}, .order = ChannelOrder::bgr});
  const Batch batch = loader.next();
  EXPECT_THAT(std::vector<float>(batch.images.data<float>().begin(), batch.images.data<float>().end()),
              ::testing::Pointwise(::testing::FloatNear(1e-6f), {0.0f, 0.2f, 0.0f, 0.2f, 0.5f, -0.5f}));
}

TEST_F(Loading, LastBatchIsDroppedFilledOrKept) {
  LoaderOptions options{.batch = 3, .shuffle = false, .last = LastBatch::drop};
  Loader drop(data(), options);
  EXPECT_EQ(drop.batches_per_epoch(), 2);
  EXPECT_THAT(take(drop, 3).names, ElementsAre("p0", "p1", "p2", "p3", "p4", "p5", "p0", "p1", "p2"));
  options.last = LastBatch::fill;
  Loader fill(data(), options);
  EXPECT_EQ(fill.batches_per_epoch(), 3);
  EXPECT_THAT(take(fill, 3).names, ElementsAre("p0", "p1", "p2", "p3", "p4", "p5", "p6", "p0", "p1"));
  options.last = LastBatch::keep;
  Loader keep(data(), options);
  EXPECT_EQ(keep.batches_per_epoch(), 3);
  EXPECT_THAT(take(keep, 4).names, ElementsAre("p0", "p1", "p2", "p3", "p4", "p5", "p6", "p0", "p1", "p2"));
}

TEST_F(Loading, FillGoesRoundMoreThanOnce) {
  Loader loader(data(), {.batch = 16, .shuffle = false});
  const Batch batch = loader.next();
  EXPECT_EQ(batch.names.size(), 16u);
  EXPECT_EQ(batch.names[14], "p0");
}

TEST_F(Loading, EveryEpochHasItsOwnOrderOfAllImages) {
  Loader loader(data(), {.batch = 7, .seed = 3});
  const auto first = take(loader, 1).names, second = take(loader, 1).names;
  EXPECT_NE(first, second);
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), 7u);
  EXPECT_EQ(std::set<std::string>(second.begin(), second.end()).size(), 7u);
  Loader again(data(), {.batch = 7, .seed = 3});
  EXPECT_EQ(take(again, 1).names, first);
  Loader other(data(), {.batch = 7, .seed = 4});
  EXPECT_NE(take(other, 1).names, first);
}

TEST_F(Loading, BatchesDoNotDependOnWorkersQueueOrCache) {
  LoaderOptions options{.batch = 2, .height = 3, .width = 4, .augment = standard_augmentation(), .seed = 1};
  Loader one(data(), options);
  const Seen expected = take(one, 10);
  options.workers = 4;
  options.queue = 7;
  options.cache_bytes = 0;
  Loader four(data(), options);
  EXPECT_EQ(take(four, 10), expected);
  options.queue = 1;
  options.cache_bytes = 100;
  Loader narrow(data(), options);
  EXPECT_EQ(take(narrow, 10), expected);
}

TEST_F(Loading, ContinuesInTheMiddle) {
  LoaderOptions options{.batch = 2, .augment = standard_augmentation(), .seed = 1};
  Loader whole(data(), options);
  take(whole, 6);
  const Seen expected = take(whole, 3);
  options.start_epoch = 1;
  options.start_batch = 2;
  Loader resumed(data(), options);
  EXPECT_EQ(take(resumed, 3), expected);
}

TEST_F(Loading, BatchesKnowTheirPlace) {
  Loader loader(data(), {.batch = 4});
  for (std::int64_t i = 0; i < 5; ++i) {
    const Batch batch = loader.next();
    EXPECT_EQ(batch.epoch, i / 2);
    EXPECT_EQ(batch.index, i % 2);
  }
}

TEST_F(Loading, PatchesAreCutOrReflected) {
  Loader loader(data(), {.batch = 7, .height = 8, .width = 3, .shuffle = false});
  EXPECT_EQ(loader.next().images.shape(), (Shape{7, 1, 8, 3}));
}

TEST_F(Loading, WorkersFailuresReachTheCaller) {
  folder_.text("masks/p3.png", "broken");
  const Dataset dataset = data();
  Loader loader(dataset, {.batch = 2, .shuffle = false, .workers = 3});
  EXPECT_THAT(loader.next().names, ElementsAre("p0", "p1"));
  for (int i = 0; i < 2; ++i) EXPECT_THAT(message_of<InputError>([&] { loader.next(); }), HasSubstr("masks/p3.png"));
}

TEST_F(Loading, DifferentSizesNeedAPatch) {
  folder_.plain("images/p1.png", 2, 2, 0);
  folder_.plain("masks/p1.png", 2, 2, 0);
  Loader loader(data(), {.batch = 2, .shuffle = false});
  EXPECT_THAT(message_of<InputError>([&] { loader.next(); }),
              HasSubstr("'p0' has 4x5 pixels and 'p1' 2x2; a batch holds one size"));
  Loader single(data(), {.batch = 1, .shuffle = false});
  single.next();
  EXPECT_EQ(single.next().images.shape(), (Shape{1, 1, 2, 2}));
}

TEST_F(Loading, CacheServesFromMemory) {
  const Dataset dataset = data();
  Loader loader(dataset, {.batch = 7, .shuffle = false, .queue = 1});
  const Batch first = loader.next();
  for (int i = 0; i < 7; ++i) std::filesystem::remove(folder_ / ("images/p" + std::to_string(i) + ".png"));
  loader.next();
  const Batch third = loader.next();
  EXPECT_TRUE(std::ranges::equal(first.images.data<float>(), third.images.data<float>()));
}

TEST_F(Loading, LabelsAndWeightsCanLeaveOutAMargin) {
  const LoaderOptions options{
      .batch = 2, .shuffle = false, .margin = 1, .borders = BorderWeights{}, .class_weights = {2, 3}};
  const Batch batch = Loader(data(), options).next();
  EXPECT_EQ(batch.images.shape(), (Shape{2, 1, 4, 5}));
  EXPECT_EQ(batch.labels.shape(), (Shape{2, 2, 3}));
  EXPECT_EQ(batch.weights.shape(), (Shape{2, 2, 3}));
  const Mask mask = data().read(Split::train, 1).mask;
  const Tensor weights = pixel_weights(mask, options.class_weights, *options.borders);
  for (std::size_t i = 0; i < 6; ++i) {
    const std::size_t from = (1 + i / 3) * 5 + 1 + i % 3;
    EXPECT_EQ(batch.labels.data<std::uint8_t>()[6 + i], mask.labels.data<std::uint8_t>()[from]);
    EXPECT_EQ(batch.weights.data<float>()[6 + i], weights.data<float>()[from]);
    EXPECT_GT(weights.data<float>()[from], 2.5f) << "the second cell lies outside of the middle, but counts";
  }
  EXPECT_TRUE(Loader(data(), {.batch = 2}).next().weights.empty());
}

TEST_F(Loading, PicturesOfOtherChannelsAreNamed) {
  Loader loader(data(), {.batch = 1, .channels = 5, .shuffle = false});
  EXPECT_THAT(message_of<InputError>([&] { loader.next(); }),
              HasSubstr("images/p0.png': a picture with 1 channels cannot become one with 5"));
}

TEST_F(Loading, AMarginMustLeaveLabels) {
  EXPECT_THAT(message_of<InputError>([&] { Loader(data(), {.batch = 1, .margin = 2}).next(); }),
              HasSubstr("a patch of 4x5 pixels has no labels left within a margin of 2 on each side"));
}

TEST_F(Loading, WaitingIsMeasured) {
  const auto start = std::chrono::steady_clock::now();
  Loader loader(data(), {.batch = 7});
  EXPECT_EQ(loader.waited_seconds(), 0.0);
  loader.next();
  const double first = loader.waited_seconds();
  EXPECT_GT(first, 0.0);
  loader.next();
  EXPECT_GT(loader.waited_seconds(), first);
  EXPECT_LT(loader.waited_seconds(), std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

TEST_F(Loading, EndsPromptlyWithAFullQueue) {
  const auto start = std::chrono::steady_clock::now();
  { Loader loader(data(), {.batch = 2, .workers = 4, .queue = 2}); }
  EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 5.0);
}

#ifndef __SANITIZE_ADDRESS__  // it needs memory for threads of its own and ends the program without it
TEST_F(Loading, ThreadsThatCannotBeStartedAreAnError) {
  const Dataset dataset = data();
  std::int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &before), 0);
  // Room for the stacks of a few threads.
  const rlimit little{static_cast<rlim_t>(pages * ::sysconf(_SC_PAGESIZE)) + (40u << 20), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &little), 0);
  const std::string message = message_of<Error>([&] { Loader loader(dataset, {.workers = 256}); });
  ::setrlimit(RLIMIT_AS, &before);
  EXPECT_THAT(message, HasSubstr("cannot start 256 threads that load images"));
  EXPECT_THAT(message, HasSubstr("ask for fewer workers"));
}
#endif

TEST_F(Loading, OptionsOutOfRangeAreInputErrors) {
  EXPECT_THAT(error({.batch = 0}), HasSubstr("batch size is 0"));
  EXPECT_THAT(error({.height = 5}), HasSubstr("patch size is 5x0"));
  EXPECT_THAT(error({.channels = 0}), HasSubstr("0 channels were asked for, expected 1 or more"));
  EXPECT_THAT(error({.mean = {0.1f, 0.2f}}), HasSubstr("2 values of mean or std were given for 1 channels"));
  EXPECT_THAT(error({.order = ChannelOrder::bgr}), HasSubstr("1 channels cannot be in the order BGR"));
  EXPECT_THAT(error({.std = {0.0f}}), HasSubstr("std must be above 0"));
  EXPECT_THAT(error({.workers = 0}), HasSubstr("0 loader threads"));
  EXPECT_THAT(error({.workers = 257}), HasSubstr("257 loader threads were asked for, expected 1 to 256"));
  EXPECT_THAT(error({.queue = 0}), HasSubstr("a queue of 0 batches"));
  EXPECT_THAT(error({.cache_bytes = -1}), HasSubstr("a cache of -1 bytes"));
  EXPECT_THAT(error({.start_epoch = -1}), HasSubstr("cannot start at epoch -1"));
  EXPECT_THAT(error({.margin = -1}), HasSubstr("a margin of -1 was asked for, expected 0 or more"));
  EXPECT_THAT(error({.borders = BorderWeights{.sigma = -1}}), HasSubstr("'sigma' is -1"));
  EXPECT_THAT(error({.augment = {.noise = 9}}), HasSubstr("'noise' is 9"));
  EXPECT_THAT(error({.split = Split::test}), HasSubstr("the test part of"));
  EXPECT_THAT(error({.batch = 8, .last = LastBatch::drop}), HasSubstr("has 7 images, fewer than a batch of 8"));
}

}  // namespace
}  // namespace inlay
