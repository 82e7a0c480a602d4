// What convert, split and check --fix do when they cannot write, or when two runs write into one folder.
#include <gmock/gmock.h>

#include "cli/program.h"
#include "inlay/dataset.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Each;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class DataOutput : public ::testing::TestWithParam<const char*> {
 protected:
  DataOutput() {
    draw_cells(folder_);
    before_ = files_below(folder_ / "cells");
  }
  std::string command() const { return std::string("inlay data ") + GetParam(); }
  void expect_nothing_is_lost() {
    EXPECT_EQ(files_below(folder_ / "cells"), before_);
    EXPECT_EQ(open_dataset(folder_ / "cells").size(Split::all), 12);
  }

  TempFolder folder_;
  std::vector<std::string> before_;
};

// No file may grow: what writes find on a full disk, but that the reason reads otherwise. What is said goes through a
// pipe, which has no such limit.
TEST_P(DataOutput, FilesThatCannotBeWritten) {
  const Outcome run =
      run_shell(folder_, "{ trap '' XFSZ; ulimit -f 0; " + command() + "; echo \"status $?\"; } 2>&1 | cat");
  EXPECT_THAT(run.out, AllOf(HasSubstr("inlay: error: cannot write 'out/"), HasSubstr("': File too large"),
                             HasSubstr("status 1\n")));
  EXPECT_THAT(files_below(folder_ / "out"), ::testing::IsEmpty()) << "no temporary files stay";
  expect_nothing_is_lost();
}

TEST_P(DataOutput, AFullDisk) {
  const std::string disk = "unshare -rm sh -c 'mkdir -p disk && mount -t tmpfs -o size=4k none disk && ";
  if (run_shell(folder_, disk + "true'").status != 0) GTEST_SKIP() << "no file system can be mounted here";
  std::string line = command();
  line.replace(line.find("inlay "), 6, "$0 ").replace(line.find("-o out"), 6, "-o disk/out");
  const Outcome run = run_shell(folder_, disk + "mkdir disk/out && head -c 4096 /dev/zero >disk/rest; " + line +
                                             "; code=$?; find disk -name \"*.tmp\"; exit $code' \"$PROGRAM\"");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("cannot "), HasSubstr("'disk/out"), HasSubstr("No space left on device")));
  EXPECT_THAT(run.out, Not(HasSubstr(".tmp")));
  expect_nothing_is_lost();
}

TEST_P(DataOutput, TwoRunsAtOnce) {
  const Outcome run = run_shell(folder_, command() + " >one.txt 2>&1 & first=$!\n" + command() +
                                             " >two.txt 2>&1; second=$?\nwait $first; echo $? $second");
  EXPECT_THAT(run.out, AnyOf("0 2\n", "2 0\n"));
  const std::string late = contents(folder_ / (run.out[0] == '2' ? "one.txt" : "two.txt"));
  EXPECT_THAT(late, AnyOf(HasSubstr("another run is writing into 'out'; wait for it, or choose another folder"),
                          HasSubstr("'out' is there already and not empty; choose another folder")));
  EXPECT_THAT(files_below(folder_ / "out"), Each(Not(EndsWith(".tmp"))));
  EXPECT_EQ(open_dataset(folder_ / "out").size(Split::all), 12);
  expect_nothing_is_lost();
}

INSTANTIATE_TEST_SUITE_P(Commands, DataOutput,
                         ::testing::Values("convert cells -o out", "split cells -o out", "check cells --fix -o out"));

}  // namespace
}  // namespace inlay::testing
