#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "cli/program.h"
#include "inlay/image.h"

namespace inlay::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Inspect : public ::testing::Test {
 protected:
  void SetUp() override {
    const Outcome run = run_inlay(folder, "convert unet --width 4 --depth 2 --channels 3 --classes 3 -o net.onnx");
    ASSERT_EQ(run.status, 0) << run.err;
    Image image{Tensor(DType::u8, {21, 17, 3})};
    std::uint8_t value = 0;
    for (auto& pixel : image.pixels.data<std::uint8_t>()) pixel = value = static_cast<std::uint8_t>(value * 5 + 17);
    write_image(folder / "in/a.png", image);
  }
  /// With one layer where none are asked for: writing takes the longest.
  Outcome inspect(const std::string& arguments) {
    const std::string layers = arguments.find("--layers") == std::string::npos ? "--layers 'head/*' " : "";
    return run_inlay(folder, "inspect net.onnx in/a.png --no-tune --threads 1 " + layers + arguments);
  }
  json inspect_json(const std::string& arguments) {
    const Outcome run = inspect(arguments + " --json -");
    EXPECT_EQ(run.status, 0) << run.err;
    return json::parse(run.out);
  }

  TempFolder folder;
};

/// What the page refers to.
std::set<std::string> links_of(const std::string& html) {
  std::set<std::string> links;
  const std::regex link("(?:href|src)=\"([^\"#]+)\"");
  for (std::sregex_iterator it(html.begin(), html.end(), link), end; it != end; ++it) links.insert((*it)[1]);
  return links;
}

TEST_F(Inspect, ShowsEverythingOnOnePage) {
  const Outcome run = inspect("-o seen --layers ''");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("down/4/b/relu"), HasSubstr("bottom/16/b/relu"), HasSubstr("seen/index.html")));
  const std::string page = contents(folder / "seen/index.html");
  EXPECT_THAT(page, AllOf(HasSubstr("<title>a.png"), HasSubstr("21x17 pixels as net.onnx sees them (unet)"),
                          HasSubstr("down/4/b/relu"), Not(HasSubstr("http"))));
  std::set<std::string> files;
  for (const std::string& file : files_below(folder / "seen")) files.insert(file);
  EXPECT_TRUE(files.erase("index.html") == 1 && files.erase("labels.png") == 1);
  EXPECT_EQ(links_of(page), files) << "every picture is shown, and every picture that is shown is there";
  for (const char* name : {"picture", "overlay", "entropy", "margin"})
    EXPECT_EQ(read_image(folder / "seen" / (std::string(name) + ".png")).pixels.shape(), (Shape{21, 17, 3})) << name;
  EXPECT_EQ(read_mask(folder / "seen/labels.png").width(), 17);
}

TEST_F(Inspect, SaysTheSameAsJson) {
  const json seen = inspect_json("-o seen --layers '' --channels 3");
  EXPECT_EQ(seen.at("page"), "index.html");
  EXPECT_EQ(seen.at("height"), 21);
  ASSERT_EQ(seen.at("layers").size(), 8u);
  const json& layer = seen.at("layers").at(1);
  EXPECT_EQ(layer.at("name"), "down/8/b/relu");
  EXPECT_EQ(layer.at("op"), "relu");
  EXPECT_EQ(layer.at("shape"), json({8, 11, 9})) << "the part that belongs to the picture, not to 24x20";
  EXPECT_EQ(layer.at("step"), json({2.0, 2.0}));
  EXPECT_EQ(layer.at("channels").size(), 3u);
  EXPECT_GE(layer.at("channels").at(0).at("variance"), layer.at("channels").at(1).at("variance"));
  EXPECT_TRUE(std::filesystem::exists(folder / "seen" / layer.at("sheet").get<std::string>()));
  double share = 0, probability = 0;
  for (const json& entry : seen.at("classes")) {
    share += entry.at("share").get<double>();
    probability += entry.at("mean_probability").get<double>();
  }
  EXPECT_NEAR(share, 1, 1e-6);
  EXPECT_NEAR(probability, 1, 1e-5);
  EXPECT_GE(seen.at("mean_entropy"), 0);
  EXPECT_LE(seen.at("mean_margin"), 1);
}

TEST_F(Inspect, LabelsAsPredictDoes) {
  ASSERT_EQ(inspect("-o seen").status, 0);
  ASSERT_EQ(run_inlay(folder, "predict net.onnx in/a.png -o labels --no-tune --threads 1").status, 0);
  EXPECT_EQ(contents(folder / "seen/labels.png"), contents(folder / "labels/a.png"));
}

TEST_F(Inspect, LayersByName) {
  const json seen = inspect_json("-o seen --layers 'merge/*/a/relu'");
  ASSERT_EQ(seen.at("layers").size(), 2u);
  EXPECT_EQ(seen.at("layers").at(0).at("name"), "merge/8/a/relu");
  const Outcome wrong = inspect("-o other --layers nothing");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("no layer is named 'nothing'"));
  EXPECT_FALSE(std::filesystem::exists(folder / "other")) << "nothing is written before all is checked";
}

TEST_F(Inspect, ClassesByNameAndNumber) {
  const json seen = inspect_json("-o seen --class class2 --class 0");
  EXPECT_NE(seen.at("classes").at(0).at("saliency"), "");
  EXPECT_EQ(seen.at("classes").at(1).at("probability"), "");
  EXPECT_NE(seen.at("classes").at(2).at("logit"), "");
  const Outcome wrong = inspect("-o other --class clas1");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("no class 'clas1'"), HasSubstr("class0, class1, class2 (0 to 2)"),
                               HasSubstr("did you mean 'class1'?")));
}

TEST_F(Inspect, OnePixel) {
  const json seen = inspect_json("-o seen --pixel 20,16");
  EXPECT_THAT(contents(folder / "seen/index.html"), HasSubstr("logit at row 20, column 16"));
  int explained = 0;
  for (const json& entry : seen.at("classes")) explained += entry.at("saliency") != "" ? 1 : 0;
  EXPECT_EQ(explained, 1) << "the class of the pixel";
  EXPECT_THAT(inspect("-o other --pixel 21,0").err,
              HasSubstr("the pixel 21,0 lies outside of the picture: expected 0,0 to 20,16"));
  for (const char* text : {"5", "5,", "5;6", "a,b", "1,2,3"}) {
    const Outcome wrong = inspect(std::string("-o other --pixel '") + text + "'");
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr(std::string("--pixel ") + text + ": expected ROW,COLUMN")) << text;
  }
}

TEST_F(Inspect, NothingIsOverwrittenUnasked) {
  ASSERT_EQ(inspect("-o seen").status, 0);
  const Outcome again = inspect("-o seen");
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("the folder 'seen' holds files already; choose another, or say --overwrite"));
  EXPECT_EQ(inspect("-o seen --overwrite").status, 0);
  EXPECT_THAT(inspect("-o in --overwrite").err, HasSubstr("'in/a.png' lies in the folder for the results"));
  EXPECT_THAT(inspect("-o . --overwrite").err, HasSubstr("lies in the folder for the results"));
  std::ofstream(folder / "file") << "a file";
  EXPECT_THAT(inspect("-o file").err, HasSubstr("'file' is a file; expected a folder"));
}

TEST_F(Inspect, WhatIsNotThere) {
  EXPECT_EQ(run_inlay(folder, "inspect net.onnx gone.png -o seen").status, 2);
  EXPECT_EQ(run_inlay(folder, "inspect gone.onnx in/a.png -o seen").status, 2);
  EXPECT_THAT(inspect("-o seen --channels 0").err, HasSubstr("0 channels of a layer, expected 1 to 4096"));
  EXPECT_FALSE(std::filesystem::exists(folder / "seen"));
}

TEST_F(Inspect, OnePixelAndGreyAndOneLogit) {
  ASSERT_EQ(run_inlay(folder, "convert unet --width 2 --depth 1 --channels 1 --classes 1 -o net.onnx").status, 0);
  write_image(folder / "in/a.png", Image{Tensor(DType::u8, {1, 1, 1})});
  const json seen = inspect_json("-o seen --class 0 --class 1");
  EXPECT_EQ(seen.at("classes").size(), 2u);
  EXPECT_EQ(read_image(folder / "seen/overlay.png").pixels.shape(), (Shape{1, 1, 3}));
}

}  // namespace
}  // namespace inlay::testing
