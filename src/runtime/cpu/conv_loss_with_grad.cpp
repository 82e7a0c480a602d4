// A 1x1 head, its loss and the gradients of all, a strip of pixels at a time: logits and their gradient never leave the
// nearest cache, and x is read once.
#include "ops/conv_loss_with_grad.h"

#include <cmath>

#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/strip_loss.h"
#include "runtime/cpu/strip_rows.h"

namespace inlay {
namespace {

using In = ConvLossInputs;
using Out = ConvLossOutputs;

using strip_rows::kLanes, strip_rows::kSize;

class ConvLossWithGrad : public Kernel {
 public:
  ConvLossWithGrad(const KernelSpec& spec, StripLoss strip_loss)
      : options_(from_attributes<ConvLossWithGradOptions>(spec.attributes)),
        x_(spec.inputs[0]),
        channels_(spec.inputs[0].type.shape[1]),
        classes_(spec.inputs[In::kWeight].type.shape[0]),
        threads_(std::min<std::int64_t>(thread_count(), x_.count())),
        strip_loss_(strip_loss) {}

  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(x_.count()) * sizeof(ChunkLoss) +
           static_cast<std::size_t>(threads_ * thread_floats()) * sizeof(float);
  }

  void run(std::uint64_t) override {
    const PixelWeights weights(pointers_, In::kLabels, std::max<std::int64_t>(2, classes_), options_.ignore);
    auto* chunks = reinterpret_cast<ChunkLoss*>(pointers_.scratch);
    const float total = sum_weights(x_, weights, chunks);
    const auto dy = static_cast<float>(options_.dy);
    const float factor = mean_factor(&dy, &total);
    parallel_ranges(threads_, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t share = begin; share < end; ++share) {
        const Rows rows = rows_of(share);
        std::fill_n(rows.weight_sums, sums_floats(), 0.0f);
        for (std::int64_t i = x_.count() * share / threads_; i < x_.count() * (share + 1) / threads_; ++i) {
          const ClassStrips::Place place = x_.place(i);
          chunks[i].loss = strip(place, {weights, place, factor}, rows);
        }
      }
    });
    write_gradients();
    write_mean(chunks, x_.count(), pointers_.out<float>(Out::kLoss), pointers_.out<float>(Out::kSum));
  }

 private:
  /// Of one share of the strips: its pixels of x, a row a channel; the sums of the products of each class and channel,
  /// and of each class alone.
  struct Rows {
    float *x, *weight_sums, *bias_sums;
    float* x_row(std::int64_t c) const { return x + c * kSize; }
  };

  std::int64_t sums_floats() const { return classes_ * (channels_ + 1) * kLanes; }
  std::int64_t thread_floats() const { return channels_ * kSize + sums_floats(); }
  Rows rows_of(std::int64_t thread) const {
    float* first = reinterpret_cast<float*>(reinterpret_cast<ChunkLoss*>(pointers_.scratch) + x_.count());
    float* x = first + thread * thread_floats();
    return {x, x + channels_ * kSize, x + channels_ * kSize + classes_ * channels_ * kLanes};
  }

  double strip(const ClassStrips::Place& place, const StripTargets& targets, const Rows& rows) const {
    load(place, rows);
    ClassStrip logits;
    logits.classes = classes_;
    logits.size = place.size;
    const float *weight = pointers_.in<float>(In::kWeight), *bias = pointers_.in<float>(In::kBias);
    strip_rows::multiply({weight, classes_, channels_, channels_, 1}, bias, rows.x, logits.values);
    const double loss = strip_loss_(logits, targets);
    for (std::int64_t k = 0; k < classes_; ++k) std::fill(logits.row(k) + place.size, logits.row(k) + kSize, 0.0f);
    add_gradients(logits, rows);
    if (float* dx = pointers_.out<float>(Out::kX)) {
      strip_rows::multiply({weight, channels_, classes_, 1, channels_}, nullptr, logits.values, rows.x);
      x_.store(rows.x, place, dx);
    }
    return loss;
  }

  void load(const ClassStrips::Place& place, const Rows& rows) const {
    x_.load(pointers_.in<float>(0), place, rows.x);
    for (std::int64_t c = 0; c < channels_; ++c) {
      float* x = rows.x_row(c);
      if (!options_.normalised.empty()) normalise(c, x);
      std::fill(x + place.size, x + kSize, 0.0f);
    }
  }

  void normalise(std::int64_t c, float* x) const {
    const auto number = [&](std::size_t i) { return pointers_.in<float>(In::kCount + i)[c]; };
    const float shift = number(1), mean = number(2), factor = number(3) * number(0);
#pragma omp simd
    for (std::int64_t i = 0; i < kSize; ++i) {
      const float value = std::fma(x[i] - mean, factor, shift);
      x[i] = value > 0 ? value : 0.0f;
    }
  }

  void add_gradients(const ClassStrip& dy, const Rows& rows) const {
    for (std::int64_t k = 0; k < classes_; ++k) {
      strip_rows::add_products(dy.row(k), channels_, rows.x, rows.weight_sums + k * channels_ * kLanes);
      for (std::int64_t i = 0; i < kSize; ++i) rows.bias_sums[k * kLanes + i % kLanes] += dy.row(k)[i];
    }
  }

  void write_gradients() const {
    const auto write = [&](std::size_t output, std::int64_t count, auto sums_of) {
      float* to = pointers_.out<float>(output);
      for (std::int64_t i = 0; to && i < count; ++i) {
        double sum = 0;
        for (std::int64_t thread = 0; thread < threads_; ++thread)
          for (std::int64_t l = 0; l < kLanes; ++l) sum += sums_of(rows_of(thread))[i * kLanes + l];
        to[i] = static_cast<float>(sum);
      }
    };
    write(Out::kWeight, classes_ * channels_, [](const Rows& rows) { return rows.weight_sums; });
    write(Out::kBias, classes_, [](const Rows& rows) { return rows.bias_sums; });
  }

  ConvLossWithGradOptions options_;
  ClassStrips x_;
  std::int64_t channels_, classes_, threads_;
  StripLoss strip_loss_;
};

/// x in whatever layout it has; all else is plain.
LayoutChoice layout(const LayoutQuery& query) {
  LayoutChoice choice{std::vector<int>(query.inputs.size(), 1), std::vector<int>(query.outputs.size(), 1)};
  choice.inputs[0] = choice.outputs[0] = query.inputs[0].block;
  return choice;
}

std::unique_ptr<Kernel> make_softmax(const KernelSpec& spec) {
  return std::make_unique<ConvLossWithGrad>(spec, softmax_strip);
}

std::unique_ptr<Kernel> make_sigmoid(const KernelSpec& spec) {
  return std::make_unique<ConvLossWithGrad>(spec, sigmoid_strip);
}

}  // namespace

const CpuKernel kConv2dCrossEntropyWithGradKernel{
    .op = "conv2d_cross_entropy", .layout = layout, .make = make_softmax, .in_place = 0b1};
const CpuKernel kConv2dBinaryCrossEntropyWithGradKernel{
    .op = "conv2d_binary_cross_entropy", .layout = layout, .make = make_sigmoid, .in_place = 0b1};

}  // namespace inlay
