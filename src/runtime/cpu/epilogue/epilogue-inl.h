// Highway code of the epilogue, for kernels that write results.

// clang-format off
#if defined(INLAY_EPILOGUE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_EPILOGUE_INL_H_
#undef INLAY_EPILOGUE_INL_H_
#else
#define INLAY_EPILOGUE_INL_H_
#endif
// clang-format on

#include <algorithm>

#include "runtime/cpu/epilogue/epilogue.h"
#include "runtime/cpu/simd/products-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::epilogue::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using simd::HWY_NAMESPACE::kLanes;
using simd::HWY_NAMESPACE::Tag;
using simd::HWY_NAMESPACE::Vector;

/// The activation of an output channel block.
struct NoActivation {
  NoActivation(const Output&, std::int64_t) {}
  HWY_INLINE Vector operator()(Vector v) const { return v; }
};
struct Relu {
  Relu(const Output&, std::int64_t) {}
  HWY_INLINE Vector operator()(Vector v) const { return hn::Max(v, hn::Zero(Tag())); }
};
struct SlopeBelowZero {
  SlopeBelowZero(const Output& output, std::int64_t block) : slope(hn::LoadU(Tag(), output.slopes + block * kLanes)) {}
  HWY_INLINE Vector operator()(Vector v) const { return hn::IfNegativeThenElse(v, hn::Mul(v, slope), v); }
  Vector slope;
};

struct WritesAll {
  static constexpr bool kPools = false, kWrites = true;
};

/// What is done to an output channel block; `other` lies as the outputs do, perhaps where they go.
template <class Activation, bool add>
struct Epilogue : WritesAll {
  Epilogue(const Output& output, std::int64_t block)
      : bias(output.bias ? hn::LoadU(Tag(), output.bias + block * kLanes) : hn::Zero(Tag())),
        activation(output, block) {}
  HWY_INLINE Vector operator()(Vector v, const float* other) const {
    v = hn::Add(v, bias);
    if constexpr (add) v = hn::Add(v, hn::Load(Tag(), other));
    return activation(v);
  }
  void start(Vector) {}
  HWY_INLINE Epilogue row() const { return *this; }
  void end_row(const Epilogue&, std::int64_t) {}
  void finish() {}
  Vector bias;
  Activation activation;
};

/// The same, and pixels are pooled by 2x2; with or without writing them.
template <class Activation, bool writes>
struct PooledEpilogue : Epilogue<Activation, false> {
  static constexpr bool kPools = true, kWrites = writes;
  using Epilogue<Activation, false>::Epilogue;
  HWY_INLINE PooledEpilogue row() const { return *this; }
};

/// The largest of every 2x2 of `pixels` pixels of two rows, where value(at) is the pixel at `at`. A pixel that is not a
/// number wins if it comes first, as in max_pool2d.
template <class Value>
HWY_INLINE void pool_rows(const float* above, const float* below, std::int64_t pixels, Value value, float* pooled) {
  for (std::int64_t x = 0; x < pixels; x += 2, pooled += kLanes) {
    const Vector first = hn::Max(value(above + (x + 1) * kLanes), value(above + x * kLanes));
    const Vector third = hn::Max(value(below + x * kLanes), first);
    hn::Store(hn::Max(value(below + (x + 1) * kLanes), third), Tag(), pooled);
  }
}

inline void add_sums(Vector sum, Vector square, std::int64_t count, PixelSums& total) {
  HWY_ALIGN float sums[kLanes], squares[kLanes];
  hn::Store(sum, Tag(), sums);
  hn::Store(square, Tag(), squares);
  for (int l = 0; l < kLanes; ++l) {
    total.sums[l] += sums[l];
    total.squares[l] += squares[l];
  }
  total.count += count;
}

/// The bias, and sums of the pixels and of their squares. Those of a row stay in registers.
class Measure : public WritesAll {
 public:
  Measure(const Output& output, std::int64_t block)
      : bias_(output.bias ? hn::LoadU(Tag(), output.bias + block * kLanes) : hn::Zero(Tag())),
        pivot_(hn::LoadU(Tag(), output.measured[block].pivots)),
        sum_(hn::Zero(Tag())),
        square_(hn::Zero(Tag())),
        total_(output.measured[block]) {}

  /// With a pixel of the result, near which the mean is likely to be.
  void start(Vector pixel) {
    if (total_.count > 0) return;
    pivot_ = hn::Add(pixel, bias_);
    hn::StoreU(pivot_, Tag(), total_.pivots);
    std::fill_n(total_.sums, kLanes, 0.0);
    std::fill_n(total_.squares, kLanes, 0.0);
  }

  struct Row {
    HWY_INLINE Vector operator()(Vector v, const float*) {
      v = hn::Add(v, bias);
      const Vector d = hn::Sub(v, pivot);
      sum = hn::Add(sum, d);
      square = hn::MulAdd(d, d, square);
      return v;
    }
    Vector bias, pivot, sum, square;
  };
  HWY_INLINE Row row() const { return {bias_, pivot_, hn::Zero(Tag()), hn::Zero(Tag())}; }
  HWY_INLINE void end_row(const Row& row, std::int64_t pixels) {
    sum_ = hn::Add(sum_, row.sum);
    square_ = hn::Add(square_, row.square);
    count_ += pixels;
  }

  void finish() { add_sums(sum_, square_, count_, total_); }

 private:
  Vector bias_, pivot_, sum_, square_;
  std::int64_t count_ = 0;
  PixelSums& total_;
};

/// The sums of a gradient that goes on through a batch norm with ReLU.
class MeasureGradient : public WritesAll {
 public:
  MeasureGradient(const Output& output, std::int64_t block)
      : normal_(output.y[static_cast<std::size_t>(block)].normal),
        sum_(hn::Zero(Tag())),
        product_(hn::Zero(Tag())),
        total_(output.measured[block]) {}

  void start(Vector) {
    if (total_.count > 0) return;
    std::fill_n(total_.sums, kLanes, 0.0);
    std::fill_n(total_.squares, kLanes, 0.0);
  }

  struct Row {
    HWY_INLINE Vector operator()(Vector v, const float* x) {
      const Vector distance = hn::Sub(hn::Load(Tag(), x), mean);
      const Vector kept = hn::IfThenElseZero(hn::Gt(hn::MulAdd(distance, factor, shift), hn::Zero(Tag())), v);
      sum = hn::Add(sum, kept);
      product = hn::MulAdd(kept, distance, product);
      return v;
    }
    Vector mean, factor, shift, sum, product;
  };
  HWY_INLINE Row row() const {
    return {hn::LoadU(Tag(), normal_), hn::LoadU(Tag(), normal_ + kLanes), hn::LoadU(Tag(), normal_ + 2 * kLanes),
            hn::Zero(Tag()), hn::Zero(Tag())};
  }
  HWY_INLINE void end_row(const Row& row, std::int64_t pixels) {
    sum_ = hn::Add(sum_, row.sum);
    product_ = hn::Add(product_, row.product);
    count_ += pixels;
  }
  void finish() { add_sums(sum_, product_, count_, total_); }

 private:
  const float* normal_;
  Vector sum_, product_;
  std::int64_t count_ = 0;
  PixelSums& total_;
};

/// Calls body.template operator()<Activation>().
template <class Body>
void with_activation(const Output& output, Body body) {
  if (output.slopes) return body.template operator()<SlopeBelowZero>();
  output.relu ? body.template operator()<Relu>() : body.template operator()<NoActivation>();
}

/// Calls body.template operator()<Finish, add, stream>() with what the output asks for; `add`: results are read with
/// `other` beside them.
template <class Body>
void with_finish(const Output& output, Body body) {
  const auto with_stream = [&]<class Finish, bool add>() {
    output.stream ? body.template operator()<Finish, add, true>() : body.template operator()<Finish, add, false>();
  };
  if (!output.pooled.empty())
    return with_activation(output, [&]<class Activation>() {
      output.written ? with_stream.template operator()<PooledEpilogue<Activation, true>, false>()
                     : body.template operator()<PooledEpilogue<Activation, false>, false, false>();
    });
  const bool add = !output.other.empty();
  if (output.measured)
    return add ? with_stream.template operator()<MeasureGradient, true>()
               : with_stream.template operator()<Measure, false>();
  with_activation(output, [&]<class Activation>() {
    add ? with_stream.template operator()<Epilogue<Activation, true>, true>()
        : with_stream.template operator()<Epilogue<Activation, false>, false>();
  });
}

}  // namespace inlay::epilogue::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
