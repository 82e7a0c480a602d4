// Large pictures through nets without a margin: tiles say what the whole picture says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "infer/tile_line.h"
#include "inlay/segment.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::input_error;

Image picture(std::int64_t height, std::int64_t width, std::int64_t channels = 3) {
  Image image{Tensor(DType::u8, {height, width, channels})};
  Rng rng(static_cast<std::uint64_t>(height));
  for (std::uint8_t& pixel : image.pixels.data<std::uint8_t>()) pixel = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

SegmenterOptions with_tile(std::int64_t tile, std::int64_t overlap = -1) {
  SegmenterOptions options;
  options.threads = 2;
  options.tune = false;
  options.tile = tile;
  options.overlap = overlap;
  return options;
}

Model small_unet(std::int64_t classes = 3) {
  return create_model("unet", {.out_channels = classes, .settings = {{"width", "4"}, {"depth", "2"}}, .seed = 4});
}

/// The largest difference, as a share of the largest logit.
double difference(const Tensor& a, const Tensor& b) {
  double largest = 0, most = 0;
  for (std::size_t i = 0; i < a.data<float>().size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(b.data<float>()[i])));
    most = std::max(most, std::abs(static_cast<double>(a.data<float>()[i]) - static_cast<double>(b.data<float>()[i])));
  }
  return most / largest;
}

double difference_of_tiles(const Model& model, const Image& image, const SegmenterOptions& options) {
  Segmenter tiled(model, options), whole(model, with_tile(0));
  return difference(tiled.logits(image), whole.logits(image));
}

TEST(BlendedTiles, SayWhatTheWholePictureSaysWhereTheyOverlapByTwiceTheReach) {
  const Model unet = small_unet();
  const std::int64_t reach = reach_of(unet).pixels;
  for (const auto& [height, width] : {std::pair{150, 231}, {1, 260}})
    for (std::int64_t tile : {4 * reach, 5 * reach + 3})
      EXPECT_LT(difference_of_tiles(unet, picture(height, width), with_tile(tile)), 2e-6) << height << ", " << tile;
}

TEST(BlendedTiles, OfEveryKindOfNetThatSeesAPartOfThePicture) {
  for (const auto& [name, settings] : {std::pair{"unet", "unpool"}, {"unet", "bilinear"}}) {
    const Model model = create_model(name, {.settings = {{"width", "4"}, {"depth", "2"}, {"up", settings}}, .seed = 1});
    const std::int64_t reach = reach_of(model).pixels;
    EXPECT_LT(difference_of_tiles(model, picture(60, 250), with_tile(4 * reach)), 2e-6) << settings;
  }
}

TEST(BlendedTiles, WithLessOverlapDifferNearTheirEdgesAlone) {
  const Model unet = small_unet();
  const std::int64_t reach = reach_of(unet).pixels;
  const Image image = picture(64, 400);
  Segmenter tiled(unet, with_tile(128, 16)), whole(unet, with_tile(0));
  const Tensor a = tiled.logits(image), b = whole.logits(image);
  EXPECT_GT(difference(a, b), 1e-4) << "an overlap too small to be exact";
  EXPECT_LT(difference(a, b), 0.25);
  // Tiles begin at 0, 88 or 92, ...: pixels that are as far from all their edges are the whole picture's.
  const TileLine line = line_of_tiles(400, unet.info.size, reach_of(unet), {.largest = 128, .overlap = 16});
  for (std::int64_t x = 0; x < 400; ++x) {
    bool near = false;
    for (std::size_t i = 0; i < line.starts.size(); ++i) {
      const std::int64_t left = line.starts[i], right = left + line.side;
      near |=
          x >= left && x < right && ((i > 0 && x < left + reach) || (i + 1 < line.starts.size() && x >= right - reach));
    }
    if (near) continue;
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(a.data<float>()[(c * 64 + 30) * 400 + static_cast<std::size_t>(x)],
                  b.data<float>()[(c * 64 + 30) * 400 + static_cast<std::size_t>(x)], 2e-6)
          << x;
  }
}

TEST(BlendedTiles, FollowFromTheMemoryThatIsAllowed) {
  std::string said;
  SegmenterOptions options = with_tile(0);
  options.memory = 90'000'000;
  options.log = [&](Severity, std::string_view text) { said += text; };
  const Model model = create_model("unet", {.settings = {{"width", "8"}, {"depth", "2"}}, .seed = 4});
  const Image image = picture(500, 700);
  Segmenter tiled(model, options), whole(model, with_tile(0));
  EXPECT_LT(difference(tiled.logits(image), whole.logits(image)), 2e-6);
  EXPECT_THAT(said, AllOf(HasSubstr("a picture of 500x700 is labelled in "), HasSubstr(" that overlap by ")));
  said.clear();
  options.memory = 2'000'000'000;
  Segmenter(model, options)(image);
  EXPECT_EQ(said.find("tiles"), std::string::npos) << said;
  options.memory = 1'000'000;
  EXPECT_THAT(input_error([&] { Segmenter(model, options)(image); }),
              AllOf(HasSubstr("a picture of 500x700 needs about "), HasSubstr("MB of memory with this net, even in the "
                                                                              "smallest tiles, and 1 MB are allowed")));
  options.tile = 600;
  EXPECT_THAT(input_error([&] { Segmenter(model, options)(image); }),
              HasSubstr("MB of memory and 1 MB are allowed; take smaller tiles or allow more"));
}

TEST(BlendedTiles, OfANetWithAGlobalPoolingAreSaidToDiffer) {
  std::string said;
  SegmenterOptions options = with_tile(96);
  options.log = [&](Severity, std::string_view text) { said += text; };
  Segmenter(create_model("fast_scnn", {.seed = 1}), options)(picture(96, 160));
  EXPECT_THAT(said, HasSubstr("sees one tile at a time: allow more memory to label it whole"));
}

TEST(Stream, HandsOutEveryRowOnceWithItsPicture) {
  const Image image = picture(140, 75);
  Segmenter segment(small_unet(), with_tile(64, 20));
  const Tensor probabilities = segment.probabilities(image);
  const Mask mask = segment(image);
  std::int64_t next = 0, last = 0, runs = 0;
  const auto check = [&](const SegmentedRows& rows) {
    EXPECT_EQ(rows.top, next);
    const std::int64_t count = rows.mask.height();
    EXPECT_TRUE(std::ranges::equal(rows.pixels.pixels.data<std::uint8_t>(),
                                   crop(image, next, 0, count, 75).pixels.data<std::uint8_t>()));
    EXPECT_TRUE(std::ranges::equal(rows.mask.labels.data<std::uint8_t>(),
                                   crop(mask, next, 0, count, 75).labels.data<std::uint8_t>()));
    EXPECT_EQ(rows.probabilities.data<float>()[0], probabilities.data<float>()[static_cast<std::size_t>(next) * 75]);
    next += count;
  };
  StreamRequest request{.probabilities = true};
  request.progress = [&](std::int64_t done, std::int64_t all) {
    EXPECT_EQ(done, last + 1);
    last = done;
    runs = all;
    return true;
  };
  EXPECT_TRUE(segment.stream([&] { return read_rows_of(image); }, request, check));
  EXPECT_EQ(next, 140);
  EXPECT_EQ(last, runs);
  request.progress = [](std::int64_t done, std::int64_t) { return done < 2; };
  EXPECT_FALSE(segment.stream([&] { return read_rows_of(image); }, request, [](const SegmentedRows&) {}));
  request.other_bytes = 5'000'000;
  SegmenterOptions little = with_tile(64);
  little.memory = 3'000'000;
  EXPECT_EQ(
      input_error([&] { Segmenter(small_unet(), little).stream([&] { return read_rows_of(image); }, request, check); }),
      "what is asked for needs about 5 MB of memory beside the net, and 3 MB are allowed");
}

}  // namespace
}  // namespace inlay
