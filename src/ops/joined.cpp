#include "ops/joined.h"

#include <algorithm>
#include <tuple>

#include "base/fail.h"
#include "ops/checks.h"
#include "ops/resample.h"

namespace inlay {

namespace {

/// max(0, (x - mean) * inverse * scale + shift).
void normalise(ReferenceTensor& x, std::span<const ReferenceTensor* const> normal) {
  const auto& [scale, shift, mean, inverse] =
      std::tie(normal[0]->data, normal[1]->data, normal[2]->data, normal[3]->data);
  const std::int64_t plane = x.type.shape[2] * x.type.shape[3];
  for (std::size_t i = 0; i < x.data.size(); ++i) {
    const auto c = static_cast<std::size_t>(static_cast<std::int64_t>(i) / plane % x.type.shape[1]);
    x.data[i] = std::max(0.0, (x.data[i] - mean[c]) * inverse[c] * scale[c] + shift[c]);
  }
}

constexpr Scale2 kTwice = 2;

ReferenceTensor up_sample(const ReferenceTensor& x, Interpolation mode) {
  const Resize2dOptions options{.scale = kTwice, .mode = mode};
  ReferenceTensor y{{DType::f32, resized_shape(x.type.shape, options)}, {}};
  y.data.resize(static_cast<std::size_t>(y.type.shape.elements()));
  for_each_resize_product(
      resize_geometry(x.type.shape, y.type.shape, options),
      [&](std::size_t from, std::size_t to, double weight) { y.data[to] += weight * x.data[from]; });
  return y;
}

void expect_sources(std::span<const std::int64_t> chosen, std::int64_t count, std::string_view what) {
  for (const std::int64_t source : chosen)
    if (source < 0 || source >= count) fail_input("source {} is {}, there are {}", source, what, count);
}

}  // namespace

TensorType Sources::joined(TypeList in) const {
  if (in.size() < more) fail_input("there are {} inputs, expected {} with these options", in.size(), more);
  const auto count = static_cast<std::int64_t>(in.size() - more) + 1;
  expect_sources(normalised, count, "normalised");
  expect_sources(up_sampled, count, "up-sampled");
  if (up_sampling == Interpolation::bicubic) fail_input("sources are up-sampled nearest or bilinear, not bicubic");
  const auto as_read = [&](std::int64_t source) {
    TensorType type = in[input(source)];
    expect_picture("x", type);
    if (std::ranges::count(up_sampled, source)) type.shape = resized_shape(type.shape, {.scale = kTwice});
    return type;
  };
  const TensorType first = as_read(0);
  TensorType result = first;
  for (std::int64_t source = 1; source < count; ++source) {
    TensorType type = as_read(source);
    result.shape[1] += type.shape[1];
    type.shape[1] = first.shape[1];
    expect_same("a further source", type, "x", first);
  }
  for (std::size_t i = 0; i < normalised.size(); ++i)
    for (std::size_t k = 0; k < kNormalInputs; ++k)
      expect_type("a number a channel of a normalised source", in[normals + i * kNormalInputs + k], DType::f32,
                  {in[input(normalised[i])].shape[1]});
  return result;
}

ReferenceTensor Sources::joined(std::span<const ReferenceTensor* const> in) const {
  std::vector<ReferenceTensor> sources{*in[0]};
  for (const ReferenceTensor* next : in.subspan(more)) sources.push_back(*next);
  for (std::size_t i = 0; i < normalised.size(); ++i)
    normalise(sources[static_cast<std::size_t>(normalised[i])], in.subspan(normals + i * kNormalInputs, kNormalInputs));
  for (const std::int64_t source : up_sampled)
    sources[static_cast<std::size_t>(source)] = up_sample(sources[static_cast<std::size_t>(source)], up_sampling);
  ReferenceTensor result = sources[0];
  const std::int64_t images = result.type.shape[0];
  for (const ReferenceTensor& next : std::span(sources).subspan(1)) {
    std::vector<double> data;
    for (std::int64_t n = 0; n < images; ++n)
      for (const ReferenceTensor* part : {&std::as_const(result), &next}) {
        const auto size = static_cast<std::int64_t>(part->data.size()) / images;
        data.insert(data.end(), part->data.begin() + n * size, part->data.begin() + (n + 1) * size);
      }
    result.type.shape[1] += next.type.shape[1];
    result.data = std::move(data);
  }
  return result;
}

void expect_unfused(const Node& node, std::size_t inputs, std::size_t outputs) {
  if (node.inputs.size() > inputs || node.outputs.size() > outputs)
    fail_input("'{}' was joined with its neighbours by a pass: differentiate and write a graph before its passes run",
               node.name);
}

}  // namespace inlay
