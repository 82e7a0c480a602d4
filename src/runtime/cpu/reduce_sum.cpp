#include <algorithm>

#include "base/threads.h"
#include "graph/options.h"
#include "runtime/cpu/axes.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

constexpr std::int64_t kColumns = 64;  // sums that are made side by side

/// Sum of `count` neighbours: floats for a stretch, doubles beyond.
double sum_stretch(const float* x, std::int64_t count) {
  double total = 0;
  for (std::int64_t i = 0; i < count; i += 1024) {
    const std::int64_t end = std::min(i + 1024, count);
    float part = 0;
#pragma omp simd reduction(+ : part)
    for (std::int64_t j = i; j < end; ++j) part += x[j];
    total += static_cast<double>(part);
  }
  return total;
}

/// Sums of columns of `count` rows that lie `row` floats apart, in registers. In doubles: the bias in front of a batch
/// norm has a gradient of nothing but rounding, which Adam would blow up to whole steps.
template <int Width>
void sum_columns(const float* x, std::int64_t count, std::int64_t row, double* sums) {
  double total[Width] = {};
  for (std::int64_t i = 0; i < count; ++i)
#pragma omp simd
    for (int j = 0; j < Width; ++j) total[j] += static_cast<double>(x[i * row + j]);
  for (int j = 0; j < Width; ++j) sums[j] += total[j];
}

/// Sums over some loops of the input. The loops that are left, in order, are the output. Long sums are cut into parts
/// whose number depends on the shape alone, so the result is the same for every number of threads.
class ReduceSum : public Kernel {
 public:
  ReduceSum(const Buffer& x, const std::vector<bool>& reduced, double scale) : scale_(scale) {
    const auto extents = memory_extents(x.type.shape, x.block);
    std::int64_t stride = 1;
    bool last_kept = false;
    std::vector<LoopAxis>* previous = nullptr;
    for (std::size_t i = extents.size(); i-- > 0;) {
      if (extents[i] == 1) continue;
      const bool kept = !reduced[static_cast<std::size_t>(shape_axis(i, x.block))];
      std::vector<LoopAxis>* loops = kept ? &kept_ : &reduced_;
      if (loops == previous) {
        loops->front().size *= extents[i];
      } else {
        loops->insert(loops->begin(), {extents[i], stride});
        if (previous == nullptr) last_kept = kept;
      }
      previous = loops;
      stride *= extents[i];
    }
    if (last_kept) {
      columns_ = kept_.back().size;
      kept_.pop_back();
    }
    rows_ = loop_count(kept_);
    terms_ = loop_count(reduced_);
    chunks_ = (columns_ + kColumns - 1) / kColumns;
    const std::int64_t work = terms_ * std::min(columns_, kColumns);
    parts_ = std::clamp<std::int64_t>(std::min(64 / std::max<std::int64_t>(rows_ * chunks_, 1), work / 4096), 1, 64);
  }

  std::size_t scratch_bytes() const override { return static_cast<std::size_t>(tasks() * kColumns) * sizeof(double); }

  void run(std::uint64_t) override {
    double* sums = reinterpret_cast<double*>(pointers_.scratch);
    parallel_ranges(
        tasks(),
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t task = begin; task < end; ++task) sum_part(task, sums + task * kColumns);
        },
        rows_ * columns_ * terms_);
    for (std::int64_t group = 0; group < rows_ * chunks_; ++group) write(group, sums + group * parts_ * kColumns);
  }

 private:
  std::int64_t tasks() const { return rows_ * chunks_ * parts_; }

  void sum_part(std::int64_t task, double* sums) const {
    const std::int64_t part = task % parts_, group = task / parts_;
    const std::int64_t column = group % chunks_ * kColumns, width = std::min(columns_ - column, kColumns);
    const float* x = pointers_.in<float>(0) + loop_offset(kept_, group / chunks_) + column;
    const std::int64_t end = terms_ * (part + 1) / parts_;
    std::fill(sums, sums + kColumns, 0.0);
    for (std::int64_t at = terms_ * part / parts_; at < end;) {
      const LoopAxis inner = reduced_.empty() ? LoopAxis{1, 0} : reduced_.back();
      const std::int64_t count = std::min(inner.size - at % inner.size, end - at);
      const float* from = x + loop_offset(reduced_, at);
      if (inner.stride == 1) {
        sums[0] += sum_stretch(from, count);
      } else if (width == 16) {
        sum_columns<16>(from, count, inner.stride, sums);
      } else if (width == 8) {
        sum_columns<8>(from, count, inner.stride, sums);
      } else {
        for (std::int64_t i = 0; i < count; ++i)
          for (std::int64_t j = 0; j < width; ++j) sums[j] += static_cast<double>(from[i * inner.stride + j]);
      }
      at += count;
    }
  }

  void write(std::int64_t group, const double* sums) const {
    const std::int64_t column = group % chunks_ * kColumns, width = std::min(columns_ - column, kColumns);
    float* y = pointers_.out<float>(0) + group / chunks_ * columns_ + column;
    for (std::int64_t j = 0; j < width; ++j) {
      double total = 0;
      for (std::int64_t part = 0; part < parts_; ++part) total += sums[part * kColumns + j];
      y[j] = static_cast<float>(total * scale_);
    }
  }

  std::vector<LoopAxis> kept_, reduced_;
  std::int64_t columns_ = 1, rows_ = 1, terms_ = 1, chunks_ = 1, parts_ = 1;
  double scale_;
};

std::unique_ptr<Kernel> make_reduce_sum(const KernelSpec& spec) {
  std::vector<bool> reduced(Shape::kMaxRank, false);
  for (std::int64_t axis : from_attributes<ReduceOptions>(spec.attributes).axes)
    reduced[static_cast<std::size_t>(axis)] = true;
  return std::make_unique<ReduceSum>(spec.inputs[0], reduced, 1.0);
}

std::unique_ptr<Kernel> make_global_avg_pool(const KernelSpec& spec) {
  const Shape& x = spec.inputs[0].type.shape;
  return std::make_unique<ReduceSum>(spec.inputs[0], std::vector<bool>{false, false, true, true},
                                     1.0 / static_cast<double>(x[2] * x[3]));
}

/// A sum over the channels has a single one, which lies plain.
LayoutChoice sum_layout(const LayoutQuery& query) {
  LayoutChoice choice = follow_first(query);
  const auto axes = from_attributes<ReduceOptions>(query.attributes).axes;
  if (std::ranges::find(axes, 1) != axes.end()) choice.outputs[0] = 1;
  return choice;
}

}  // namespace

const CpuKernel kReduceSumKernel{.op = "reduce_sum", .layout = sum_layout, .make = make_reduce_sum};
const CpuKernel kGlobalAvgPoolKernel{.op = "global_avg_pool", .layout = follow_first, .make = make_global_avg_pool};

}  // namespace inlay
