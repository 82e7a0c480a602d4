#include "runtime/cpu/batch_moments.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/sizes.h"

namespace inlay {
namespace {

/// Takes the statistics of the result.
class Measured : public ConvAlgorithm {
 public:
  Measured(const ConvProblem& p, std::unique_ptr<ConvAlgorithm> plain)
      : plain_(std::move(plain)), strips_(p.y()), pivots_(static_cast<std::size_t>(strips_.blocks * strips_.block)) {
    sums_bytes_ = static_cast<std::size_t>(strip_sums_size(strips_, strips_.all())) * sizeof(double);
    sums_bytes_ = whole_lines(sums_bytes_ / sizeof(float)) * sizeof(float);
  }

  std::size_t scratch_bytes() const override { return sums_bytes_ + plain_->scratch_bytes(); }
  std::size_t packed_bytes() const override { return plain_->packed_bytes(); }
  bool reads_weights() const override { return plain_->reads_weights(); }

  void bind(const ConvAddresses& a) override {
    y_ = reinterpret_cast<const float*>(a.y);
    mean_ = reinterpret_cast<float*>(a.mean);
    variance_ = reinterpret_cast<float*>(a.variance);
    sums_ = reinterpret_cast<double*>(a.scratch);
    ConvAddresses inner = a;
    inner.scratch += sums_bytes_;
    plain_->bind(inner);
  }

  void run() override {
    plain_->run();
    with_block(strips_.block, [&]<int B>() {
      batch_moments<B>(strips_, strips_.all(), y_, pivots_.data(), sums_, [&](std::int64_t c, const Moments& of) {
        if (mean_) mean_[c] = static_cast<float>(of.mean);
        if (variance_) variance_[c] = static_cast<float>(of.variance);
      });
    });
  }

 private:
  std::unique_ptr<ConvAlgorithm> plain_;
  Strips strips_;
  std::vector<float> pivots_;
  std::size_t sums_bytes_ = 0;
  const float* y_ = nullptr;
  float *mean_ = nullptr, *variance_ = nullptr;
  double* sums_ = nullptr;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_measured(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain) {
  return std::make_unique<Measured>(problem, std::move(plain));
}

}  // namespace inlay
