#include "runtime/cpu/separable.h"

#include <algorithm>

#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

/// The taps of all positions behind each other.
struct FlatTable {
  explicit FlatTable(const AxisTable& table) {
    for (const auto& taps : table.taps) {
      const std::size_t first = index.size();
      for (const Tap& tap : taps) {
        const auto same = std::find(index.begin() + static_cast<std::ptrdiff_t>(first), index.end(), tap.index);
        if (same != index.end())
          weight[static_cast<std::size_t>(same - index.begin())] += static_cast<float>(tap.weight);
        else if (tap.weight != 0)
          index.push_back(static_cast<std::int32_t>(tap.index)), weight.push_back(static_cast<float>(tap.weight));
      }
      begin.push_back(static_cast<std::int32_t>(index.size()));
      copies &= index.size() - first <= 1 && (index.size() == first || weight[first] == 1.0f);
    }
    for (std::size_t i = 0; copies && i + 1 < begin.size(); ++i) {
      const std::int32_t from = begin[i] == begin[i + 1] ? -1 : index[static_cast<std::size_t>(begin[i])];
      source.push_back(from);
      const bool continues =
          !runs.empty() &&
          (from < 0 ? runs.back().from < 0 : runs.back().from >= 0 && runs.back().from + runs.back().count == from);
      if (continues)
        ++runs.back().count;
      else
        runs.push_back({from, 1});
    }
  }

  struct Run {
    std::int32_t from, count;  // from -1: zeros
  };
  std::vector<std::int32_t> begin{0}, index;
  std::vector<float> weight;
  bool copies = true;                // at most one tap, of weight 1, everywhere
  std::vector<std::int32_t> source;  // of such a table: the input position or -1
  std::vector<Run> runs;             // the same as stretches of neighbours
};

/// sum = a weighted sum of input rows.
void mix_rows(const float* plane, const FlatTable& rows, std::int64_t at, std::int64_t size, float* sum) {
  const auto first = static_cast<std::size_t>(rows.begin[static_cast<std::size_t>(at)]),
             last = static_cast<std::size_t>(rows.begin[static_cast<std::size_t>(at) + 1]);
  const auto row = [&](std::size_t k) { return plane + rows.index[k] * size; };
  std::size_t k = first;
  if (last - first >= 2) {
    const float *a = row(k), *b = row(k + 1);
    const float wa = rows.weight[k], wb = rows.weight[k + 1];
    for (std::int64_t i = 0; i < size; ++i) sum[i] = wa * a[i] + wb * b[i];
    k += 2;
  } else {
    const float* a = row(k);
    const float wa = rows.weight[k];
    for (std::int64_t i = 0; i < size; ++i) sum[i] = wa * a[i];
    k += 1;
  }
  for (; k < last; ++k) {
    const float* a = row(k);
    const float wa = rows.weight[k];
    for (std::int64_t i = 0; i < size; ++i) sum[i] += wa * a[i];
  }
}

template <int B>
void copy_columns(const float* x, const FlatTable& columns, float* y) {
  if (columns.runs.size() * 4 <= columns.source.size()) {
    for (const FlatTable::Run& run : columns.runs) {
      if (run.from < 0)
        std::fill(y, y + run.count * B, 0.0f);
      else
        std::copy(x + run.from * B, x + (run.from + run.count) * B, y);
      y += run.count * B;
    }
    return;
  }
  for (const std::int32_t from : columns.source) {
    for (int l = 0; l < B; ++l) y[l] = from < 0 ? 0.0f : x[from * B + l];
    y += B;
  }
}

template <int B>
void mix_columns(const float* x, const FlatTable& columns, float* y) {
  for (std::size_t at = 0; at + 1 < columns.begin.size(); ++at) {
    float sum[B] = {};
    for (auto k = static_cast<std::size_t>(columns.begin[at]); k < static_cast<std::size_t>(columns.begin[at + 1]);
         ++k) {
      const float* from = x + columns.index[k] * B;
      const float w = columns.weight[k];
#pragma omp simd
      for (int l = 0; l < B; ++l) sum[l] += w * from[l];
    }
    for (int l = 0; l < B; ++l) y[l] = sum[l];
    y += B;
  }
}

class Separable : public Kernel {
 public:
  Separable(const KernelSpec& spec, const AxisTable& rows, const AxisTable& columns)
      : in_(spec.inputs[0]),
        out_(spec.outputs[0]),
        rows_(rows),
        columns_(columns),
        parts_(std::max(thread_count(), 1)) {}

  std::size_t scratch_bytes() const override {
    return rows_.copies ? 0 : static_cast<std::size_t>(parts_ * in_.row_size()) * sizeof(float);
  }

  void run(std::uint64_t) override {
    parallel_ranges(
        parts_,
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t part = begin; part < end; ++part)
            with_block(out_.block, [&]<int B>() { run_part<B>(part); });
        },
        out_.elements());
  }

 private:
  template <int B>
  void run_part(std::int64_t part) const {
    float* mixed = reinterpret_cast<float*>(pointers_.scratch) + part * in_.row_size();
    const std::int64_t end = out_.count() * (part + 1) / parts_;
    for (std::int64_t row = out_.count() * part / parts_; row < end; ++row) {
      const std::int64_t at = row % out_.height;
      const float* plane = pointers_.in<float>(0) + row / out_.height * in_.height * in_.row_size();
      float* y = pointers_.out<float>(0) + row * out_.row_size();
      const auto i = static_cast<std::size_t>(at);
      if (rows_.begin[i] == rows_.begin[i + 1]) {
        std::fill(y, y + out_.row_size(), 0.0f);
        continue;
      }
      const float* x = rows_.copies ? plane + rows_.source[i] * in_.row_size() : mixed;
      if (!rows_.copies) mix_rows(plane, rows_, at, in_.row_size(), mixed);
      if (columns_.copies)
        copy_columns<B>(x, columns_, y);
      else
        mix_columns<B>(x, columns_, y);
    }
  }

  Rows in_, out_;
  FlatTable rows_, columns_;
  std::int64_t parts_;
};

}  // namespace

AxisTable transposed(const AxisTable& table) {
  AxisTable result{std::vector<std::vector<Tap>>(static_cast<std::size_t>(table.in)),
                   static_cast<std::int64_t>(table.taps.size())};
  for (std::size_t i = 0; i < table.taps.size(); ++i)
    for (const Tap& tap : table.taps[i])
      result.taps[static_cast<std::size_t>(tap.index)].push_back({static_cast<std::int64_t>(i), tap.weight});
  return result;
}

std::unique_ptr<Kernel> make_separable(const KernelSpec& spec, const AxisTable& rows, const AxisTable& columns) {
  return std::make_unique<Separable>(spec, rows, columns);
}

}  // namespace inlay
