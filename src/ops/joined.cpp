#include "ops/joined.h"

#include "base/fail.h"
#include "ops/checks.h"

namespace inlay {

TensorType joined(std::string_view what, const TensorType& first, TypeList more) {
  expect_picture(what, first);
  TensorType result = first;
  for (const TensorType& type : more) {
    TensorType same = type;
    expect_picture(what, type);
    same.shape[1] = first.shape[1];
    expect_same("a further source", same, what, first);
    result.shape[1] += type.shape[1];
  }
  return result;
}

ReferenceTensor joined(const ReferenceTensor& first, std::span<const ReferenceTensor* const> more) {
  ReferenceTensor result = first;
  const std::int64_t images = first.type.shape[0];
  for (const ReferenceTensor* next : more) {
    std::vector<double> data;
    for (std::int64_t n = 0; n < images; ++n)
      for (const ReferenceTensor* part : {static_cast<const ReferenceTensor*>(&result), next}) {
        const auto size = static_cast<std::int64_t>(part->data.size()) / images;
        data.insert(data.end(), part->data.begin() + n * size, part->data.begin() + (n + 1) * size);
      }
    result.type.shape[1] += next->type.shape[1];
    result.data = std::move(data);
  }
  return result;
}

void expect_unfused(const Node& node, std::size_t inputs) {
  if (node.inputs.size() > inputs || node.outputs.size() > 1)
    fail_input("'{}' was joined with its neighbours by a pass: differentiate and write a graph before its passes run",
               node.name);
}

}  // namespace inlay
