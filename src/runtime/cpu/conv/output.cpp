#include "runtime/cpu/conv/output.h"

#include <algorithm>

namespace inlay {

ConvOutput::ConvOutput(const ConvProblem& p, std::int64_t sharers)
    : pictures_(p.direction == ConvDirection::backward_data ? p.x_pictures() : std::vector{p.y()}),
      block_(p.y_block),
      statistics_(p.statistics),
      norm_sums_(p.norm_sums),
      add_(p.add),
      max_pool_(p.max_pool),
      backward_(p.direction == ConvDirection::backward_data),
      pooled_picture_(p.pooled()),
      channels_(channels_in_blocks(pictures_)),
      bias_(channels_.size(), 0.0f),
      slopes_(p),
      normals_(p.x_pictures(), p.norm_sums ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>{}) {
  output_.relu = p.activation == Activation::relu;
  output_.stream = worth_streaming(pictures_[0].bytes());
  if (statistics_ || norm_sums_) sums_.resize(static_cast<std::size_t>(sharers * blocks()));
}

void ConvOutput::bind(const ConvAddresses& a) {
  // Where y is not wanted its planes are neither read nor written.
  y_ = planes(pictures_, backward_ ? a.x : std::vector{a.y ? a.y : a.pooled});
  if (max_pool_) pooled_ = planes({&pooled_picture_, 1}, std::vector{a.pooled});
  if (norm_sums_) {
    normals_.bind(a.normals);
    read_through(normals_, y_);
    inverse_ = reinterpret_cast<const float*>(a.normals[3]);
  }
  if (add_ || norm_sums_) other_ = planes(pictures_, std::vector{a.other});
  plain_bias_ = reinterpret_cast<const float*>(a.bias);
  slopes_.bind(a.slopes);
  output_.y = y_;
  output_.other = other_;
  output_.pooled = pooled_;
  output_.written = backward_ || a.y != nullptr;
  output_.bias = plain_bias_ ? bias_.data() : nullptr;
  output_.slopes = slopes_.data();
  mean_ = reinterpret_cast<float*>(a.mean);
  variance_ = reinterpret_cast<float*>(a.variance);
  dscale_ = reinterpret_cast<float*>(a.dscale);
  dshift_ = reinterpret_cast<float*>(a.dshift);
}

void ConvOutput::update() {
  if (plain_bias_)
    for (std::size_t i = 0; i < channels_.size(); ++i)
      if (channels_[i] >= 0) bias_[i] = plain_bias_[channels_[i]];
  slopes_.update();
  normals_.update();
  for (PixelSums& sums : sums_) sums.count = 0;
}

Output ConvOutput::of(std::int64_t sharer) {
  Output output = output_;
  if (!sums_.empty()) output.measured = sums_.data() + sharer * blocks();
  return output;
}

void ConvOutput::write_sums() const {
  if (statistics_) write_statistics();
  if (norm_sums_) write_norm_sums();
}

/// Puts the sums of all sharers together, each about its own pivot (Chan, Golub and LeVeque 1979).
void ConvOutput::write_statistics() const {
  const auto block = static_cast<std::size_t>(block_), all_blocks = static_cast<std::size_t>(blocks());
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (channels_[i] < 0) continue;
    const std::size_t lane = i % block;
    double count = 0, mean = 0, spread = 0;
    for (std::size_t part = i / block; part < sums_.size(); part += all_blocks) {
      const PixelSums& of = sums_[part];
      if (of.count == 0) continue;
      const auto n = static_cast<double>(of.count), offset = of.sums[lane] / n;
      const double distance = static_cast<double>(of.pivots[lane]) + offset - mean, all = count + n;
      spread += of.squares[lane] - offset * of.sums[lane] + distance * distance * count * n / all;
      mean += distance * n / all;
      count = all;
    }
    if (mean_) mean_[channels_[i]] = static_cast<float>(mean);
    if (variance_) variance_[channels_[i]] = static_cast<float>(std::max(spread / count, 0.0));
  }
}

void ConvOutput::write_norm_sums() const {
  const auto block = static_cast<std::size_t>(block_), all_blocks = static_cast<std::size_t>(blocks());
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    if (channels_[i] < 0) continue;
    double sum = 0, product = 0;
    for (std::size_t part = i / block; part < sums_.size(); part += all_blocks) {
      if (sums_[part].count == 0) continue;
      sum += sums_[part].sums[i % block];
      product += sums_[part].squares[i % block];
    }
    if (dscale_) dscale_[channels_[i]] = static_cast<float>(product * static_cast<double>(inverse_[channels_[i]]));
    if (dshift_) dshift_[channels_[i]] = static_cast<float>(sum);
  }
}

}  // namespace inlay
