#include "inlay/postprocess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/rng.h"
#include "inlay/distance.h"
#include "inlay/outlines.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;

/// A digit or letter a pixel.
Mask mask_of(const std::vector<std::string>& rows) {
  Mask mask{Tensor(DType::u8, {std::ssize(rows), std::ssize(rows[0])})};
  std::size_t at = 0;
  for (const std::string& row : rows)
    for (const char c : row)
      mask.labels.data<std::uint8_t>()[at++] = static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  return mask;
}

std::vector<std::string> rows_of(const Tensor& numbers) {
  std::vector<std::string> rows(static_cast<std::size_t>(numbers.shape()[0]));
  for (std::int64_t i = 0; i < numbers.elements(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int value = numbers.type() == DType::u8 ? numbers.data<std::uint8_t>()[at] : numbers.data<std::int32_t>()[at];
    rows[static_cast<std::size_t>(i / numbers.shape()[1])] +=
        static_cast<char>(value < 10 ? '0' + value : 'a' + value - 10);
  }
  return rows;
}

Mask random_mask(std::int64_t height, std::int64_t width, std::uint64_t classes, std::uint64_t seed) {
  Mask mask{Tensor(DType::u8, {height, width})};
  Rng rng(seed);
  for (std::uint8_t& label : mask.labels.data<std::uint8_t>()) label = static_cast<std::uint8_t>(rng.below(classes));
  return mask;
}

const nlohmann::json& golden() {
  static const nlohmann::json json =
      nlohmann::json::parse(std::ifstream(std::filesystem::path(INLAY_SOURCE) / "tests/golden/postprocess.json"));
  return json;
}

TEST(RemoveSmallRegions, ByHand) {
  const Mask mask = mask_of({"00000", "01020", "00022", "33302", "33002"});
  EXPECT_THAT(rows_of(remove_small_regions(mask, 2).labels), ElementsAre("00000", "00020", "00022", "33302", "33002"));
  EXPECT_THAT(rows_of(remove_small_regions(mask, 6).labels), ElementsAre("00000", "00000", "00000", "00000", "00000"));
  EXPECT_EQ(rows_of(remove_small_regions(mask, 1).labels), rows_of(mask.labels));
}

TEST(RemoveSmallRegions, TheLongestBorderDecidesAndTheLowerLabelWinsATie) {
  EXPECT_THAT(rows_of(remove_small_regions(mask_of({"1112", "1302", "1222"}), 2).labels),
              ElementsAre("1112", "1122", "1222"));
  EXPECT_THAT(rows_of(remove_small_regions(mask_of({"22311"}), 2).labels), ElementsAre("22111"));
}

TEST(RemoveSmallRegions, SmallOnesAmongSmallOnesAndPicturesOfThem) {
  EXPECT_THAT(rows_of(remove_small_regions(mask_of({"1111123"}), 3).labels), ElementsAre("1111111"));
  EXPECT_THAT(rows_of(remove_small_regions(mask_of({"12"}), 5).labels), ElementsAre("12")) << "both are the largest";
  EXPECT_THAT(rows_of(remove_small_regions(mask_of({"122"}), 5).labels), ElementsAre("222"));
  for (std::uint64_t seed : {1, 2, 3}) {
    const Mask cleaned = remove_small_regions(random_mask(40, 30, 4, seed), 9);
    for (const Region& region : connected_regions(cleaned).regions) EXPECT_GE(region.pixels, 9);
  }
}

TEST(RemoveSmallRegions, IgnoredPixelsStayAsTheyAre) {
  Mask mask = mask_of({"00000", "01000"});
  mask.labels.data<std::uint8_t>()[7] = kIgnore;
  const Mask cleaned = remove_small_regions(mask, 2);
  EXPECT_EQ(cleaned.labels.data<std::uint8_t>()[7], kIgnore);
  EXPECT_EQ(cleaned.labels.data<std::uint8_t>()[6], 0);
}

TEST(FillHoles, ByHand) {
  EXPECT_THAT(rows_of(fill_holes(mask_of({"11110", "10010", "10111", "11110"})).labels),
              ElementsAre("11110", "11110", "11111", "11110"));
  EXPECT_THAT(rows_of(fill_holes(mask_of({"1110", "1000", "1110"})).labels), ElementsAre("1110", "1000", "1110"))
      << "open";
  EXPECT_THAT(rows_of(fill_holes(mask_of({"112", "102", "112"})).labels), ElementsAre("112", "102", "112"))
      << "two classes around it";
  EXPECT_THAT(rows_of(fill_holes(mask_of({"11111", "10001", "10201", "10001", "11111"})).labels),
              ElementsAre("11111", "10001", "10201", "10001", "11111"))
      << "it surrounds another class";
  EXPECT_THAT(rows_of(fill_holes(mask_of({"000"})).labels), ElementsAre("000"));
}

TEST(Postprocess, AsScipyAndScikitImageDoIt) {
  for (const auto& test : golden().at("cases")) {
    const Mask mask = mask_of(test.at("mask"));
    EXPECT_EQ(rows_of(fill_holes(mask).labels), test.at("filled").get<std::vector<std::string>>());
    EXPECT_EQ(find_instances(mask).size(), test.at("count4").get<std::int64_t>());
    EXPECT_EQ(find_instances(mask, {.connectivity = Connectivity::corners}).size(),
              test.at("count8").get<std::int64_t>());
    // Objects alone: holes are closed by the same rule.
    const Mask objects = mask_of(test.at("objects"));
    const Mask cleaned = remove_small_regions(mask, test.at("least").get<std::int64_t>());
    for (const Region& region : connected_regions(mask, Connectivity::edges, std::uint8_t{0}).regions) {
      if (region.pixels >= test.at("least").get<std::int64_t>()) continue;
      const auto at = static_cast<std::size_t>(region.box.y0 * mask.width());
      for (std::int64_t x = region.box.x0; x < region.box.x1; ++x) {
        const auto i = at + static_cast<std::size_t>(x);
        const bool removed = mask.labels.data<std::uint8_t>()[i] == 1 && objects.labels.data<std::uint8_t>()[i] == 0;
        EXPECT_TRUE(!removed || cleaned.labels.data<std::uint8_t>()[i] == 0);
      }
    }
  }
}

TEST(Watershed, AsScikitImageDoesIt) {
  for (const auto& test : golden().at("watershed")) {
    const Mask mask = mask_of(test.at("mask"));
    Tensor sites(DType::u8, mask.labels.shape()), markers(DType::i32, mask.labels.shape());
    for (std::size_t i = 0; i < mask.labels.bytes(); ++i)
      sites.data<std::uint8_t>()[i] = mask.labels.data<std::uint8_t>()[i] == 0;
    std::int32_t number = 0;
    for (const auto& seed : test.at("seeds"))
      markers.data<std::int32_t>()[seed[0].get<std::size_t>() * static_cast<std::size_t>(mask.width()) +
                                   seed[1].get<std::size_t>()] = ++number;
    Tensor relief = distances_to(sites);
    for (float& value : relief.data<float>()) value = -value;
    const std::vector<std::string> got = rows_of(watershed(relief, markers, mask.labels)), expected = test.at("basins");
    int differ = 0, inside = 0;
    for (std::size_t y = 0; y < got.size(); ++y)
      for (std::size_t x = 0; x < got[y].size(); ++x) {
        inside += expected[y][x] != '0';
        differ += got[y][x] != expected[y][x];
        EXPECT_EQ(got[y][x] == '0', expected[y][x] == '0');
      }
    EXPECT_LE(differ, inside / 100) << "pixels of equal height, whose turn nobody prescribes";
  }
}

TEST(Watershed, FloodsFromTheLowestAndStaysInItsDomain) {
  const Tensor relief = Tensor::of<float>({1, 7}, {0, 1, 5, 2, 0, 9, 9});
  const Tensor markers = Tensor::of<std::int32_t>({1, 7}, {1, 0, 0, 0, 2, 0, 0});
  const Tensor domain = Tensor::of<std::uint8_t>({1, 7}, {1, 1, 1, 1, 1, 0, 1});
  EXPECT_THAT(rows_of(watershed(relief, markers, domain)), ElementsAre("1112200"));
}

TEST(Instances, TouchingDiscsArePartedAtTheirWaist) {
  const Mask mask = mask_of(golden().at("watershed")[0].at("mask"));
  EXPECT_EQ(find_instances(mask).size(), 3);
  const Instances parted = find_instances(mask, {.seed_distance = 10});
  EXPECT_EQ(parted.size(), 5);
  const auto number = [&](std::size_t y, std::size_t x) { return parted.numbers.data<std::int32_t>()[y * 72 + x]; };
  std::set<std::int32_t> middles{number(15, 15), number(17, 33), number(33, 24), number(24, 58), number(40, 45)};
  EXPECT_EQ(middles.size(), 5u);
  EXPECT_EQ(*middles.begin(), 1);
  for (std::size_t i = 0; i < mask.labels.bytes(); ++i)
    EXPECT_EQ(parted.numbers.data<std::int32_t>()[i] != 0, mask.labels.data<std::uint8_t>()[i] != 0);
}

TEST(Instances, ClassesAreApartAndNumberedInOrder) {
  const Instances found = find_instances(mask_of({"1120", "0023", "3300"}));
  EXPECT_THAT(rows_of(found.numbers), ElementsAre("1120", "0023", "4400"));
  EXPECT_THAT(found.labels, ElementsAre(1, 2, 3, 3));
  const Instances parted = find_instances(mask_of({"1120", "0023", "3300"}), {.seed_distance = 1});
  EXPECT_EQ(parted.size(), 4);
  EXPECT_EQ(find_instances(mask_of({"11", "11"}), {.seed_distance = 3}).size(), 1) << "nothing but object";
  EXPECT_EQ(find_instances(mask_of({"0"})).size(), 0);
}

/// By the even-odd rule, at the middles of pixels.
void fill(const Outline& outline, std::int32_t number, Tensor& numbers) {
  std::vector<Ring> rings = outline.holes;
  rings.push_back(outline.outer);
  const std::int64_t height = numbers.shape()[0], width = numbers.shape()[1];
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      bool inside = false;
      for (const Ring& ring : rings)
        for (std::size_t i = 0; i < ring.size(); ++i) {
          const Corner &a = ring[i], &b = ring[(i + 1) % ring.size()];
          inside ^= a.x == b.x && a.x <= x && std::min(a.y, b.y) <= y && y < std::max(a.y, b.y);
        }
      if (inside) numbers.data<std::int32_t>()[static_cast<std::size_t>(y * width + x)] = number;
    }
}

TEST(Outlines, ByHand) {
  const auto outlines =
      trace_outlines(connected_regions(mask_of({"111", "101", "111"}), Connectivity::edges, 0).numbers, 1);
  EXPECT_EQ(outlines[0].outer, (Ring{{0, 0}, {3, 0}, {3, 3}, {0, 3}}));
  EXPECT_THAT(outlines[0].holes, ElementsAre(Ring{{1, 2}, {2, 2}, {2, 1}, {1, 1}}));
  EXPECT_EQ(twice_area(outlines[0].outer), 18);
  EXPECT_EQ(twice_area(outlines[0].holes[0]), -2);
}

TEST(Outlines, FilledAgainGiveTheMaskBackExactly) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Mask mask = random_mask(1 + static_cast<std::int64_t>(seed) * 3, 25, 2 + seed % 3, seed);
    const Regions regions = connected_regions(mask);
    Tensor again(DType::i32, mask.labels.shape());
    std::int32_t number = 0;
    for (const Outline& outline : trace_outlines(regions.numbers, regions.size())) {
      fill(outline, ++number, again);
      std::int64_t area = twice_area(outline.outer);
      for (const Ring& hole : outline.holes) area += twice_area(hole);
      EXPECT_EQ(area, 2 * regions.regions[static_cast<std::size_t>(number - 1)].pixels);
      for (Ring ring : outline.holes) {
        std::ranges::sort(ring, {}, [](const Corner& c) { return std::pair(c.y, c.x); });
        EXPECT_EQ(std::ranges::adjacent_find(ring), ring.end()) << "a ring touches itself";
      }
    }
    EXPECT_EQ(rows_of(again), rows_of(regions.numbers));
  }
}

}  // namespace
}  // namespace inlay
