#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "image/volumes/open_volumes.h"
#include "inlay/error.h"
#include "support/temp_folder.h"
#include "support/tiny_nifti.h"

namespace inlay {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::gzip;
using ::testing::HasSubstr;
using testing::make_nifti;
using testing::message_of;
using testing::NiftiLayout;

class Nifti : public ::testing::Test {
 protected:
  // A new file: one that is cut to nothing first may wait for the disk.
  void write(const std::string& bytes) const {
    std::filesystem::remove(path_);
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  std::vector<float> slice(const std::string& bytes, std::int64_t number = 0, std::int64_t channel = 0) const {
    write(bytes);
    const Tensor values = NiftiFile(path_).read(number, channel);
    return {values.data<float>().begin(), values.data<float>().end()};
  }
  std::string complaint(const std::string& bytes, std::int64_t number = 0) const {
    return message_of<InputError>([&] { slice(bytes, number); });
  }
  template <class T>
  void expect_type(int type) const {
    const auto low = static_cast<T>(std::numeric_limits<T>::is_signed ? -7 : 7);
    for (const bool swapped : {false, true})
      EXPECT_THAT(slice(make_nifti<T>({.sides = {2, 1}, .type = type, .swapped = swapped}, {low, 100})),
                  ElementsAre(static_cast<float>(low), 100.0f))
          << type;
  }

  testing::TempFolder folder_;
  std::filesystem::path path_ = folder_ / "volume.nii.gz";
};

TEST_F(Nifti, SlicesOfRows) {
  const std::string file = make_nifti<std::uint8_t>({.sides = {3, 2, 2}}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255});
  for (const std::string& bytes : {file, gzip(file)}) {
    EXPECT_THAT(slice(bytes, 0), ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_THAT(slice(bytes, 1), ElementsAre(6, 7, 8, 9, 10, 255));
    EXPECT_EQ(NiftiFile(path_).read(1, 0).shape(), (Shape{2, 3, 1}));
  }
}

TEST_F(Nifti, AllTypesInBothOrders) {
  expect_type<std::uint8_t>(2);
  expect_type<std::int16_t>(4);
  expect_type<std::int32_t>(8);
  expect_type<float>(16);
  expect_type<double>(64);
  expect_type<std::int8_t>(256);
  expect_type<std::uint16_t>(512);
  expect_type<std::uint32_t>(768);
  expect_type<std::int64_t>(1024);
  expect_type<std::uint64_t>(1280);
}

TEST_F(Nifti, TheSecondVersion) {
  for (const bool swapped : {false, true})
    EXPECT_THAT(
        slice(make_nifti<std::int16_t>({.sides = {2, 1, 2}, .type = 4, .slope = 0.5, .swapped = swapped, .version = 2},
                                       {1, 2, 3, -4}),
              1),
        ElementsAre(1.5f, -2.0f));
}

TEST_F(Nifti, SlopeAndIntercept) {
  const auto scaled = [&](double slope, double intercept) {
    return slice(
        make_nifti<std::int16_t>({.sides = {2, 1}, .type = 4, .slope = slope, .intercept = intercept}, {0, 10}));
  };
  EXPECT_THAT(scaled(2.0, -1024.0), ElementsAre(-1024, -1004));
  EXPECT_THAT(scaled(0.0, 5.0), ElementsAre(0, 10)) << "a slope of 0 means that nothing is scaled";
  EXPECT_THAT(scaled(std::numeric_limits<double>::quiet_NaN(), 5.0), ElementsAre(0, 10));
  EXPECT_THAT(message_of<InputError>([&] { scaled(1.0, std::numeric_limits<double>::infinity()); }),
              HasSubstr("its intercept is inf"));
}

TEST_F(Nifti, TheFourthDimensionIsChannels) {
  const std::string file = make_nifti<std::uint8_t>({.sides = {1, 1, 2, 3}}, {1, 2, 11, 12, 21, 22});
  EXPECT_THAT(slice(file, 1, 0), ElementsAre(2));
  EXPECT_THAT(slice(file, 0, 2), ElementsAre(21));
  EXPECT_THAT(message_of<InputError>([&] { slice(file, 2, 0); }),
              HasSubstr("there is no slice 2 of channel 0; it has 2 slices and 3 channels"));
  EXPECT_THAT(slice(make_nifti<std::uint8_t>({.sides = {1, 1, 1, 1, 1}}, {9})), ElementsAre(9));
  EXPECT_THAT(complaint(make_nifti<std::uint8_t>({.sides = {1, 1, 1, 1, 3}}, {1, 2, 3})), HasSubstr("5 dimensions"));
}

TEST_F(Nifti, WhatIsNotFiniteIsAnError) {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
    EXPECT_THAT(complaint(make_nifti<float>({.sides = {2, 1}, .type = 16}, {0.0f, value})),
                AllOf(HasSubstr("cannot read '" + path_.string()), HasSubstr("not finite")));
}

TEST_F(Nifti, WhatIsWrongIsSaid) {
  const NiftiLayout plain{.sides = {2, 1}};
  const std::vector<std::uint8_t> values{1, 2};
  EXPECT_THAT(message_of<InputError>([&] { NiftiFile(folder_ / "none.nii"); }), HasSubstr("No such file"));
  EXPECT_THAT(message_of<InputError>([&] { NiftiFile(folder_.path()); }), HasSubstr("cannot read"));
  EXPECT_THAT(complaint(""), HasSubstr("the file is empty"));
  EXPECT_THAT(complaint("<html>not here</html>"), HasSubstr("it is damaged or no NIfTI"));
  std::string other = make_nifti(plain, values);
  other.replace(344, 3, "ni1");
  EXPECT_THAT(complaint(other), HasSubstr("a pair of files (.hdr and .img)"));
  other.replace(344, 3, "abc");
  EXPECT_THAT(complaint(other), HasSubstr("it is damaged or no NIfTI"));
  EXPECT_THAT(complaint(make_nifti<std::uint8_t>({.sides = {2, 1}, .type = 128}, values)),
              HasSubstr("its values are of the type 128 (colours, complex numbers or bits)"));
  EXPECT_THAT(complaint(make_nifti<std::uint8_t>({.sides = {2, -1}}, values)), HasSubstr("side 2 has -1 values"));
  EXPECT_THAT(complaint(make_nifti<std::uint8_t>({.sides = {2}}, values)), HasSubstr("it claims 1 dimensions"));
  EXPECT_THAT(complaint(make_nifti<std::uint8_t>({.sides = {2, 1}, .offset = 100}, values)),
              HasSubstr("its values start at byte 100"));
  EXPECT_THAT(complaint(make_nifti<std::uint8_t>({.sides = {1LL << 40, 1, 1}, .version = 2}, values)),
              HasSubstr("2^20 pixels a side"));
  EXPECT_THAT(complaint(make_nifti<std::uint8_t>({.sides = {1, 1, 1LL << 40}, .version = 2}, values)),
              HasSubstr("it claims 1099511627776 slices"));
  EXPECT_THAT(complaint(make_nifti<double>({.sides = {32000, 32000}, .type = 64}, {1.0})),
              HasSubstr("it is damaged, or too large"));
}

TEST_F(Nifti, DamageIsTold) {
  std::vector<std::int16_t> values(24);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::int16_t>(100 * i);
  const std::string plain = make_nifti<std::int16_t>({.sides = {3, 4, 2}, .type = 4}, values), packed = gzip(plain);
  ::testing::internal::CaptureStderr();
  for (const std::string& file : {plain, packed})
    for (std::size_t length = 0; length < file.size(); ++length)
      EXPECT_NE(complaint(file.substr(0, length), 1), "nothing was thrown") << length << " of " << file.size();
  EXPECT_THAT(complaint(plain.substr(0, plain.size() - 3), 1), HasSubstr("it is cut short in slice 1 of 2"));
  EXPECT_THAT(complaint(packed.substr(0, packed.size() - 12), 1), HasSubstr("it is cut short"));
  for (std::size_t i = 0; i < packed.size(); ++i) {
    std::string flipped = packed;
    flipped[i] = static_cast<char>(flipped[i] ^ 1 << i % 8);
    complaint(flipped, 1);
  }
  std::string flipped = packed;
  flipped[flipped.size() - 10] = static_cast<char>(flipped[flipped.size() - 10] ^ 4);
  EXPECT_THAT(complaint(flipped, 1), HasSubstr("it is damaged (incorrect data check)"));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST_F(Nifti, SlicesInAnyOrderThroughOpenVolumes) {
  std::vector<std::uint8_t> values(60);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i);
  write(gzip(make_nifti<std::uint8_t>({.sides = {1, 1, 20, 3}}, values)));
  OpenVolumes volumes;
  for (const std::int64_t slice : {0, 1, 2, 7, 19, 3, 3, 18, 0})
    for (const std::int64_t channel : {0, 2, 1})
      EXPECT_EQ(volumes.read(path_, slice, channel).data<float>()[0], static_cast<float>(20 * channel + slice));
}

TEST_F(Nifti, OneFileIsReadForwardsOnce) {
  write(make_nifti<std::uint8_t>({.sides = {1, 1, 3}}, {1, 2, 3}));
  OpenVolumes volumes;
  EXPECT_EQ(volumes.read(path_, 0, 0).data<float>()[0], 1.0f);
  std::filesystem::remove(path_);
  EXPECT_EQ(volumes.read(path_, 1, 0).data<float>()[0], 2.0f) << "the file stays open";
  EXPECT_THAT(message_of<InputError>([&] { volumes.read(path_, 0, 0); }), HasSubstr("No such file"));
}

TEST_F(Nifti, LabelsAreWholeNumbers) {
  OpenVolumes volumes;
  write(make_nifti<float>({.sides = {2, 1, 1}, .type = 16}, {0.0f, 3.0f}));
  EXPECT_THAT(volumes.read_mask(path_, 0).values.data<std::int32_t>(), ElementsAre(0, 3));
  write(make_nifti<std::int16_t>({.sides = {2, 1, 1}, .type = 4, .slope = 0.0001}, {0, 20000}));
  EXPECT_THAT(OpenVolumes().read_mask(path_, 0).values.data<std::int32_t>(), ElementsAre(0, 2));
  for (const float value : {0.5f, -1.0f, 65536.0f}) {
    write(make_nifti<float>({.sides = {2, 1, 1}, .type = 16}, {0.0f, value}));
    EXPECT_THAT(message_of<InputError>([&] { OpenVolumes().read_mask(path_, 0); }),
                AllOf(HasSubstr("in slice 0, a mask holds whole numbers from 0 to 65535"), HasSubstr("at x 1, y 0")));
  }
}

}  // namespace
}  // namespace inlay
