#include "inlay/tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

#include "inlay/error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

TEST(DTypes, NamesAndSizes) {
  for (DType type : {DType::f32, DType::u8, DType::i32}) EXPECT_EQ(parse_dtype(to_string(type)), type);
  EXPECT_EQ(size_of(DType::f32), 4u);
  EXPECT_EQ(size_of(DType::u8), 1u);
  EXPECT_EQ(size_of(DType::i32), 4u);
  EXPECT_THAT(message_of<InputError>([] { parse_dtype("f64"); }), HasSubstr("'f64' is no element type"));
}

TEST(Tensors, StartAsZerosOnACacheLine) {
  const Tensor tensor(DType::f32, {3, 5});
  EXPECT_EQ(tensor.elements(), 15);
  EXPECT_EQ(tensor.bytes(), 60u);
  EXPECT_THAT(tensor.data<float>(), Each(0.0f));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.raw()) % 64, 0u);
  EXPECT_TRUE(Tensor().empty());
  EXPECT_FALSE(Tensor(DType::u8, {0}).empty());
}

TEST(Tensors, HoldWhatTheyAreGiven) {
  EXPECT_THAT(Tensor::of<std::int32_t>({3}, {1, -2, 3}).data<std::int32_t>(), ElementsAre(1, -2, 3));
  EXPECT_THAT(Tensor::filled({2, 2}, 1.5f).data<float>(), Each(1.5f));
  EXPECT_THAT(message_of<InputError>([] {
                Tensor::of<float>({2, 2}, {1.0f});
              }),
              HasSubstr("2x2 has 4 elements, 1 values"));
}

TEST(Tensors, CopiesShareAndClonesDoNot) {
  Tensor a = Tensor::of<float>({2}, {1.0f, 2.0f});
  Tensor shared = a;
  const Tensor clone = a.clone();
  shared.data<float>()[0] = 9.0f;
  EXPECT_EQ(a.data<float>()[0], 9.0f);
  EXPECT_EQ(clone.data<float>()[0], 1.0f);
  EXPECT_TRUE(Tensor().clone().empty());
}

TEST(Tensors, ReshapedIsAView) {
  Tensor a = Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  Tensor view = a.reshaped({3, 2});
  EXPECT_EQ(view.shape(), (Shape{3, 2}));
  view.data<float>()[5] = 0.0f;
  EXPECT_EQ(a.data<float>()[5], 0.0f);
  EXPECT_THAT(message_of<InputError>([&] { a.reshaped({4}); }), HasSubstr("cannot view 2x3 as 4: 6 and 4 elements"));
}

TEST(Tensors, AskingForAnotherTypeIsOurOwnBug) {
  Tensor a(DType::u8, {2});
  EXPECT_THAT(message_of<std::logic_error>([&] { a.data<float>(); }), HasSubstr("holds u8, asked for f32"));
}

TEST(Tensors, ZerosTakeMemoryOnlyWhenWrittenTo) {
  const auto resident_pages = [] {
    std::int64_t size = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return resident;
  };
  const std::int64_t before = resident_pages();
  const Tensor large(DType::u8, {1 << 30});
  EXPECT_EQ(large.data<std::uint8_t>().back(), 0);
  EXPECT_LT(resident_pages() - before, (1 << 29) / 4096);
}

TEST(Tensors, TooLargeIsAnError) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the address sanitizer ends the program where the allocator returns null";
#endif
  EXPECT_THAT(message_of<Error>([] { Tensor(DType::u8, {1LL << 62}); }), HasSubstr("out of memory"));
}

}  // namespace
}  // namespace inlay
