// Pictures that lie on the earth, films, and standard input.
#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "cli/program.h"
#include "inlay/geo.h"
#include "inlay/video.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kUtm33 =
    R"(PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],)"
    R"(PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],)"
    R"(PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],)"
    R"(PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AUTHORITY["EPSG","32633"]])";

class PredictSources : public ::testing::Test {
 protected:
  void SetUp() override {
    const Outcome run = run_inlay(folder, "convert unet --width 2 --depth 1 --classes 3 --seed 3 -o net.onnx");
    ASSERT_EQ(run.status, 0) << run.err;
  }
  Outcome predict(const std::string& arguments) {
    return run_inlay(folder, "predict net.onnx " + arguments + " --no-tune");
  }
  static Image picture(std::int64_t height, std::int64_t width) {
    Image image{Tensor(DType::u8, {height, width, 3})};
    for (std::size_t i = 0; i < image.pixels.bytes(); ++i)
      image.pixels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>((i / 9) * (i / 371) * 29);
    return image;
  }
  /// A palette GeoTIFF of 30 x 20 pixels of half a metre.
  void write_map(const std::string& name) {
    PictureFacts facts{30, 20, 1};
    facts.georeference = GeoReference{kUtm33, "", {400000, 0.5, 0, 5800000, 0, -0.5}};
    Tensor labels(DType::u8, {30, 20});
    for (std::size_t i = 0; i < 600; ++i) labels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i / 70);
    std::vector<Color> palette;
    for (int i = 0; i < 9; ++i) palette.push_back(voc_color(i));
    const auto writer = create_geo_mask(folder / name, facts, palette);
    writer->write(labels);
    writer->close();
  }

  TempFolder folder;
};

TEST_F(PredictSources, AMapKeepsItsPlaceOnTheEarth) {
  write_map("map.tif");
  EXPECT_TRUE(needs_gdal(folder / "map.tif"));
  const Outcome run = predict("map.tif -o out --probabilities-tiff --geojson --areas --overlay");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(files_below(folder / "out"),
              ElementsAre("areas.csv", "map.geojson", "map.tif", "map_overlay.png", "map_probabilities.tif"));
  for (const char* name : {"map.tif", "map_probabilities.tif"}) {
    const auto facts = open_any_picture(folder / "out" / name)->facts();
    ASSERT_TRUE(facts.georeference) << name;
    EXPECT_THAT(facts.georeference->transform, ElementsAre(400000, 0.5, 0, 5800000, 0, -0.5));
    EXPECT_EQ(facts.georeference->authority, "urn:ogc:def:crs:EPSG::32633");
  }
  const Mask mask = read_mask(folder / "out/map.tif");
  const auto json = nlohmann::json::parse(contents(folder / "out/map.geojson"));
  EXPECT_EQ(json["crs"]["properties"]["name"], "urn:ogc:def:crs:EPSG::32633");
  double area = 0;
  for (const auto& feature : json["features"]) {
    area += feature["properties"]["area"].get<double>();
    double twice = 0;  // outer rings run against the clock
    const auto& ring = feature["geometry"]["coordinates"][0];
    for (std::size_t i = 0; i + 1 < ring.size(); ++i)
      twice += (ring[i][0].get<double>() - 400000) * (ring[i + 1][1].get<double>() - 5800000) -
               (ring[i + 1][0].get<double>() - 400000) * (ring[i][1].get<double>() - 5800000);
    EXPECT_GT(twice, 0);
    EXPECT_EQ(ring.front(), ring.back());
    EXPECT_GE(ring[0][0], 400000);
    EXPECT_LE(ring[0][0], 400010);
    EXPECT_LE(ring[0][1], 5800000);
    EXPECT_GE(ring[0][1], 5799985);
  }
  const auto labels = mask.labels.data<std::uint8_t>();
  EXPECT_NEAR(area, 0.25 * static_cast<double>(600 - std::ranges::count(labels, 0)), 1e-6);
}

TEST_F(PredictSources, GdalReadsWhatThePlainReaderReads) {
  write_map("map.tif");
  const Tensor rows = open_any_picture(folder / "map.tif")->read(30), plain = read_image(folder / "map.tif").pixels;
  EXPECT_TRUE(std::ranges::equal(rows.data<std::uint8_t>(), plain.data<std::uint8_t>()));
}

TEST_F(PredictSources, AFileThatNobodyReadsIsLeftOut) {
  write_file(folder / "notes.img", "no picture, and long enough to look at");
  const Outcome run = predict("notes.img -o out");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("inlay: error: cannot read 'notes.img'"), HasSubstr("not recognized")));
}

TEST_F(PredictSources, AProgramWithoutItsModulesNamesThePackages) {
  write_map("map.tif");
  Outcome run = run_shell(folder, "cp \"$PROGRAM\" alone && ./alone predict net.onnx map.tif -o out --no-tune");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("'map.tif': a picture that lies on the earth needs Debian's libgdal32"),
                             HasSubstr("apt-get install libgdal32")));
  run = run_shell(folder, "./alone predict net.onnx camera:0 -o out --no-tune");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, HasSubstr("apt-get install libopencv-videoio406"));
}

TEST_F(PredictSources, FilmsFrameByFrame) {
  const auto film = create_video(folder / "film.mp4", {48, 64, 10, 0});
  for (int i = 0; i < 6; ++i) film->write(picture(48, 64));
  film->close();
  const Outcome run = predict("film.mp4 -o out --overlay");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(files_below(folder / "out"),
              AllOf(::testing::SizeIs(7), Contains("film/000005.png"), Contains("film_overlay.mp4")));
  EXPECT_EQ(read_mask(folder / "out/film/000000.png").width(), 64);
  const auto shown = open_video(folder / "out/film_overlay.mp4");
  EXPECT_EQ(shown->facts().height, 48);
  EXPECT_EQ(shown->facts().frames_per_second, 10);
  int frames = 0;
  while (shown->next()) ++frames;
  EXPECT_EQ(frames, 6);
  EXPECT_THAT(predict("film.mp4 -o out --coco").err, HasSubstr("of a film ('film.mp4') there are masks and"));
  write_file(folder / "broken.mp4", "no film");
  EXPECT_THAT(predict("broken.mp4 -o out").err, HasSubstr("cannot read 'broken.mp4': it is no film or camera"));
  EXPECT_EQ(std::ranges::count(predict("camera:99 -o out").err, '\n'), 1) << "OpenCV prints nothing itself";
  EXPECT_THAT(predict("camera:x -o out").err, HasSubstr("'camera:x' is no camera; expected camera:0"));
}

TEST_F(PredictSources, APictureThroughAPipe) {
  write_image(folder / "a.png", picture(20, 30));
  ASSERT_EQ(predict("a.png -o out").status, 0);
  const Outcome run = run_shell(folder, "inlay predict net.onnx - -o - --no-tune < a.png > mask.png");
  ASSERT_EQ(run.status, 0) << run.err;
  const Mask piped = read_mask(folder / "mask.png"), mask = read_mask(folder / "out/a.png");
  EXPECT_TRUE(std::ranges::equal(piped.labels.data<std::uint8_t>(), mask.labels.data<std::uint8_t>()));
  EXPECT_EQ(run_shell(folder, "inlay predict net.onnx - -o piped --no-tune < a.png").status, 0);
  EXPECT_THAT(files_below(folder / "piped"), ElementsAre("stdin.png"));
  EXPECT_THAT(run_shell(folder, "inlay predict net.onnx - -o - < /dev/null").err, HasSubstr("standard input is empty"));
  EXPECT_THAT(predict("a.png -o -").err, HasSubstr("- stands for one picture on standard input, alone"));
  const Outcome bad = run_shell(folder, "inlay predict net.onnx - -o - < net.onnx");
  EXPECT_EQ(bad.status, 2);
  EXPECT_EQ(bad.out, "");
}

}  // namespace
}  // namespace inlay::testing
