// Data and files that cannot be used: each is named, nothing is left behind, the code is 2.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "cli/program.h"
#include "inlay/image.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Mask flat_mask(std::int64_t height, std::int64_t width, std::uint8_t value) {
  Mask mask{Tensor(DType::u8, {height, width})};
  for (std::uint8_t& label : mask.labels.data<std::uint8_t>()) label = value;
  return mask;
}

class Errors : public ::testing::Test {
 protected:
  /// data/images/NAME.png and its mask.
  void add_pair(const std::string& name, std::int64_t mask_height = 16, std::uint8_t value = 1) {
    write_image(data / "images" / (name + ".png"), Image{Tensor(DType::u8, {16, 16, 1})});
    write_mask(data / "masks" / (name + ".png"), flat_mask(mask_height, 16, value));
  }
  void name_classes() { std::ofstream(data / "classes.txt") << "0 background\n1 cell\n"; }
  Outcome train() { return run_inlay(folder, "train data -o run --epochs 1 --width 4 --depth 2 --threads 1"); }

  TempFolder folder;
  std::filesystem::path data = folder / "data";
};

TEST_F(Errors, MissingAndEmptyFolders) {
  Outcome run = train();
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("'data'"), HasSubstr("missing")));
  std::filesystem::create_directories(data);
  run = train();
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("data"));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_F(Errors, AMaskValueOutsideTheClassesIsNamedWithItsPixel) {
  for (const char* name : {"a", "b", "c", "d"}) add_pair(name);
  name_classes();
  add_pair("e", 16, 7);
  const Outcome run = run_inlay(folder, "data check data");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.out, AllOf(HasSubstr("unknown-values"), HasSubstr("e.png"), HasSubstr("has the value 7 at x")));
  EXPECT_EQ(run.err, "inlay: error: training on 'data' would fail\n");
}

TEST_F(Errors, AnImageAndAMaskOfDifferentSizes) {
  for (const char* name : {"a", "b", "c", "d"}) add_pair(name);
  name_classes();
  add_pair("b", 12);
  const Outcome run = train();
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("b.png"), HasSubstr("16x16"), HasSubstr("12x16")));
}

TEST_F(Errors, ATruncatedPicture) {
  for (const char* name : {"a", "b", "c", "d"}) add_pair(name);
  name_classes();
  std::filesystem::resize_file(data / "images" / "c.png", 50);
  const Outcome run = train();
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("c.png"));
  const Outcome check = run_inlay(folder, "data check data");
  EXPECT_EQ(check.status, 2);
  EXPECT_THAT(check.out, HasSubstr("c.png"));
}

TEST_F(Errors, AModelFileThatIsNone) {
  add_pair("a");
  Outcome run = run_inlay(folder, "predict missing.onnx data/images -o out");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("missing.onnx"));
  ASSERT_EQ(run_inlay(folder, "convert unet --width 4 --depth 2 -o net.onnx").status, 0);
  std::filesystem::resize_file(folder / "net.onnx", std::filesystem::file_size(folder / "net.onnx") / 2);
  run = run_inlay(folder, "predict net.onnx data/images -o out");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("net.onnx"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_F(Errors, OneClassIsNothingToTellApart) {
  for (const char* name : {"a", "b", "c", "d"}) add_pair(name, 16, 0);
  std::ofstream(data / "classes.txt") << "0 background\n";
  const Outcome run = train();
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("one class only (background)"), HasSubstr("name a second one")));
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_F(Errors, NumbersOfThreadsOutOfRange) {
  for (const char* name : {"a", "b", "c", "d"}) add_pair(name);
  for (const auto& [option, message] : {std::pair{"--threads -3", "threads is -3; expected 0 to 4096"},
                                        std::pair{"--threads 4294967297", "expected 0 to 4096"},
                                        std::pair{"--workers 1000", "workers is 1000; expected 1 to 256"}}) {
    const Outcome run = run_inlay(folder, std::string("train data -o run ") + option);
    EXPECT_EQ(run.status, 2) << option;
    EXPECT_THAT(run.err, HasSubstr(message));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

// What a disk that was full before the first state could be saved leaves behind.
TEST_F(Errors, AFolderWithoutAStateIsNotSentToAndFro) {
  for (const char* name : {"a", "b", "c", "d"}) add_pair(name);
  std::filesystem::create_directories(folder / "run");
  std::ofstream(folder / "run/best.onnx") << "x";
  Outcome run = train();
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("is not empty (best.onnx) and holds no run"), HasSubstr("empty it")));
  run = run_inlay(folder, "train data -o run --resume");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("nothing to resume"), HasSubstr("in an empty or new folder")));
}

TEST_F(Errors, LinksThatGoRoundInACircle) {
  std::filesystem::create_symlink("loop", folder / "loop");
  ASSERT_EQ(run_inlay(folder, "convert unet --width 4 --depth 2 -o net.onnx").status, 0);
  add_pair("a");
  for (const char* words : {"train loop", "data check loop", "predict net.onnx loop -o out",
                            "predict net.onnx data/images -o loop", "evaluate loop data"}) {
    const Outcome run = run_inlay(folder, words);
    EXPECT_EQ(run.status, 2) << words;
    EXPECT_THAT(run.err, AllOf(HasSubstr("'loop'"), ::testing::Not(HasSubstr("filesystem error")))) << words;
  }
}

TEST_F(Errors, AClosedOutputDoesNotMixWithFiles) {
  for (const char* name : {"a", "b", "c", "d"}) add_pair(name);
  const std::string words = "train data --epochs 1 --width 4 --depth 2 --threads 1 --tune false -o ";
  ASSERT_EQ(run_inlay(folder, words + "open").status, 0);
  EXPECT_EQ(run_shell(folder, "inlay " + words + "mute 2>&-").status, 0);
  EXPECT_EQ(run_shell(folder, "inlay " + words + "closed >&- 2>&-").status, 1);
  for (const char* run : {"mute", "closed"})
    for (const char* name : {"best.onnx", "last.onnx", "lock"})
      EXPECT_EQ(contents(folder / "open" / name), contents(folder / run / name)) << run << "/" << name;
}

TEST_F(Errors, AFullStandardOutputIsSaidOnce) {
  const Outcome run = run_shell(folder, "inlay summary unet --width 4 > /dev/full");
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(std::ranges::count(run.err, '\n'), 1) << run.err;
  EXPECT_THAT(run.err, HasSubstr("No space left on device"));
}

TEST_F(Errors, BceNeedsTwoClasses) {
  for (const char* name : {"a", "b", "c", "d"}) add_pair(name);
  std::ofstream(data / "classes.txt") << "0 background\n1 cell\n2 wall\n";
  const Outcome run = run_inlay(folder, "train data -o run --loss bce");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("two classes"));
}

}  // namespace
}  // namespace inlay::testing
