// Random numbers that depend on nothing but their key: the same bits on every machine and for every number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace inlay {

/// SplitMix64's finaliser (Steele, Lea, Flood 2014): a bijection that scatters every input bit.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A key for the stream `stream` of the generator keyed by `seed`.
constexpr std::uint64_t mix_keys(std::uint64_t seed, std::uint64_t stream) { return mix_bits(mix_bits(seed) ^ stream); }

/// Uniform in [0, 1) with 24 bits, the element `index` of the stream `key`.
constexpr float uniform_at(std::uint64_t key, std::uint64_t index) {
  return static_cast<float>(mix_bits(key + index * 0xd1342543de82ef95u) >> 40) * 0x1.0p-24f;
}

/// A small sequential generator.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(mix_bits(seed)) {}

  std::uint64_t next() { return mix_bits(state_++); }
  /// As if next() had been called `count` times. uniform() calls it once, normal() twice.
  void skip(std::uint64_t count) { state_ += count; }
  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform in 0 .. count-1; count > 0.
  std::int64_t below(std::int64_t count) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(count));
  }
  bool chance(double probability) { return uniform() < probability; }
  /// Standard normal (Box and Muller 1958).
  double normal();

 private:
  std::uint64_t state_;
};

/// Fisher and Yates.
template <class Range>
void shuffle(Range& range, Rng& rng) {
  for (std::int64_t i = static_cast<std::int64_t>(range.size()) - 1; i > 0; --i)
    std::swap(range[static_cast<std::size_t>(i)], range[static_cast<std::size_t>(rng.below(i + 1))]);
}

}  // namespace inlay
