#include <array>
#include <bit>
#include <cmath>

#include "inlay/loss_ops.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/outcomes.h"
#include "runtime/cpu/pixel_loss.h"

namespace inlay {
namespace {

/// The bits of floats >= 0 are in the order of the floats, so the k-th largest is found digit by digit: three times all
/// values are counted by their next 11 bits. Counts do not depend on the number of threads.
class Selection {
 public:
  static constexpr std::int64_t kParts = 16, kDigits = 2048;
  static constexpr std::size_t kScratchBytes = kParts * kDigits * sizeof(std::int32_t);

  Selection(const float* values, std::int64_t count, std::byte* scratch)
      : values_(values), count_(count), counts_(reinterpret_cast<std::int32_t*>(scratch)) {}

  /// The k-th largest of the values that are not negative; there must be so many.
  float largest(std::int64_t k) {
    std::uint32_t found = 0;  // the digits so far
    for (const int shift : {22, 11, 0}) {
      count_digits(shift, found);
      std::uint32_t digit = kDigits - 1;
      for (; counts_[digit] < k; --digit) k -= counts_[digit];
      found |= digit << shift;
    }
    return std::bit_cast<float>(found);
  }

 private:
  /// The sums end in the first part.
  void count_digits(int shift, std::uint32_t found) {
    std::fill_n(counts_, kParts * kDigits, 0);
    parallel_ranges(
        kParts,
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t part = begin; part < end; ++part) count_part(part, shift, found);
        },
        count_);
    for (std::int64_t part = 1; part < kParts; ++part)
      for (std::int64_t digit = 0; digit < kDigits; ++digit) counts_[digit] += counts_[part * kDigits + digit];
  }

  void count_part(std::int64_t part, int shift, std::uint32_t found) {
    std::int32_t* counts = counts_ + part * kDigits;
    const std::uint64_t higher = std::uint64_t{found} >> (shift + 11);
    for (std::int64_t i = count_ * part / kParts; i < count_ * (part + 1) / kParts; ++i) {
      const auto bits = std::bit_cast<std::uint32_t>(values_[i]);
      if (values_[i] >= 0 && std::uint64_t{bits} >> (shift + 11) == higher) ++counts[bits >> shift & (kDigits - 1)];
    }
  }

  const float* values_;
  std::int64_t count_;
  std::int32_t* counts_;
};

class HardPixels : public Kernel {
 public:
  explicit HardPixels(const KernelSpec& spec)
      : options_(from_attributes<HardPixelOptions>(spec.attributes)),
        outcomes_(spec.inputs[0].type.shape),
        limit_(static_cast<float>(-std::log(options_.threshold))) {}

  /// Counters of the chunks, then of the selection.
  std::size_t scratch_bytes() const override { return counter_bytes() + Selection::kScratchBytes; }

  void run(std::uint64_t) override {
    const PixelWeights weights(pointers_, 1, outcomes_.count(), options_.ignore);
    const Pixels& pixels = outcomes_.pixels;
    auto* counters = reinterpret_cast<Counter*>(pointers_.scratch);
    pixels.for_each_chunk([&](const Pixels::Chunk& chunk) { counters[chunk.index] = write_losses(chunk, weights); });
    Counter all;
    for (std::int64_t i = 0; i < pixels.chunk_count(); ++i) {
      all.counted += counters[i].counted;
      all.hard += counters[i].hard;
    }
    const auto kept = static_cast<std::int64_t>(std::ceil(options_.keep * static_cast<double>(all.counted)));
    float limit = limit_;
    if (all.hard < kept)
      limit = Selection(pointers_.out<float>(0), pixels.images * pixels.plane, pointers_.scratch + counter_bytes())
                  .largest(kept);
    pixels.for_each_chunk([&](const Pixels::Chunk& chunk) {
      float* out = pointers_.out<float>(0) + chunk.pixel;
      for (std::int64_t i = 0; i < chunk.size; ++i) out[i] = out[i] >= limit ? weights(chunk.pixel + i) : 0.0f;
    });
  }

 private:
  struct Counter {
    std::int64_t counted = 0, hard = 0;
  };

  std::size_t counter_bytes() const {
    return static_cast<std::size_t>(outcomes_.pixels.chunk_count()) * sizeof(Counter);
  }

  /// -log p into the output, -1 where the pixel does not count.
  Counter write_losses(const Pixels::Chunk& chunk, const PixelWeights& weights) const {
    const float* logits = pointers_.in<float>(0);
    float* out = pointers_.out<float>(0) + chunk.pixel;
    float sums[Pixels::kChunk];
    outcomes_.log_sums(chunk, logits, sums);
    Counter counter;
    for (std::int64_t i = 0; i < chunk.size; ++i) {
      out[i] = -1;
      if (weights(chunk.pixel + i) == 0) continue;
      out[i] = std::max(0.0f, sums[i] - outcomes_.row(chunk, logits, weights.labels[chunk.pixel + i])[i]);
      ++counter.counted;
      counter.hard += out[i] >= limit_ ? 1 : 0;
    }
    return counter;
  }

  HardPixelOptions options_;
  OutcomeRows outcomes_;
  float limit_;
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) { return std::make_unique<HardPixels>(spec); }

}  // namespace

const CpuKernel kHardPixelsKernel{.op = "hard_pixels", .layout = plain_layout, .make = make};

}  // namespace inlay
