// inlay data convert and inlay data split.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/program.h"
#include "inlay/dataset.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(DataConvert, WritesOtherLayoutsAndNothingOver) {
  const TempFolder folder;
  draw_cells(folder);
  for (const char* layout : {"voc", "coco", "nnunet", "folder"}) {
    const Outcome outcome = run_inlay(folder, std::string("data convert cells -o out-") + layout + " --to " + layout);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("12 images"), HasSubstr(std::string("from folder to ") + layout)));
    EXPECT_EQ(open_dataset(folder / (std::string("out-") + layout)).size(Split::all), 12);
  }
  const Outcome again = run_inlay(folder, "data convert cells -o out-voc --to voc");
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("'out-voc' is there already and not empty"));
  EXPECT_THAT(run_inlay(folder, "data convert cells -o x --to yolo").err,
              HasSubstr("expected folder, voc, coco or nnunet"));
}

TEST(DataSplit, MakesDataSetsThatListAnother) {
  const TempFolder folder;
  draw_cells(folder);
  const Outcome parts = run_inlay(folder, "data split cells -o parts --val 0.25 --test 0.25");
  EXPECT_EQ(parts.status, 0) << parts.err;
  EXPECT_THAT(parts.out, AllOf(HasSubstr("6 train"), HasSubstr("3 val"), HasSubstr("3 test")));
  EXPECT_EQ(open_dataset(folder / "parts").size(Split::val), 3);
  const Outcome folds = run_inlay(folder, "data split cells -o folds --folds 3 --seed 4");
  EXPECT_EQ(folds.status, 0) << folds.err;
  const Dataset cells = open_dataset(folder / "cells"), last = open_dataset(folder / "folds/fold2");
  EXPECT_EQ(last.names(Split::test), cells.names(Split::test));
  EXPECT_EQ(last.size(Split::all), 12);
  EXPECT_EQ(run_inlay(folder, "data check folds/fold0").status, 0);
}

TEST(DataSplit, SaysWhatIsWrong) {
  const TempFolder folder;
  draw_cells(folder);
  EXPECT_THAT(run_inlay(folder, "data split cells -o x --folds 1").err, HasSubstr("1 folds were asked for"));
  EXPECT_THAT(run_inlay(folder, "data split cells -o x --val 1").err, HasSubstr("below 1 together"));
  EXPECT_EQ(run_inlay(folder, "data split cells -o x --folds 3 --val 0.5").status, 2);
  EXPECT_THAT(run_inlay(folder, "data split cells -o cells").err, HasSubstr("'cells' is there already and not empty"));
}

}  // namespace
}  // namespace inlay::testing
