// What predict leaves beside masks: polygons, run lengths, areas, instances; and what it does to masks.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/files.h"
#include "cli/program.h"
#include "inlay/postprocess.h"
#include "inlay/rle.h"

namespace inlay::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PredictOutputs : public ::testing::Test {
 protected:
  void SetUp() override {
    const Outcome run = run_inlay(folder, "convert unet --width 2 --depth 1 --classes 3 --seed 3 -o net.onnx");
    ASSERT_EQ(run.status, 0) << run.err;
    Image image{Tensor(DType::u8, {48, 40, 3})};
    for (std::size_t i = 0; i < image.pixels.bytes(); ++i)
      image.pixels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>((i / 9) * (i / 371) * 29);
    write_image(folder / "a.png", image);
  }
  Outcome predict(const std::string& arguments) {
    return run_inlay(folder, "predict net.onnx " + arguments + " --no-tune");
  }
  json parsed(const std::string& path) { return json::parse(contents(folder / path)); }

  TempFolder folder;
};

/// Fills rings of [x, y] corners by the even-odd rule.
void fill_rings(const json& rings, std::uint8_t label, Mask& mask) {
  for (std::int64_t y = 0; y < mask.height(); ++y)
    for (std::int64_t x = 0; x < mask.width(); ++x) {
      bool inside = false;
      for (const json& ring : rings)
        for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
          const double ax = ring[i][0], ay = ring[i][1], bx = ring[i + 1][0], by = ring[i + 1][1];
          const double row = static_cast<double>(y) + 0.5;
          inside ^= ax == bx && ax <= static_cast<double>(x) && std::min(ay, by) < row && row < std::max(ay, by);
        }
      if (inside) mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(y * mask.width() + x)] = label;
    }
}

json closed_ring(const json& flat) {
  json ring = json::array();
  for (std::size_t i = 0; i < flat.size(); i += 2) ring.push_back({flat[i], flat[i + 1]});
  ring.push_back(ring[0]);
  return ring;
}

bool same(const Mask& a, const Mask& b) {
  return std::ranges::equal(a.labels.data<std::uint8_t>(), b.labels.data<std::uint8_t>());
}

TEST_F(PredictOutputs, EveryFormSaysWhatTheMaskSays) {
  const Outcome run = predict("a.png -o out --instances --geojson --coco --rle --areas");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(files_below(folder / "out"),
              ElementsAre("a.geojson", "a.png", "a_instances.png", "areas.csv", "coco.json", "rle.csv"));
  const Mask mask = read_mask(folder / "out/a.png");
  const Instances instances = find_instances(mask);
  ASSERT_GT(instances.size(), 2) << "a mask worth the test";

  const Tensor numbers = read_raw_mask(folder / "out/a_instances.png").values;
  EXPECT_TRUE(std::ranges::equal(numbers.data<std::int32_t>(), instances.numbers.data<std::int32_t>()));

  Mask drawn{Tensor(DType::u8, {48, 40})};
  const json collection = parsed("out/a.geojson");
  EXPECT_EQ(collection["type"], "FeatureCollection");
  for (const json& feature : collection["features"])
    fill_rings(feature["geometry"]["coordinates"], feature["properties"]["class"], drawn);
  EXPECT_TRUE(same(drawn, mask));

  Mask painted{Tensor(DType::u8, {48, 40})};
  const json coco = parsed("out/coco.json");
  EXPECT_EQ(coco["images"][0]["file_name"], "a.png");
  EXPECT_EQ(coco["categories"].size(), 2u);
  EXPECT_EQ(std::ssize(coco["annotations"]), instances.size());
  for (const json& object : coco["annotations"]) {
    const std::uint8_t label = object["category_id"];
    const json& shape = object["segmentation"];
    if (shape.is_array()) {
      fill_rings(json::array({closed_ring(shape[0])}), label, painted);
      continue;
    }
    const Counts counts = parse_coco_string(shape["counts"].get<std::string>());
    EXPECT_EQ(area_of(counts), object["area"].get<std::int64_t>());
    paint(counts, label, painted);
  }
  EXPECT_TRUE(same(painted, mask));

  Mask run_lengths{Tensor(DType::u8, {48, 40})};
  std::istringstream rle(contents(folder / "out/rle.csv"));
  std::string line;
  std::getline(rle, line);
  EXPECT_EQ(line, "id,class,rle_mask");
  for (std::uint8_t label = 1; std::getline(rle, line); ++label)
    paint(parse_kaggle_rle(line.substr(line.rfind(',') + 1), 48 * 40), label, run_lengths);
  EXPECT_TRUE(same(run_lengths, mask));

  std::istringstream areas(contents(folder / "out/areas.csv"));
  std::getline(areas, line);
  EXPECT_EQ(line, "image,class,name,pixels,share,regions,area");
  for (std::uint8_t label = 0; label < 3; ++label) {
    std::getline(areas, line);
    const auto pixels = std::ranges::count(mask.labels.data<std::uint8_t>(), label);
    EXPECT_THAT(line, HasSubstr("a.png," + std::to_string(label) + ","));
    EXPECT_THAT(line, HasSubstr("," + std::to_string(pixels) + ","));
    const std::string regions = label == 0 ? "" : std::to_string(std::ranges::count(instances.labels, label));
    EXPECT_THAT(line, ::testing::EndsWith("," + regions + ","));
  }
}

TEST_F(PredictOutputs, MasksAreTidied) {
  ASSERT_EQ(predict("a.png -o plain --overlay").status, 0);
  const Mask mask = read_mask(folder / "plain/a.png");
  ASSERT_EQ(predict("a.png -o tidy --fill-holes --min-area 12 --overlay").status, 0);
  const Mask tidy = read_mask(folder / "tidy/a.png");
  EXPECT_TRUE(same(tidy, remove_small_regions(fill_holes(mask), 12)));
  EXPECT_FALSE(same(tidy, mask)) << "a mask worth the test";
  EXPECT_NE(contents(folder / "tidy/a_overlay.png"), contents(folder / "plain/a_overlay.png"));
  ASSERT_EQ(predict("a.png -o parted --instances --split-touching 2").status, 0);
  const Tensor numbers = read_raw_mask(folder / "parted/a_instances.png").values;
  EXPECT_TRUE(std::ranges::equal(numbers.data<std::int32_t>(),
                                 find_instances(mask, {.seed_distance = 2}).numbers.data<std::int32_t>()));
  EXPECT_THAT(predict("a.png -o out --min-area -3").err, HasSubstr("--min-area"));
  EXPECT_THAT(predict("a.png -o out --split-touching -1").err, HasSubstr("--split-touching"));
}

TEST_F(PredictOutputs, TwoClassesAreAKaggleSubmission) {
  ASSERT_EQ(run_inlay(folder, "convert unet --width 2 --depth 1 --seed 3 -o net.onnx").status, 0);
  ASSERT_EQ(predict("a.png -o out --rle").status, 0);
  EXPECT_THAT(contents(folder / "out/rle.csv"), ::testing::StartsWith("id,rle_mask\na,"));
}

TEST_F(PredictOutputs, TablesCountPicturesThatWereThereAlready) {
  write_image(folder / "b.png", Image{Tensor(DType::u8, {9, 9, 3})});
  ASSERT_EQ(predict("a.png b.png -o out --areas").status, 0);
  const std::string areas = contents(folder / "out/areas.csv");
  ASSERT_EQ(predict("a.png b.png -o out --areas --resume").status, 0);
  EXPECT_EQ(contents(folder / "out/areas.csv"), areas);
}

TEST_F(PredictOutputs, NeedTheWholeMaskInMemory) {
  EXPECT_THAT(predict("a.png -o out --coco --mem 0.005M").err,
              HasSubstr("what is asked for needs about 1 MB of memory beside the net, and 0 MB are allowed"));
}

}  // namespace
}  // namespace inlay::testing
