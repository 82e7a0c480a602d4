// Pixels times weights, or patches times weights.

// clang-format off
#if defined(INLAY_PATCHES_MULTIPLY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_PATCHES_MULTIPLY_INL_H_
#undef INLAY_PATCHES_MULTIPLY_INL_H_
#else
#define INLAY_PATCHES_MULTIPLY_INL_H_
#endif
// clang-format on

#include "runtime/cpu/patches/pixels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::patches::HWY_NAMESPACE {

/// Pixels side by side: whole steps of the product with a panel of any width.
constexpr int kStep = kRows<1>;
static_assert(kPixels % kStep == 0);

/// Packed weights: [panel of outputs][input][vector of the panel][lane].
struct Panels {
  std::int64_t inputs, blocks;  // channels, blocks

  std::int64_t count() const { return (blocks + kPanel - 1) / kPanel; }
  int width(std::int64_t panel) const {
    return static_cast<int>(std::min<std::int64_t>(kPanel, blocks - panel * kPanel));
  }
  std::ptrdiff_t at(std::int64_t panel) const { return panel * kPanel * kLanes * inputs; }
};

/// What is multiplied at once: some pixels, some blocks of the inputs.
struct Part {
  std::int64_t pixel, pixels, block, blocks;
};

/// All parts of a range of pixels, those of the same pixels in turn.
class Parts {
 public:
  Parts(std::int64_t begin, std::int64_t end, std::int64_t blocks) : begin_(begin), end_(end), blocks_(blocks) {
    constexpr std::int64_t kBlocks = kChannels / kLanes;
    depth_ = (blocks + kBlocks - 1) / kBlocks;
    in_part_ = (blocks + depth_ - 1) / depth_;
    const std::int64_t pixels = end - begin, steps = (pixels + kPixels - 1) / kPixels;
    at_once_ = ((pixels + steps - 1) / steps + kStep - 1) / kStep * kStep;
  }

  std::int64_t count() const { return (end_ - begin_ + at_once_ - 1) / at_once_ * depth_; }
  Part operator[](std::int64_t i) const {
    const std::int64_t pixel = begin_ + i / depth_ * at_once_, block = i % depth_ * in_part_;
    return {pixel, std::min(at_once_, end_ - pixel), block, std::min(in_part_, blocks_ - block)};
  }

 private:
  std::int64_t begin_, end_, blocks_, depth_, in_part_, at_once_;
};

/// Products of a step with a panel: where the sums go when they are kept for the next part, and when they are finished.
template <int N>
struct Finish {
  bool first, last, relu, stream;
  float* to;
  const float* other;                      // added to what goes to `to`; null: nothing
  const std::ptrdiff_t *places, *outputs;  // of the step's pixels, of the panel's blocks
  const float *bias, *slopes;              // of the panel; null: none
  float* sums;

  HWY_INLINE void write(int r, int v, Vector sum) const {
    const Tag tag;
    if (bias) sum = hn::Add(sum, hn::LoadU(tag, bias + v * kLanes));
    const std::ptrdiff_t at = places[r] + outputs[v];
    if (other) sum = hn::Add(sum, hn::Load(tag, other + at));
    if (slopes) sum = hn::IfNegativeThenElse(sum, hn::Mul(sum, hn::LoadU(tag, slopes + v * kLanes)), sum);
    if (relu) sum = hn::Max(sum, hn::Zero(tag));
    stream ? hn::Stream(sum, tag, to + at) : hn::Store(sum, tag, to + at);
  }

  HWY_INLINE void keep_or_write(int r, int v, Vector sum) const {
    const Tag tag;
    float* kept = sums + (r * N + v) * kLanes;
    if (!first) sum = hn::Add(sum, hn::Load(tag, kept));
    last ? write(r, v, sum) : hn::Store(sum, tag, kept);
  }
};

/// kRows<N> pixels times a panel; `count` of them are there.
template <int N>
HWY_INLINE void multiply_rows(const Rows& pixels, std::int64_t count, std::int64_t blocks, const float* packed,
                              const Finish<N>& finish) {
  constexpr int R = kRows<N>;
  if (finish.first && finish.last && count >= R) {
    product<R, N>(pixels, blocks, packed, [&](int r, int v, Vector sum) HWY_ATTR { finish.write(r, v, sum); });
  } else {
    product<R, N>(pixels, blocks, packed, [&](int r, int v, Vector sum) HWY_ATTR {
      if (r < count) finish.keep_or_write(r, v, sum);
    });
  }
}

/// Few channels: copies cost more than they save.
inline bool in_place(const Call& call) {
  constexpr std::int64_t kFew = 64 / kLanes;
  return std::ssize(call.inputs) <= kFew && std::ssize(call.outputs) <= kFew;
}

/// The pixels of a part as the products take them. Steps are copied when the first panel asks for them; in place, every
/// time, where the pixels are not in line.
class Pixels {
 public:
  Pixels(const Call& call, const Part& part, float* copies)
      : from_(call.from),
        places_(call.sizes, call.to_y, part.pixel, part.pixels),
        inputs_(call.inputs.subspan(static_cast<std::size_t>(part.block), static_cast<std::size_t>(part.blocks))),
        in_place_(in_place(call)),
        copies_(copies) {
    for (std::int64_t i = 0; i < part.blocks; ++i) offsets_[i] = i * kStep * kLanes;
  }

  template <int R>
  HWY_INLINE Rows rows(std::int64_t pixel, bool first_panel) const {
    if (in_place_ && places_.in_line(pixel, R)) return {from_ + *places_.from(pixel), places_.step(), inputs_.data()};
    const std::int64_t in_step = pixel % kStep, step = pixel - in_step;
    float* copy = copies_ + step * std::ssize(inputs_) * kLanes;
    if (in_place_ || (first_panel && in_step == 0)) copy_pixels<kStep>(from_, places_, step, inputs_, copy);
    return {copy + in_step * kLanes, kLanes, offsets_};
  }

 private:
  const float* from_;
  Places places_;
  std::span<const std::ptrdiff_t> inputs_;
  bool in_place_;
  float* copies_;
  std::ptrdiff_t offsets_[kChannels / kLanes];
};

/// `places`: of the results of the part's pixels.
inline void multiply_part(const Call& call, const Part& part, const std::ptrdiff_t* places, float* copies,
                          float* sums) {
  const Panels panels{std::ssize(call.inputs) * kLanes, std::ssize(call.outputs)};
  const Pixels pixels(call, part, copies);
  for (std::int64_t panel = 0; panel < panels.count(); ++panel)
    with_vectors(panels.width(panel), [&]<int N>() HWY_ATTR {
      const std::int64_t first_block = panel * kPanel;
      const float* packed = call.packed + panels.at(panel) + part.block * kLanes * N * kLanes;
      Finish<N> finish{part.block == 0,
                       part.block + part.blocks == std::ssize(call.inputs),
                       call.relu,
                       call.stream,
                       call.to,
                       call.other,
                       places,
                       call.outputs.data() + first_block,
                       call.bias ? call.bias + first_block * kLanes : nullptr,
                       call.slopes ? call.slopes + first_block * kLanes : nullptr,
                       sums + first_block * kLanes * kPixels};
      for (std::int64_t pixel = 0; pixel < part.pixels; pixel += kRows<N>) {
        multiply_rows<N>(pixels.template rows<kRows<N>>(pixel, panel == 0), part.pixels - pixel, part.blocks, packed,
                         finish);
        finish.places += kRows<N>;
        finish.sums += kRows<N> * N * kLanes;
      }
    });
}

/// Behind the copies.
inline float* sums_of(const Call& call, float* scratch) {
  return scratch + kPixels * std::min<std::int64_t>(std::ssize(call.inputs) * kLanes, kChannels);
}

inline void multiply(const Call& call, std::int64_t begin, std::int64_t end, float* scratch) {
  const Parts parts(begin, end, std::ssize(call.inputs));
  for (std::int64_t i = 0; i < parts.count(); ++i) {
    const Places to(call.sizes, !call.to_y, parts[i].pixel, parts[i].pixels);
    multiply_part(call, parts[i], to.from(0), scratch, sums_of(call, scratch));
  }
  if (call.stream) hwy::FlushStream();
}

}  // namespace inlay::patches::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
