#include "tensor/weight_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/files.h"
#include "support/input_error.h"
#include "support/temp_folder.h"
#include "tensor/safetensors.h"

namespace inlay {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

/// A file with the tensor "a" alone, of the stored numbers.
template <class Stored>
std::string file_of(const std::string& type, std::initializer_list<Stored> numbers) {
  const std::string header = fmt::format(R"({{"a":{{"dtype":"{}","shape":[{}],"data_offsets":[0,{}]}}}})", type,
                                         numbers.size(), numbers.size() * sizeof(Stored));
  std::string bytes(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  return (bytes + header).append(reinterpret_cast<const char*>(numbers.begin()), numbers.size() * sizeof(Stored));
}

template <class Stored>
std::vector<float> numbers(const std::string& type, std::initializer_list<Stored> stored) {
  const WeightFile file = parse_weight_file(file_of(type, stored));
  const WeightTensor& tensor = file.at("a");
  EXPECT_EQ(tensor.type, type);
  EXPECT_EQ(tensor.shape, Shape{static_cast<std::int64_t>(stored.size())});
  const auto data = tensor.numbers.data<float>();
  return {data.begin(), data.end()};
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(WeightFile, ReadsFloatsOfEverySize) {
  EXPECT_THAT(numbers<float>("F32", {1.5f, -3e-38f}), ElementsAre(1.5f, -3e-38f));
  EXPECT_THAT(numbers<double>("F64", {0.1, -1e-300}), ElementsAre(0.1f, 0.0f));
  EXPECT_THAT(numbers<double>("F64", {std::numeric_limits<double>::infinity()}), ElementsAre(kInfinity));
  EXPECT_THAT(numbers<std::uint16_t>("BF16", {0x3f80, 0xc000, 0x0001, 0x7f80}),
              ElementsAre(1.0f, -2.0f, std::ldexp(1.0f, -133), kInfinity));
}

TEST(WeightFile, ReadsEveryKindOfHalf) {
  // One; -2; the largest; the smallest normal one; the largest and the smallest below it; zeros; infinities.
  EXPECT_THAT(numbers<std::uint16_t>("F16", {0x3c00, 0xc000, 0x7bff, 0x0400, 0x03ff, 0x0001, 0x0000, 0x7c00, 0xfc00}),
              ElementsAre(1.0f, -2.0f, 65504.0f, std::ldexp(1.0f, -14), 1023 * std::ldexp(1.0f, -24),
                          std::ldexp(1.0f, -24), 0.0f, kInfinity, -kInfinity));
  EXPECT_TRUE(std::signbit(numbers<std::uint16_t>("F16", {0x8000})[0]));
  EXPECT_TRUE(std::isnan(numbers<std::uint16_t>("F16", {0x7e01})[0]));
  // All 65536 by the definition in other words: sign * 2^(e - 15) * 1.f.
  for (unsigned bits = 0x0400; bits < 0x7c00; bits += 37) {
    const double value = std::exp2(static_cast<int>(bits >> 10) - 15) * (1 + (bits & 1023) / 1024.0);
    ASSERT_EQ(numbers<std::uint16_t>("F16", {static_cast<std::uint16_t>(bits)})[0], value) << bits;
  }
}

TEST(WeightFile, KeepsOtherTypesWithoutTheirNumbers) {
  for (const char* type : {"I64", "U64", "C64"}) {
    const WeightFile file = parse_weight_file(file_of<std::int64_t>(type, {7, 8}));
    EXPECT_EQ(file.at("a").type, type);
    EXPECT_EQ(file.at("a").shape, Shape{2});
    EXPECT_TRUE(file.at("a").numbers.empty()) << type;
  }
  for (const char* type : {"I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0"})
    EXPECT_TRUE(parse_weight_file(file_of<std::uint8_t>(type, {1, 0, 1})).at("a").numbers.empty()) << type;
  for (const char* type : {"I16", "U16"})
    EXPECT_TRUE(parse_weight_file(file_of<std::uint16_t>(type, {1})).at("a").numbers.empty()) << type;
  for (const char* type : {"I32", "U32"})
    EXPECT_TRUE(parse_weight_file(file_of<std::uint32_t>(type, {1})).at("a").numbers.empty()) << type;
}

TEST(WeightFile, RefusesWhatItCannotHold) {
  EXPECT_THAT(input_error([] {
                parse_weight_file(file_of<double>("F64", {1, -1e39}));
              }),
              HasSubstr("tensor 'a' holds the number -1e+39, too large for 32 bits"));
  EXPECT_THAT(input_error([] { parse_weight_file(file_of<std::uint8_t>("F4", {1})); }),
              AllOf(HasSubstr("tensor 'a' has elements of type 'F4', expected one of F64, F32, F16, BF16, I64"),
                    HasSubstr(", BOOL")));
  EXPECT_THAT(input_error([] {
                parse_weight_file(file_of<std::uint8_t>("F16", {1, 2, 3}));
              }),
              HasSubstr("tensor 'a' is F16 3 but has the bytes 0 to 3"));
}

TEST(WeightFile, IsReadFromDiskAndNamed) {
  const testing::TempFolder folder;
  write_safetensors(folder / "a.safetensors", {{{"x", Tensor::of<float>({1, 2}, {3, 4})}}, {}});
  EXPECT_EQ(read_weight_file(folder / "a.safetensors").at("x").numbers.data<float>()[1], 4);
  write_file(folder / "b.safetensors", "no");
  EXPECT_THAT(input_error([&] { read_weight_file(folder / "b.safetensors"); }),
              AllOf(HasSubstr("b.safetensors"), HasSubstr("2 bytes, too few")));
}

}  // namespace
}  // namespace inlay
