// Strides up to an output stride, dilation from there on: the maps stay large and the weights still see what they saw
// (Chen et al. 2017, section 3.1).
#pragma once

#include <cstdint>

namespace inlay {

/// Of the convolution that has the stride, and of those behind it.
struct AtrousStep {
  std::int64_t stride = 1, dilation = 1, next_dilation = 1;
};

class Atrous {
 public:
  /// `stem`: the stride that the layers in front have.
  Atrous(std::int64_t output_stride, std::int64_t stem) : output_stride_(output_stride), reached_(stem) {}

  /// The convolution that loses its stride still reads what its layers in front made, at their dilation: only those
  /// behind it are spread further. A net at stride 1 then has the numbers of the strided net at every stride-th pixel.
  AtrousStep step(std::int64_t stride) {
    AtrousStep step{stride, dilation_, dilation_};
    if (reached_ * stride <= output_stride_) {
      reached_ *= stride;
    } else {
      dilation_ *= stride;
      step = {1, step.dilation, dilation_};
    }
    return step;
  }

 private:
  std::int64_t output_stride_, reached_, dilation_ = 1;
};

/// The step of unit `unit` of the last stage.
inline AtrousStep times(AtrousStep step, std::int64_t factor) {
  return {step.stride, step.dilation * factor, step.next_dilation * factor};
}

}  // namespace inlay
