#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "base/files.h"
#include "cli/program.h"
#include "inlay/image.h"
#include "inlay/picture_stream.h"
#include "support/npy.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Predict : public ::testing::Test {
 protected:
  void SetUp() override {
    const Outcome run = run_inlay(folder, "convert unet --width 2 --depth 1 --channels 3 --classes 3 -o net.onnx");
    ASSERT_EQ(run.status, 0) << run.err;
  }
  void add(const std::string& path, std::int64_t height = 9, std::int64_t width = 7, std::int64_t channels = 3) {
    write_image(folder / path, Image{Tensor(DType::u8, {height, width, channels})});
  }
  Outcome predict(const std::string& arguments) { return run_inlay(folder, "predict net.onnx " + arguments); }

  TempFolder folder;
};

TEST_F(Predict, PicturesOfAnySizeGreyAndColour) {
  add("in/a.png", 1, 1);
  add("in/b.jpg", 20, 11);
  add("in/c.tif", 9, 7, 1);
  std::ofstream(folder / "in/notes.txt") << "no picture";
  const Outcome run = predict("in -o out --no-tune --threads 1");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("3 of 3 pictures"));
  EXPECT_THAT(files_below(folder / "out"), ElementsAre("a.png", "b.png", "c.png"));
  EXPECT_EQ(read_mask(folder / "out/b.png").width(), 11);
}

TEST_F(Predict, SamplesOfDropoutLeaveTheirMeanAndTheirSpread) {
  const Outcome made =
      run_inlay(folder, "convert unet --width 4 --depth 1 --classes 3 --set dropout=0.4 -o dropping.onnx");
  ASSERT_EQ(made.status, 0) << made.err;
  Image image{Tensor(DType::u8, {9, 7, 3})};
  for (std::size_t i = 0; i < image.pixels.bytes(); ++i)
    image.pixels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 37);
  write_image(folder / "a.png", image);
  for (const char* out : {"once", "again"}) {
    const Outcome run =
        run_inlay(folder, std::string("predict dropping.onnx a.png --samples 6 --overlay --no-tune -o ") + out);
    EXPECT_EQ(run.status, 0) << run.err;
  }
  EXPECT_THAT(files_below(folder / "once"), ElementsAre("a.png", "a_overlay.png", "a_uncertainty.png"));
  const Tensor spread = read_image(folder / "once/a_uncertainty.png").pixels;
  ASSERT_EQ(spread.type(), DType::f32) << "16 bits";
  ASSERT_EQ(spread.shape(), (Shape{9, 7, 1}));
  EXPECT_GT(*std::ranges::max_element(spread.data<float>()), 0.0f);
  for (const char* file : {"a.png", "a_uncertainty.png"})
    EXPECT_EQ(read_file(folder / "once" / file), read_file(folder / "again" / file)) << file;
}

TEST_F(Predict, SamplesNeedADropoutAndMoreThanOne) {
  add("in/a.png");
  EXPECT_THAT(predict("in -o out --samples 4").err,
              HasSubstr("inlay: error: 'net.onnx' has no dropout, so all samples would be the same"));
  const Outcome one = predict("in -o out --samples 1");
  EXPECT_EQ(one.status, 2);
  EXPECT_THAT(one.err, HasSubstr("samples is 1; expected 2 or more"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_F(Predict, WhatCannotBeReadIsLeftOutAndNamed) {
  for (const char* path : {"in/a.png", "in/b.png", "in/c.png"}) add(path);
  std::filesystem::resize_file(folder / "in/b.png", 45);
  const Outcome run = predict("in -o out --overlay");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out, HasSubstr("2 of 3 pictures"));
  EXPECT_THAT(run.err, AllOf(HasSubstr("inlay: error: "), HasSubstr("in/b.png")));
  EXPECT_THAT(files_below(folder / "out"), ElementsAre("a.png", "a_overlay.png", "c.png", "c_overlay.png"));
}

TEST_F(Predict, AnErrorOfTheDecoderIsOneLine) {
  add("in/a.png");
  std::string tiff("II*\0\x08\0\0\0", 8);
  const auto put = [&](unsigned value, int bytes) {
    for (; bytes > 0; --bytes, value >>= 8) tiff += static_cast<char>(value & 0xFF);
  };
  // Of one pixel in colour with two channels: width, height, bits, compression, photometric, strip, channels, rows,
  // bytes.
  constexpr std::pair<unsigned, unsigned> kTags[] = {{256, 1}, {257, 1}, {258, 8}, {259, 1}, {262, 2},
                                                     {273, 8}, {277, 2}, {278, 1}, {279, 2}};
  put(std::size(kTags), 2);
  for (const auto& [tag, value] : kTags) {
    put(tag, 2);
    put(3, 2);
    put(1, 4);
    put(value, 4);
  }
  put(0, 4);
  std::ofstream(folder / "in/b.tif", std::ios::binary) << tiff;
  const Outcome run = predict("in -o out --no-tune --threads 1");
  EXPECT_EQ(run.status, 1);
  // A run that waits for the processor for half a minute says how far it is, too.
  std::vector<std::string> lines;
  std::istringstream text(run.err);
  for (std::string line; std::getline(text, line);)
    if (!line.starts_with("labelling ")) lines.push_back(line);
  EXPECT_THAT(lines, ElementsAre(HasSubstr("inlay: a picture of 9x7 is padded"),
                                 AllOf(HasSubstr("in/b.tif"), ::testing::StartsWith("inlay: error: "))));
  EXPECT_THAT(files_below(folder / "out"), ElementsAre("a.png"));
}

TEST_F(Predict, ResultsThatWouldCollideAreRefusedBeforeAnyWork) {
  for (const char* path : {"one/a.png", "two/a.png", "two/a.jpg", "two/a_overlay.png"}) add(path);
  Outcome run = predict("one two/a.png -o out");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err,
              AllOf(HasSubstr("one/a.png"), HasSubstr("two/a.png"), HasSubstr("would both be written to 'out/a.png'")));
  run = predict("one/a.png two/a_overlay.png -o out --overlay");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("would both be written to 'out/a_overlay.png'"));
  run = predict("one/a.png -o one");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("'one/a.png' would be overwritten"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  EXPECT_EQ(predict("one one/a.png ./one/../one/a.png -o out").status, 0) << "the same file three times";
}

TEST_F(Predict, InputsThatAreNotThere) {
  std::filesystem::create_directories(folder / "empty");
  EXPECT_THAT(predict("gone.png -o out").err, HasSubstr("there is no 'gone.png'"));
  EXPECT_THAT(predict("'gone*.png' -o out").err, HasSubstr("no picture matches 'gone*.png'"));
  const Outcome run = predict("empty -o out");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("the folder 'empty' holds no picture"));
}

TEST_F(Predict, AFolderThatCannotBeWritten) {
  add("in/a.png");
  std::ofstream(folder / "out") << "a file";
  const Outcome run = predict("in -o out");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, HasSubstr("inlay: error: "));
}

TEST_F(Predict, TilesAndTheWholePictureGiveOneMask) {
  Image image{Tensor(DType::u8, {300, 260, 3})};
  for (std::size_t i = 0; i < image.pixels.bytes(); ++i)
    image.pixels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * i / 977 + i / 13);
  write_image(folder / "a.tif", image);
  const Outcome whole = predict("a.tif -o whole --overlay --probabilities --no-tune");
  ASSERT_EQ(whole.status, 0) << whole.err;
  const Outcome tiled = predict("a.tif -o tiled --overlay --probabilities --tile 96 --no-tune");
  ASSERT_EQ(tiled.status, 0) << tiled.err;
  EXPECT_THAT(tiled.err, HasSubstr("a picture of 300x260 is labelled in "));
  EXPECT_THAT(files_below(folder / "tiled"), ::testing::SizeIs(5));
  for (const char* file : {"a.png", "a_overlay.png"})
    EXPECT_EQ(read_file(folder / "tiled" / file), read_file(folder / "whole" / file)) << file;
  EXPECT_EQ(predict("a.tif -o blended --tile 96 --overlap 10 --no-tune").status, 0);
  EXPECT_NE(read_file(folder / "blended/a.png"), "");
}

TEST_F(Predict, MemoryIsABound) {
  add("a.png", 400, 400);
  const Outcome little = predict("a.png -o out --mem 1M");
  EXPECT_EQ(little.status, 1);
  EXPECT_THAT(little.err, AllOf(HasSubstr("inlay: error: "), HasSubstr("and 1 MB are allowed")));
  EXPECT_FALSE(std::filesystem::exists(folder / "out/a.png"));
  EXPECT_THAT(predict("a.png -o out --mem lots").err,
              HasSubstr("--mem: 'lots' is no size; expected a number with M or G, as 2G, or 0 for no limit"));
  EXPECT_THAT(predict("a.png -o out --mem 3Q").err, HasSubstr("'3Q' is no size"));
  EXPECT_EQ(predict("a.png -o out --mem 0.5G --no-tune").status, 0);
  EXPECT_EQ(predict("a.png -o out --mem 0 --no-tune").status, 0);
  EXPECT_THAT(predict("a.png -o out --tile 64 --overlap 64").err, HasSubstr("nothing is left"));
}

TEST_F(Predict, ProbabilitiesAsArraysAndBands) {
  add("a.png");
  const Outcome run = predict("a.png -o out --probabilities-npy --probabilities-tiff --tiff --no-tune");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(files_below(folder / "out"), ElementsAre("a.tif", "a_probabilities.npy", "a_probabilities.tif"));
  const Tensor array = read_npy(folder / "out/a_probabilities.npy");
  ASSERT_EQ(array.shape(), (Shape{3, 9, 7}));
  const Tensor bands = open_picture(folder / "out/a_probabilities.tif")->read(9);
  ASSERT_EQ(bands.shape(), (Shape{9, 7, 3}));
  const Mask mask = read_mask(folder / "out/a.tif");
  for (std::size_t i = 0; i < 63; ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_EQ(array.data<float>()[c * 63 + i], bands.data<float>()[i * 3 + c]);
      EXPECT_LE(array.data<float>()[c * 63 + i], array.data<float>()[mask.labels.data<std::uint8_t>()[i] * 63 + i]);
      sum += static_cast<double>(array.data<float>()[c * 63 + i]);
    }
    EXPECT_NEAR(sum, 1, 1e-6);
  }
}

TEST_F(Predict, EnsemblesAndTestTimeAugmentation) {
  add("a.png");
  ASSERT_EQ(run_inlay(folder, "convert unet --width 2 --depth 1 --classes 3 --seed 5 -o other.onnx").status, 0);
  ASSERT_EQ(run_inlay(folder, "convert unet --width 2 --depth 1 --classes 2 -o two.onnx").status, 0);
  const Outcome run = predict("other.onnx a.png -o out --probabilities-npy --tta d4 --no-tune");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(read_npy(folder / "out/a_probabilities.npy").shape(), (Shape{3, 9, 7}));
  EXPECT_THAT(predict("two.onnx a.png -o out").err,
              HasSubstr("one model has 3 output channels and another 2; an ensemble's must agree"));
  const Outcome scales = predict("a.png -o scales --probabilities-npy --tta flips,scales --no-tune");
  EXPECT_EQ(scales.status, 0) << scales.err;
  EXPECT_NE(contents(folder / "scales/a_probabilities.npy"), contents(folder / "out/a_probabilities.npy"));
  for (const char* kind : {"quarter", "flips,d4", "scales,scales", "none,flips", "flips,"}) {
    const Outcome refused = predict(std::string("a.png -o out --tta ") + kind);
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err,
                HasSubstr("--tta: '" + std::string(kind) + "' is not possible; expected none, flips, d4, "));
  }
  EXPECT_THAT(predict("other.onnx a.png -o out --samples 3").err,
              HasSubstr("samples are drawn from one model, without augmentation"));
  EXPECT_THAT(predict("other.onnx -o out").err, HasSubstr("no picture is named"));
}

TEST_F(Predict, ListsOfPictures) {
  for (const char* path : {"in/a.png", "in/b.png", "in/more/c.png"}) add(path);
  std::ofstream(folder / "in/list.txt") << "# of interest\na.png\r\n\nmore\n";
  EXPECT_EQ(predict("@in/list.txt -o out --no-tune").status, 0);
  EXPECT_THAT(files_below(folder / "out"), ElementsAre("a.png", "c.png"));
  std::ofstream(folder / "in/list.txt") << "gone.png\n";
  EXPECT_THAT(predict("@in/list.txt -o out").err, HasSubstr("there is no 'in/gone.png'"));
  std::ofstream(folder / "in/list.txt") << "@list.txt\n";
  EXPECT_THAT(predict("@in/list.txt -o out").err, HasSubstr("lists hold pictures"));
  std::ofstream(folder / "in/list.txt") << "\n";
  EXPECT_THAT(predict("@in/list.txt -o out").err, HasSubstr("the list 'in/list.txt' names no picture"));
  EXPECT_THAT(predict("@none.txt -o out").err, HasSubstr("cannot read 'none.txt'"));
}

TEST_F(Predict, ResumeLeavesOutWhatIsComplete) {
  for (const char* path : {"in/a.png", "in/b.png"}) add(path);
  ASSERT_EQ(predict("in/a.png -o out --overlay --no-tune").status, 0);
  std::ofstream(folder / "out/a.png") << "left alone";
  const Outcome run = predict("in -o out --overlay --resume --no-tune");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("1 of 2 pictures labelled"), HasSubstr("(1 were there already)")));
  EXPECT_EQ(contents(folder / "out/a.png"), "left alone");
  std::filesystem::remove(folder / "out/b_overlay.png");
  EXPECT_THAT(predict("in -o out --overlay --resume --no-tune").out, HasSubstr("1 of 2 pictures labelled"));
}

TEST_F(Predict, AnInterruptLeavesWholeFilesOnly) {
  add("in/a.png");
  add("in/b.png", 4000, 4000);
  const Outcome run = run_shell(folder,
                                "timeout --foreground --preserve-status -s INT 1.5 \"$PROGRAM\" predict net.onnx in -o "
                                "out --overlay --tta d4 --tile 256 "
                                "--no-tune --threads 1");
  EXPECT_EQ(run.status, 1) << run.err;
  EXPECT_THAT(run.err, HasSubstr("inlay: stopping; what is not finished leaves no file"));
  EXPECT_THAT(run.out, HasSubstr("1 of 2 pictures labelled"));
  EXPECT_THAT(files_below(folder / "out"), ElementsAre("a.png", "a_overlay.png"));
}

TEST_F(Predict, AFullDiskIsAnErrorAndLeavesNothing) {
  Image image{Tensor(DType::u8, {200, 200, 3})};
  for (std::size_t i = 0; i < image.pixels.bytes(); ++i)
    image.pixels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * i / 977 + i / 13);
  write_image(folder / "a.png", image);
  for (const char* output : {"--overlay", "--probabilities-npy", "--probabilities-tiff"}) {
    const Outcome run =
        run_shell(folder, std::string("ulimit -f 8; inlay predict net.onnx a.png -o out --no-tune ") + output);
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.err, AllOf(HasSubstr("inlay: error: cannot write 'out/a_"), HasSubstr("File too large"))) << output;
    EXPECT_THAT(files_below(folder / "out"), ::testing::IsEmpty());
  }
}

}  // namespace
}  // namespace inlay::testing
