#include "inlay/distance.h"

#include <cmath>
#include <limits>
#include <vector>

#include "base/fail.h"

namespace inlay {
namespace {

constexpr std::int64_t kNone = -1;

/// Per pixel, the distance to the nearest site of its column, or kNone.
std::vector<std::int64_t> along_columns(const Tensor& sites) {
  const std::int64_t height = sites.shape()[0], width = sites.shape()[1];
  const std::uint8_t* site = sites.data<std::uint8_t>().data();
  std::vector<std::int64_t> distances(static_cast<std::size_t>(height * width), kNone);
  std::int64_t* out = distances.data();
  for (std::int64_t i = 0; i < height * width; ++i) {
    if (site[i] != 0)
      out[i] = 0;
    else if (i >= width && out[i - width] != kNone)
      out[i] = out[i - width] + 1;
  }
  for (std::int64_t i = (height - 1) * width - 1; i >= 0; --i)
    if (out[i + width] != kNone && (out[i] == kNone || out[i + width] + 1 < out[i])) out[i] = out[i + width] + 1;
  return distances;
}

/// The lower envelope of the parabolas (x - v)^2 + f(v) of one row (section 2.1). Sums of squares of sides up to 2^20
/// are exact in double.
class Envelope {
 public:
  explicit Envelope(std::int64_t width) : parabolas_(static_cast<std::size_t>(width)) {}

  void clear() { count_ = 0; }

  void add(std::int64_t v, double f) {
    double from = -std::numeric_limits<double>::infinity();
    while (count_ > 0) {
      const Parabola& last = parabolas_[count_ - 1];
      const double at = static_cast<double>(v), other = static_cast<double>(last.v);
      from = ((f + at * at) - (last.f + other * other)) / (2 * (at - other));
      if (from > last.from) break;
      --count_;
    }
    if (count_ == 0) from = -std::numeric_limits<double>::infinity();
    parabolas_[count_++] = {v, f, from};
  }

  void roots(std::int64_t width, float* out) const {
    std::size_t k = 0;
    for (std::int64_t x = 0; x < width; ++x) {
      while (k + 1 < count_ && parabolas_[k + 1].from < static_cast<double>(x)) ++k;
      const auto away = static_cast<double>(x - parabolas_[k].v);
      out[x] = static_cast<float>(std::sqrt(away * away + parabolas_[k].f));
    }
  }

  bool empty() const { return count_ == 0; }

 private:
  struct Parabola {
    std::int64_t v = 0;
    double f = 0;
    double from = 0;  // it is the lowest from here on
  };
  std::vector<Parabola> parabolas_;
  std::size_t count_ = 0;
};

}  // namespace

Tensor distances_to(const Tensor& sites) {
  const std::int64_t height = sites.shape()[0], width = sites.shape()[1];
  const std::vector<std::int64_t> columns = along_columns(sites);
  Tensor result(DType::f32, {height, width});
  float* out = result.data<float>().data();
  Envelope envelope(width);
  for (std::int64_t y = 0; y < height; ++y) {
    envelope.clear();
    for (std::int64_t x = 0; x < width; ++x) {
      const std::int64_t distance = columns[static_cast<std::size_t>(y * width + x)];
      if (distance != kNone) envelope.add(x, static_cast<double>(distance * distance));
    }
    if (envelope.empty())  // then no row has a site
      std::fill_n(out + y * width, width, std::numeric_limits<float>::infinity());
    else
      envelope.roots(width, out + y * width);
  }
  return result;
}

}  // namespace inlay
