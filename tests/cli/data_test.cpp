#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "inlay/image.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Data : public ::testing::Test {
 protected:
  Data() { draw_cells(folder); }
  TempFolder folder;
};

TEST_F(Data, CheckListsFindingsTheWorstFirst) {
  std::filesystem::resize_file(folder / "cells/train/images/0000.png", 40);
  std::filesystem::copy_file(folder / "cells/train/images/0001.png", folder / "cells/val/images/again.png");
  std::filesystem::copy_file(folder / "cells/train/masks/0001.png", folder / "cells/val/masks/again.png");
  const Outcome run = run_inlay(folder, "data check cells");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.out, ::testing::StartsWith("error    unreadable\n         files cannot be read\n"));
  EXPECT_THAT(run.out, AllOf(HasSubstr("warning  duplicates\n"), HasSubstr("again.png"), HasSubstr("\n         -> "),
                             HasSubstr("1 error, 1 warning")));
  EXPECT_EQ(run.err, "inlay: error: training on 'cells' would fail\n");
}

TEST_F(Data, CheckGroupsWhatIsMany) {
  for (int i = 10; i < 20; ++i)
    write_image(folder / ("cells/train/images/x" + std::to_string(i) + ".png"), {Tensor(DType::u8, {4, 4, 1})});
  Outcome run = run_inlay(folder, "data check cells");
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, AllOf(HasSubstr("images have no mask and are not used (10)"), HasSubstr("x13.png"),
                             Not(HasSubstr("x14.png")), HasSubstr("and 6 more; --all shows them")));
  run = run_inlay(folder, "data check cells --all");
  EXPECT_THAT(run.out, AllOf(HasSubstr("x19.png"), Not(HasSubstr("more;"))));
}

TEST_F(Data, CheckOfAGoodSet) {
  const Outcome run = run_inlay(folder, "data check cells");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("images; "));
}

TEST_F(Data, CheckAsJson) {
  std::filesystem::remove(folder / "cells/train/masks/0000.png");
  const auto json = nlohmann::json::parse(run_inlay(folder, "data check cells --json -").out);
  EXPECT_EQ(json.at("usable"), true);
  const auto& finding = json.at("findings").at(0);
  EXPECT_EQ(finding.at("code"), "image-without-mask");
  EXPECT_EQ(finding.at("level"), "warning");
  EXPECT_THAT(finding.at("places").at(0).at("detail").get<std::string>(), HasSubstr("0000.png"));
  EXPECT_THAT(json.at("warnings").at(0).get<std::string>(), HasSubstr("0000.png"));
}

TEST_F(Data, FixWritesACopy) {
  std::filesystem::resize_file(folder / "cells/train/images/0000.png", 40);
  EXPECT_EQ(run_inlay(folder, "data check cells --fix").status, 2);
  EXPECT_THAT(run_inlay(folder, "data check cells -o fixed").err, HasSubstr("--fix and -o DIR go together"));
  const Outcome run = run_inlay(folder, "data check cells --fix -o fixed");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("left out: cannot read"), HasSubstr("fixed: 11 images; ")));
  EXPECT_EQ(run_inlay(folder, "data check fixed").status, 0);
  EXPECT_EQ(run_inlay(folder, "data check cells").status, 2) << "nothing is changed in place";
}

TEST_F(Data, InfoSaysWhatThereIs) {
  Outcome run = run_inlay(folder, "data info cells");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("format    folder\n"), HasSubstr("size      32x32, all of them\n"),
                    HasSubstr("channels  1\n"), HasSubstr("values    8 bits\n"), HasSubstr(" share   images\n")));
  write_image(folder / "cells/train/images/large.png", {Tensor(DType::u8, {40, 64, 1})});
  write_image(folder / "cells/train/masks/large.png", {Tensor(DType::u8, {40, 64, 1})});
  run = run_inlay(folder, "data info cells");
  EXPECT_THAT(run.out,
              AllOf(HasSubstr("median"), HasSubstr("  height          32       32       32       32       40\n"),
                    HasSubstr("'inlay data check cells' lists what was found")));
}

TEST_F(Data, InfoDrawsASheet) {
  const Outcome run = run_inlay(folder, "data info cells --sheet sheet.png --images 4");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(read_image(folder / "sheet.png").width(), 4 * 252 + 12);
}

TEST_F(Data, PreviewDrawsVariations) {
  Outcome run = run_inlay(folder,
                          "data preview cells -o sheet.png --images 2 --variations 1 --augment free --seed 3 "
                          "--augment-set cutout=1 --augment-set jpeg=0.5 --size 24x24");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out, "sheet.png: 2 images, 1 variations of each\n");
  EXPECT_EQ(read_image(folder / "sheet.png").width(), 2 * 252 + 12);
  run = run_inlay(folder, "data preview cells -o other.png --augment-set cutout=2");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("augmentation 'cutout' is 2, expected 0 to 1"));
  EXPECT_FALSE(std::filesystem::exists(folder / "other.png"));
  EXPECT_THAT(run_inlay(folder, "data preview cells -o other.png --augment fre").err, HasSubstr("did you mean 'free'"));
}

TEST_F(Data, PreviewTakesItsPolicyFromAConfigFile) {
  std::ofstream(folder / "c.toml") << "[augment]\npolicy = \"none\"\nflip_vertical = 1\n";
  const std::string words = "data preview cells --images 1 --variations 1 -o ";
  ASSERT_EQ(run_inlay(folder, words + "a.png --config c.toml").status, 0);
  ASSERT_EQ(run_inlay(folder, words + "b.png --augment none --augment-set flip_vertical=1").status, 0);
  ASSERT_EQ(run_inlay(folder, words + "c.png --augment none").status, 0);
  EXPECT_EQ(contents(folder / "a.png"), contents(folder / "b.png"));
  EXPECT_NE(contents(folder / "a.png"), contents(folder / "c.png"));
}

TEST_F(Data, PreviewListsTheFieldsOfAugmentation) {
  const std::string help = run_inlay(folder, "data preview --help").out;
  EXPECT_THAT(help, AllOf(HasSubstr("  flip_horizontal"), HasSubstr("  copy_paste"), HasSubstr("upright")));
}

}  // namespace
}  // namespace inlay::testing
