#include "onnx/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/input_error.h"

namespace inlay {
namespace {

using onnx::TensorProto;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

TensorProto typed(TensorProto::DataType type, std::initializer_list<std::int64_t> dims) {
  TensorProto proto;
  proto.set_name("t");
  proto.set_data_type(type);
  for (std::int64_t extent : dims) proto.add_dims(extent);
  return proto;
}

TEST(ConvertTensor, GoesThereAndBack) {
  const Tensor f = Tensor::of<float>({2, 2}, {1, -2, 3, 1e-30f});
  const Tensor u = Tensor::of<std::uint8_t>({3}, {0, 7, 255});
  const Tensor i = Tensor::of<std::int32_t>({}, {-5});
  for (const Tensor& tensor : {f, u, i}) {
    const TensorProto proto = to_proto("t", tensor);
    EXPECT_EQ(proto.name(), "t");
    const Tensor back = tensor_of(proto);
    EXPECT_EQ(back.type(), tensor.type());
    EXPECT_EQ(back.shape(), tensor.shape());
    EXPECT_TRUE(std::equal(tensor.raw(), tensor.raw() + tensor.bytes(), back.raw()));
  }
}

TEST(ConvertTensor, ReadsTypedLists) {
  TensorProto f = typed(TensorProto::FLOAT, {2});
  f.add_float_data(1.5f);
  f.add_float_data(2);
  EXPECT_THAT(tensor_of(f).data<float>(), ElementsAre(1.5f, 2.0f));
  TensorProto d = typed(TensorProto::DOUBLE, {1});
  d.add_double_data(0.25);
  EXPECT_THAT(tensor_of(d).data<float>(), ElementsAre(0.25f));
  EXPECT_THAT(*floats_of(d), ElementsAre(0.25));
  TensorProto u = typed(TensorProto::UINT8, {1});
  u.add_int32_data(200);
  EXPECT_THAT(tensor_of(u).data<std::uint8_t>(), ElementsAre(200));
  TensorProto i = typed(TensorProto::INT32, {1});
  i.add_int32_data(-3);
  EXPECT_THAT(tensor_of(i).data<std::int32_t>(), ElementsAre(-3));
  EXPECT_THAT(*integers_of(i), ElementsAre(-3));
}

TEST(ConvertTensor, ReadsWholeNumbersAndNumbersOnlyFromTheirTypes) {
  const TensorProto whole = to_proto("t", std::vector<std::int64_t>{1, -9000000000});
  EXPECT_THAT(*integers_of(whole), ElementsAre(1, -9000000000));
  EXPECT_FALSE(floats_of(whole));
  const TensorProto real = to_proto("t", Tensor::of<float>({1}, {0.5f}));
  EXPECT_FALSE(integers_of(real));
  EXPECT_THAT(*floats_of(real), ElementsAre(0.5));
}

TEST(ConvertTensor, ExplainsWhatIsWrong) {
  TensorProto cut = to_proto("t", Tensor::of<float>({2}, {1, 2}));
  cut.mutable_raw_data()->pop_back();
  EXPECT_THAT(input_error([&] { tensor_of(cut); }),
              HasSubstr("tensor 't' of shape 2 has 7 bytes, expected 8: the file is damaged"));
  EXPECT_THAT(input_error([] { tensor_of(typed(TensorProto::FLOAT, {2})); }), HasSubstr("has 0 numbers, expected 2"));
  EXPECT_THAT(input_error([] { tensor_of(typed(TensorProto::STRING, {1})); }),
              HasSubstr("tensor 't' has elements of type STRING, expected FLOAT, UINT8 or INT32"));
  EXPECT_THAT(input_error([] { tensor_of(typed(static_cast<TensorProto::DataType>(99), {1})); }), HasSubstr("type 99"));
  EXPECT_THAT(input_error([] { tensor_of(typed(TensorProto::FLOAT, {-1})); }), HasSubstr("extent 0 of a shape is -1"));
  EXPECT_THAT(input_error([] {
                tensor_of(typed(TensorProto::FLOAT, {1LL << 40, 1LL << 40}));
              }),
              HasSubstr("too many elements"));
  TensorProto elsewhere = typed(TensorProto::FLOAT, {2});
  elsewhere.set_data_location(TensorProto::EXTERNAL);
  EXPECT_THAT(input_error([&] { tensor_of(elsewhere); }),
              HasSubstr("tensor 't' is in a separate file (external data); save the model again as one file"));
}

TEST(ConvertAttribute, GoesThereAndBack) {
  const std::vector<Attribute> values{std::int64_t{-3}, 1e-5, std::string("half_pixel"),
                                      std::vector<std::int64_t>{1, 2}, std::vector<double>{0.1, 2}};
  for (const Attribute& value : values) EXPECT_EQ(attribute_of(to_proto("a", value)), value) << to_string(value);
  EXPECT_EQ(attribute_of(to_proto("a", true)), Attribute(std::int64_t{1})) << "ONNX has no bool";
  EXPECT_EQ(attribute_of(to_proto("a", -std::numeric_limits<double>::infinity())),
            Attribute(-std::numeric_limits<double>::infinity()));
}

TEST(ConvertAttribute, RefusesOtherKinds) {
  onnx::AttributeProto graph;
  graph.set_name("body");
  graph.set_type(onnx::AttributeProto::GRAPH);
  EXPECT_THAT(input_error([&] { attribute_of(graph); }), HasSubstr("the attribute 'body' is of kind GRAPH"));
}

}  // namespace
}  // namespace inlay
