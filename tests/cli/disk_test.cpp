// A disk that is full, and runs that write into one folder at the same time.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

class Disk : public ::testing::Test {
 protected:
  void SetUp() override {
    draw_cells(folder);
    const Outcome run = run_inlay(folder, "convert unet --width 2 --depth 1 --channels 1 --classes 2 -o net.onnx");
    ASSERT_EQ(run.status, 0) << run.err;
  }
  /// Files may have no more than `blocks` of 512 bytes.
  Outcome with_limit(int blocks, const std::string& arguments) {
    return run_shell(folder, "ulimit -f " + std::to_string(blocks) + "; inlay " + arguments);
  }
  /// The same command three times at once; fails the test unless all succeed.
  void at_once(const std::string& arguments) {
    std::string line = "for i in 1 2 3; do inlay " + arguments + " >$i.log 2>&1 & all=\"$all $!\"; done\n";
    const Outcome run = run_shell(folder, line + "for one in $all; do wait $one || exit 1; done");
    EXPECT_EQ(run.status, 0) << contents(folder / "1.log") << contents(folder / "2.log") << contents(folder / "3.log");
  }

  TempFolder folder;
};

TEST_F(Disk, TablesOfPredictThatDoNotFit) {
  const std::string predict = "predict net.onnx cells/val/images --no-tune -o ";
  ASSERT_EQ(run_inlay(folder, predict + "whole").status, 0);
  const std::vector<std::string> masks = files_below(folder / "whole");
  for (const auto& [option, file] :
       {std::pair{" --coco", "coco.json"}, {" --rle", "rle.csv"}, {" --areas", "areas.csv"}}) {
    const std::string out = "out" + std::string(file);
    std::filesystem::create_directories(folder / out);
    std::filesystem::create_symlink("/dev/full", folder / out / file);
    const Outcome run = run_inlay(folder, predict + out + option);
    EXPECT_EQ(run.status, 1) << file;
    EXPECT_THAT(run.err, HasSubstr("inlay: error: cannot write '" + out + "/" + file + "': No space left on device"));
    std::filesystem::remove(folder / out / file);
    EXPECT_EQ(files_below(folder / out), masks) << "the pictures that were labelled before are whole";
  }
}

TEST_F(Disk, ScoresAreSaidBeforeAPageThatCannotBeWritten) {
  Outcome run = with_limit(4, "evaluate net.onnx cells --no-tune --report page.html --json scores.json");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, AllOf(HasSubstr("mean_iou"), HasSubstr("images in")));
  EXPECT_THAT(run.err, HasSubstr("inlay: error: cannot write '"));
  run = run_inlay(folder, "evaluate net.onnx cells --no-tune --report /dev/full --json scores.json");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, HasSubstr("inlay: error: cannot write '/dev/full': No space left on device"));
  EXPECT_THAT(run.out, HasSubstr("mean_iou"));
  EXPECT_TRUE(nlohmann::json::parse(contents(folder / "scores.json")).contains("mean_iou"));
  EXPECT_FALSE(std::filesystem::exists(folder / "page.html"));
  run = run_inlay(folder, "compare net.onnx net.onnx cells --no-tune -o /dev/null/apart --json both.json");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, HasSubstr("inlay: error: cannot create the folder '/dev/null/apart'"));
  EXPECT_THAT(run.out, AllOf(HasSubstr("mean_iou"), Not(HasSubstr("pictures of them"))));
  EXPECT_TRUE(nlohmann::json::parse(contents(folder / "both.json")).contains("metrics"));
}

TEST_F(Disk, ScoresThatCannotBeSaid) {
  for (const std::string command : {"score cells/val/masks cells", "evaluate net.onnx cells --no-tune"}) {
    Outcome run = run_inlay(folder, command + " --json /dev/full");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.err, HasSubstr("inlay: error: cannot write '/dev/full': No space left on device"));
    EXPECT_THAT(run.out, HasSubstr("mean_iou")) << "the table is not lost";
    run = run_inlay(folder, command + " >/dev/full");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.err, HasSubstr("inlay: error: cannot write to standard output: No space left on device"));
    run = with_limit(1, command + " --json scores.json");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.err, HasSubstr("cannot write 'scores.json': File too large"));
    EXPECT_THAT(files_below(folder.path()), Each(Not(HasSubstr("scores.json"))));
  }
}

TEST_F(Disk, RunsThatPredictIntoOneFolder) {
  const std::string options = " --overlay --probabilities-npy --coco --geojson --no-tune --threads 1 -o ";
  ASSERT_EQ(run_inlay(folder, "predict net.onnx cells/val/images" + options + "alone").status, 0);
  at_once("predict net.onnx cells/val/images" + options + "together");
  EXPECT_EQ(files_below(folder / "together"), files_below(folder / "alone"));
  for (const std::string& file : files_below(folder / "alone"))
    EXPECT_EQ(contents(folder / "together" / file), contents(folder / "alone" / file)) << file;
}

TEST_F(Disk, RunsThatWriteOnePage) {
  at_once("evaluate net.onnx cells --no-tune --threads 1 --report out/page.html --json out/scores.json");
  EXPECT_THAT(files_below(folder / "out"), ::testing::ElementsAre("page.html", "scores.json"));
  EXPECT_THAT(contents(folder / "out/page.html"), ::testing::EndsWith("</html>\n"));
  EXPECT_TRUE(nlohmann::json::parse(contents(folder / "out/scores.json")).contains("mean_iou"));
  at_once("score cells/val/masks cells --json out/scores.json");
  EXPECT_EQ(nlohmann::json::parse(contents(folder / "out/scores.json"))["mean_iou"], 1);
  EXPECT_THAT(files_below(folder / "out"), ::testing::SizeIs(2));
}

}  // namespace
}  // namespace inlay::testing
