#include "tensor/safetensors.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

TensorFile example() {
  TensorFile file;
  file.tensors["z/weight"] = Tensor::of<float>({2, 3}, {1, -2, 3.5f, 0, 1e-30f, 6});
  file.tensors["a/labels"] = Tensor::of<std::uint8_t>({3}, {1, 2, 255});
  file.tensors["b/step"] = Tensor::of<std::int32_t>({}, {-7});
  file.tensors["nothing"] = Tensor(DType::f32, {0, 4});
  file.metadata = {{"epoch", "12"}, {"note", "ü \"quoted\""}};
  return file;
}

std::string with_header(std::string header, std::size_t data_bytes) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> 8 * i & 255);
  return bytes + header + std::string(data_bytes, '\1');
}

std::string error_of(const std::string& header, std::size_t data_bytes) {
  return input_error([&] { parse_safetensors(with_header(header, data_bytes)); });
}

TEST(Safetensors, GivesBackWhatWasWritten) {
  const TensorFile written = example();
  const TensorFile read = parse_safetensors(to_safetensors(written));
  EXPECT_EQ(read.metadata, written.metadata);
  ASSERT_EQ(read.tensors.size(), written.tensors.size());
  for (const auto& [name, tensor] : written.tensors) {
    const Tensor& other = read.tensors.at(name);
    EXPECT_EQ(other.type(), tensor.type()) << name;
    EXPECT_EQ(other.shape(), tensor.shape()) << name;
    EXPECT_TRUE(std::equal(tensor.raw(), tensor.raw() + tensor.bytes(), other.raw())) << name;
  }
}

TEST(Safetensors, LooksAsTheFormatSays) {
  TensorFile file;
  file.tensors["a"] = Tensor::of<std::uint8_t>({2}, {'x', 'y'});
  file.tensors["b"] = Tensor::of<float>({1}, {0});
  const std::string header =
      R"({"a":{"data_offsets":[4,6],"dtype":"U8","shape":[2]},"b":{"data_offsets":[0,4],"dtype":"F32","shape":[1]}})";
  const std::string bytes = to_safetensors(file);
  const std::size_t padded = (header.size() + 7) / 8 * 8;
  ASSERT_EQ(bytes.size(), 8 + padded + 6);
  EXPECT_EQ(static_cast<unsigned char>(bytes[0]), padded);
  EXPECT_EQ(bytes.substr(8, header.size()), header);
  EXPECT_EQ(bytes.substr(8 + padded), std::string("\0\0\0\0xy", 6));
}

TEST(Safetensors, IsDeterministic) { EXPECT_EQ(to_safetensors(example()), to_safetensors(example())); }

TEST(Safetensors, EmptyFileHoldsNothing) {
  const TensorFile read = parse_safetensors(to_safetensors({}));
  EXPECT_TRUE(read.tensors.empty());
  EXPECT_TRUE(read.metadata.empty());
}

TEST(Safetensors, NamesTheFileInErrors) {
  const auto path = std::filesystem::path(::testing::TempDir()) / "inlay_safetensors_test.safetensors";
  write_safetensors(path, example());
  EXPECT_EQ(read_safetensors(path).tensors.size(), 4u);
  std::ofstream(path) << "short";
  EXPECT_THAT(input_error([&] { read_safetensors(path); }),
              ::testing::AllOf(HasSubstr(path.string()), HasSubstr("5 bytes, too few")));
  std::filesystem::remove(path);
  EXPECT_THAT(input_error([&] { read_safetensors(path); }), HasSubstr(path.string()));
}

TEST(Safetensors, RejectsEveryTruncation) {
  const std::string bytes = to_safetensors(example());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(parse_safetensors(bytes.substr(0, size)), InputError) << size;
  EXPECT_THROW(parse_safetensors(bytes + "x"), InputError);
}

TEST(Safetensors, RejectsHostileHeaders) {
  EXPECT_THAT(input_error([] { parse_safetensors(std::string(8, '\xff') + "{}"); }),
              HasSubstr("the header should have 18446744073709551615 bytes, at most 100000000 are possible"));
  EXPECT_THAT(input_error([] { parse_safetensors(std::string("\xff\0\0\0\0\0\0\0{}", 10)); }),
              HasSubstr("the header should have 255 bytes, 2 follow: it was cut off"));
  EXPECT_THAT(error_of("not json", 0), HasSubstr("the header is no JSON: the file is damaged"));
  EXPECT_THAT(error_of("[1]", 0), HasSubstr("no JSON object"));
  EXPECT_THAT(error_of(std::string(100000, '['), 0), HasSubstr("no JSON"));
  EXPECT_THAT(error_of(R"({"a":3})", 0), HasSubstr("tensor 'a' is not described by"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F32","shape":[1],"offsets":[0,4]}})", 4),
              HasSubstr("'a' has no 'data_offsets'"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", 8),
              HasSubstr("type 'F64', expected F32, U8 or I32"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":5,"shape":[1],"data_offsets":[0,4]}})", 4), HasSubstr("dtype is no text"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F32","shape":4,"data_offsets":[0,4]}})", 4),
              HasSubstr("the shape is no list"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", 4), HasSubstr("-1 is no size"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}})", 4),
              HasSubstr("too large"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}})", 4),
              HasSubstr("too many elements"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", 4), HasSubstr("not two numbers"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4), HasSubstr("the bytes 4 to 0"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4),
              HasSubstr("has the bytes 0 to 4"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})", 4),
              HasSubstr("take 8 bytes, the file has 4"));
  EXPECT_THAT(error_of(R"({"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}})", 4),
              HasSubstr("type 'F33', expected one of F64, F32, F16"));
  EXPECT_THAT(error_of(R"({")" + std::string(1001, 'n') + R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4),
              HasSubstr("n...' of a tensor has 1001 bytes, at most 1000 are possible"));
  EXPECT_THAT(error_of(R"({"__metadata__":{"a":1}})", 0), HasSubstr("the value of 'a' is no text"));
  EXPECT_THAT(error_of(R"({"__metadata__":1})", 0), HasSubstr("'__metadata__' is no JSON object"));
}

TEST(Safetensors, RejectsOverlapsAndGaps) {
  const auto two = [](int begin) {
    return fmt::format(
        R"({{"a":{{"dtype":"U8","shape":[4],"data_offsets":[0,4]}},"b":{{"dtype":"U8","shape":[4],"data_offsets":[{},{}]}}}})",
        begin, begin + 4);
  };
  EXPECT_NO_THROW(parse_safetensors(with_header(two(4), 8)));
  EXPECT_THAT(error_of(two(2), 6), HasSubstr("'b' starts at byte 2, expected 4"));
  EXPECT_THAT(error_of(two(6), 10), HasSubstr("'b' starts at byte 6, expected 4"));
}

TEST(Safetensors, RefusesTheReservedName) {
  EXPECT_THAT(input_error([] {
                to_safetensors({{{"__metadata__", Tensor(DType::u8, {1})}}, {}});
              }),
              HasSubstr("cannot be named"));
}

}  // namespace
}  // namespace inlay
