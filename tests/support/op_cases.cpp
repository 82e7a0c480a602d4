#include "support/op_cases.h"

namespace inlay::testing {

std::vector<OpCase> all_cases() {
  std::vector<OpCase> all;
  for (const auto& cases : {
           conv2d_cases(),
           conv_transpose2d_cases(),
           relu_cases(),
           add_cases(),
           mul_cases(),
           div_cases(),
           affine_cases(),
           fill_cases(),
           reshape_cases(),
           reduce_sum_cases(),
           broadcast_like_cases(),
           concat_cases(),
           slice_cases(),
           leaky_relu_cases(),
           clip_cases(),
           prelu_cases(),
           sigmoid_cases(),
           softmax_cases(),
           batch_norm_cases(),
           dropout_cases(),
           cross_entropy_cases(),
           binary_cross_entropy_cases(),
           dice_loss_cases(),
           focal_loss_cases(),
           hard_pixels_cases(),
           lovasz_loss_cases(),
           tversky_loss_cases(),
           one_hot_cases(),
           max_pool2d_cases(),
           max_unpool2d_cases(),
           gather2d_cases(),
           avg_pool2d_cases(),
           avg_pool2d_transpose_cases(),
           global_avg_pool_cases(),
           adaptive_avg_pool2d_cases(),
           adaptive_avg_pool2d_transpose_cases(),
           resize2d_cases(),
           resize2d_like_cases(),
           resize2d_transpose_cases(),
           bed_of_nails2d_cases(),
           subsample2d_cases(),
           pad_cases(),
           pad_transpose_cases(),
           crop_cases(),
           crop_like_cases(),
           pad_like_cases(),
           pad_channels_cases(),
       })
    all.insert(all.end(), cases.begin(), cases.end());
  return all;
}

}  // namespace inlay::testing
