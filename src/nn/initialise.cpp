#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "base/threads.h"
#include "inlay/nn.h"

namespace inlay {
namespace {

Rng stream_of(std::uint64_t seed, std::string_view name) {
  std::uint64_t key = seed;
  for (char c : name) key = mix_keys(key, static_cast<unsigned char>(c));
  return Rng(key);
}

struct Fans {
  double in = 1, out = 1;
};

Fans fans(const Shape& shape) {
  if (shape.rank() < 2) return {};
  double window = 1;
  for (int axis = 2; axis < shape.rank(); ++axis) window *= static_cast<double>(shape[axis]);
  return {static_cast<double>(shape[1]) * window, static_cast<double>(shape[0]) * window};
}

/// Each number comes from its own place in the stream, so the threads change nothing about it.
template <class Draw>
void draw_each(std::span<float> numbers, const Rng& rng, std::uint64_t calls, Draw draw) {
  const auto count = static_cast<std::int64_t>(numbers.size());
  parallel_ranges(
      count,
      [&](std::int64_t begin, std::int64_t end) {
        Rng own = rng;
        own.skip(static_cast<std::uint64_t>(begin) * calls);
        for (std::int64_t i = begin; i < end; ++i) numbers[static_cast<std::size_t>(i)] = static_cast<float>(draw(own));
      },
      count * 32);
}

void fill_normal(std::span<float> numbers, double deviation, const Rng& rng) {
  draw_each(numbers, rng, 2, [deviation](Rng& r) { return r.normal() * deviation; });
}

void fill_uniform(std::span<float> numbers, double limit, const Rng& rng) {
  draw_each(numbers, rng, 1, [limit](Rng& r) { return r.uniform(-limit, limit); });
}

/// One factor of the separable kernel: a tent around the middle that reaches zero `factor` steps away.
double tent(std::int64_t at, std::int64_t size, double factor) {
  const double reach = factor > 0 ? factor : std::ceil(static_cast<double>(size) / 2);
  return std::max(0.0, 1 - std::abs(static_cast<double>(at) - static_cast<double>(size - 1) / 2) / reach);
}

/// Channel i goes to channel i (to the only one, when depthwise); all other pairs of channels stay zero.
void fill_bilinear(std::span<float> numbers, const Shape& shape, double factor) {
  const std::int64_t rows = shape[2], columns = shape[3];
  for (std::int64_t m = 0; m < shape[0]; ++m) {
    const std::int64_t c = shape[1] == 1 ? 0 : m;
    if (c >= shape[1]) break;
    float* kernel = numbers.data() + (m * shape[1] + c) * rows * columns;
    for (std::int64_t i = 0; i < rows * columns; ++i)
      kernel[i] = static_cast<float>(tent(i / columns, rows, factor) * tent(i % columns, columns, factor));
  }
}

/// Where one number of channels divides the other, the channels of both sides fall into as many groups as the smaller
/// number, and each group goes through to its own: by Yu and Koltun's rule, with that number as their C. What goes
/// through is spread and gathered again unchanged. Else channel i goes to channel i. The rest is noise.
void fill_identity(std::span<float> numbers, const Shape& shape, double noise, const Rng& rng) {
  if (noise > 0) fill_normal(numbers, noise, rng);
  const std::int64_t out = shape[0], in = shape[1], groups = std::min(in, out);
  const bool divides = std::max(in, out) % groups == 0;
  const std::int64_t window = shape[2] * shape[3], middle = shape[2] / 2 * shape[3] + shape[3] / 2;
  for (std::int64_t to = 0; to < out; ++to)
    for (std::int64_t from = 0; from < in; ++from) {
      const bool passes = divides ? from * groups / in == to * groups / out : from == to;
      if (!passes) continue;
      const double weight = divides ? static_cast<double>(groups) / static_cast<double>(out) : 1;
      numbers[static_cast<std::size_t>((to * in + from) * window + middle)] = static_cast<float>(weight);
    }
}

void expect_kernel(std::string_view kind, const Shape& shape) {
  if (shape.rank() != 4)
    throw std::logic_error(fmt::format("{} initialiser of a tensor that is no convolution kernel", kind));
}

void fill(Tensor& tensor, const Initializer& initializer, const Rng& rng) {
  const auto numbers = tensor.data<float>();
  const Fans fan = fans(tensor.shape());
  switch (initializer.kind) {
    case Initializer::Kind::constant:
      std::ranges::fill(numbers, static_cast<float>(initializer.value));
      return;
    case Initializer::Kind::he_normal:
      return fill_normal(numbers, std::sqrt(2 / fan.in), rng);
    case Initializer::Kind::he_normal_fan_out:
      return fill_normal(numbers, std::sqrt(2 / fan.out), rng);
    case Initializer::Kind::he_uniform:
      return fill_uniform(numbers, std::sqrt(6 / fan.in), rng);
    case Initializer::Kind::glorot_uniform:
      return fill_uniform(numbers, std::sqrt(6 / (fan.in + fan.out)), rng);
    case Initializer::Kind::lecun_uniform:
      return fill_uniform(numbers, 1 / std::sqrt(initializer.value > 0 ? initializer.value : fan.in), rng);
    case Initializer::Kind::normal:
      return fill_normal(numbers, initializer.value, rng);
    case Initializer::Kind::identity:
      expect_kernel("identity", tensor.shape());
      fill_identity(numbers, tensor.shape(), initializer.value, rng);
      return;
    case Initializer::Kind::bilinear:
      expect_kernel("bilinear", tensor.shape());
      fill_bilinear(numbers, tensor.shape(), initializer.value);
      return;
  }
}

}  // namespace

Tensors initialise(const Graph& graph, std::uint64_t seed) {
  Tensors tensors;
  for (const Value& value : graph.leaves()) {
    const Leaf& leaf = *value.leaf();
    if (leaf.kind == LeafKind::input) continue;
    Tensor tensor(value.type().dtype, value.shape());
    fill(tensor, leaf.initializer, stream_of(seed, leaf.name));
    tensors.emplace(leaf.name, std::move(tensor));
  }
  return tensors;
}

}  // namespace inlay
