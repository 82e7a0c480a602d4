// Polygons against those who drew them first: tests/golden/coco_masks.py (pycocotools) and pil_polygons.py (PIL).
#include "image/polygon.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "inlay/error.h"
#include "inlay/rle.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;
using Json = nlohmann::json;

Json golden(const char* name) {
  std::ifstream file(std::filesystem::path(INLAY_SOURCE) / "tests/golden" / name);
  return Json::parse(file);
}

Mask empty(std::int64_t height, std::int64_t width) { return {Tensor(DType::u8, {height, width})}; }

Mask empty_like(const Json& one) { return empty(one.at("height"), one.at("width")); }

std::span<const std::uint8_t> pixels(const Mask& mask) { return mask.labels.data<std::uint8_t>(); }

TEST(CocoPolygon, IsThatOfPycocotoolsPixelForPixel) {
  int drawn = 0;
  const Json cases = golden("coco_masks.json");
  for (const Json& one : cases.at("polygons")) {
    std::vector<FinePoint> corners;
    for (std::size_t i = 0; i < one.at("points").size(); i += 2)
      corners.push_back(fine_point({one.at("points")[i], one.at("points")[i + 1]}));
    Mask mask = empty_like(one), expected = empty_like(one);
    paint_coco_polygon(corners, 1, mask);
    paint(parse_coco_string(one.at("text").get<std::string>()), 1, expected);
    EXPECT_TRUE(std::ranges::equal(pixels(mask), pixels(expected))) << one;
    EXPECT_EQ(std::ranges::count(pixels(mask), 1), one.at("area").get<std::int64_t>());
    drawn += one.at("area") > 0;
  }
  EXPECT_GT(drawn, 40);
}

// Pixels that differ, of those that PIL draws.
template <class Draw>
double difference(const Json& cases, Draw&& draw) {
  std::int64_t wrong = 0, all = 0;
  for (const Json& one : cases) {
    Mask mask = empty_like(one);
    draw(one, mask);
    auto at = pixels(mask).begin();
    std::uint8_t inside = 0;
    for (std::int64_t run : one.at("runs").get<std::vector<std::int64_t>>()) {
      for (std::int64_t i = 0; i < run; ++i) wrong += *at++ != inside;
      all += inside * run;
      inside ^= 1;
    }
  }
  return static_cast<double>(wrong) / static_cast<double>(all);
}

TEST(OutlinedPolygon, IsThatOfPil) {
  const Json cases = golden("pil_polygons.json");
  const double polygons = difference(cases.at("polygons"), [](const Json& one, Mask& mask) {
    std::vector<Point> corners;
    for (const Json& point : one.at("points")) corners.push_back({point[0], point[1]});
    paint_outlined_polygon(corners, 1, mask);
  });
  EXPECT_LT(polygons, 0.004);
  const double circles = difference(cases.at("circles"), [](const Json& one, Mask& mask) {
    paint_circle({one.at("x"), one.at("y")}, one.at("radius"), 1, mask);
  });
  EXPECT_LT(circles, 0.02) << circles;
}

TEST(Polygons, HoldTheirCornersPixelsOrTheirMiddles) {
  const std::vector<Point> square{{1, 1}, {3, 1}, {3, 3}, {1, 3}};
  std::vector<FinePoint> fine;
  for (Point point : square) fine.push_back(fine_point(point));
  Mask coco = empty(5, 5), outlined = empty(5, 5), rectangle = empty(5, 5);
  paint_coco_polygon(fine, 1, coco);
  paint_outlined_polygon(square, 1, outlined);
  paint_rectangle(square[2], square[0], 1, rectangle);
  EXPECT_EQ(std::ranges::count(pixels(coco), 1), 4);
  EXPECT_EQ(std::ranges::count(pixels(outlined), 1), 9);
  EXPECT_TRUE(std::ranges::equal(pixels(outlined), pixels(rectangle)));
}

TEST(Polygons, AreCutAtThePicturesEdge) {
  Mask mask = empty(3, 4);
  const std::vector<Point> all{{-9, -9}, {20, -9}, {20, 20}, {-9, 20}};
  paint_outlined_polygon(all, 7, mask);
  EXPECT_THAT(pixels(mask), Each(7));
  mask = empty(3, 4);
  std::vector<FinePoint> fine;
  for (Point point : all) fine.push_back(fine_point(point));
  paint_coco_polygon(fine, 7, mask);
  EXPECT_THAT(pixels(mask), Each(7));
  paint_circle({1e5, 1e5}, 3, 9, mask);
  paint_rectangle({-5, -5}, {-1, -1}, 9, mask);
  EXPECT_THAT(pixels(mask), Each(7));
  paint_circle({0, 0}, 1, 9, mask);
  EXPECT_THAT(pixels(mask), ElementsAre(9, 9, 7, 7, 9, 9, 7, 7, 7, 7, 7, 7));
}

TEST(Polygons, WithoutAreaDrawNothingOrTheirOutline) {
  Mask mask = empty(3, 3);
  paint_coco_polygon(std::vector<FinePoint>{{0, 0}, {10, 10}}, 1, mask);
  paint_coco_polygon(std::vector<FinePoint>{{5, 5}, {5, 5}, {5, 5}}, 1, mask);
  paint_outlined_polygon({}, 1, mask);
  EXPECT_THAT(pixels(mask), Each(0));
  paint_outlined_polygon(std::vector<Point>{{0, 1}, {2, 1}, {1, 1}}, 1, mask);
  EXPECT_THAT(pixels(mask), ElementsAre(0, 0, 0, 1, 1, 1, 0, 0, 0));
}

TEST(Polygons, CoordinatesOutOfReachAreAnInputError) {
  Mask mask = empty(3, 3);
  for (double wrong :
       {1e7, -1e300, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(message_of<InputError>([&] { fine_point({0, wrong}); }), HasSubstr("is no place in a picture"));
    EXPECT_THAT(message_of<InputError>([&] {
                  paint_outlined_polygon(std::vector<Point>{{wrong, 0}, {1, 1}, {0, 1}}, 1, mask);
                }),
                HasSubstr("at most 1000000 from the origin"));
    EXPECT_THAT(message_of<InputError>([&] { paint_circle({0, 0}, wrong, 1, mask); }), HasSubstr("no place"));
  }
}

}  // namespace
}  // namespace inlay
