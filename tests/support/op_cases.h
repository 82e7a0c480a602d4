// The cases by operator, one function a file in cases/.
#pragma once

#include "support/op_case.h"

namespace inlay::testing {

std::vector<OpCase> conv2d_cases();
std::vector<OpCase> conv_transpose2d_cases();
std::vector<OpCase> relu_cases();
std::vector<OpCase> add_cases();
std::vector<OpCase> mul_cases();
std::vector<OpCase> div_cases();
std::vector<OpCase> affine_cases();
std::vector<OpCase> fill_cases();
std::vector<OpCase> reshape_cases();
std::vector<OpCase> reduce_sum_cases();
std::vector<OpCase> broadcast_like_cases();
std::vector<OpCase> concat_cases();
std::vector<OpCase> slice_cases();
std::vector<OpCase> leaky_relu_cases();
std::vector<OpCase> clip_cases();
std::vector<OpCase> prelu_cases();
std::vector<OpCase> sigmoid_cases();
std::vector<OpCase> softmax_cases();
std::vector<OpCase> batch_norm_cases();
std::vector<OpCase> dropout_cases();
std::vector<OpCase> cross_entropy_cases();
std::vector<OpCase> binary_cross_entropy_cases();
std::vector<OpCase> dice_loss_cases();
std::vector<OpCase> focal_loss_cases();
std::vector<OpCase> hard_pixels_cases();
std::vector<OpCase> lovasz_loss_cases();
std::vector<OpCase> tversky_loss_cases();
std::vector<OpCase> one_hot_cases();
std::vector<OpCase> max_pool2d_cases();
std::vector<OpCase> max_unpool2d_cases();
std::vector<OpCase> gather2d_cases();
std::vector<OpCase> avg_pool2d_cases();
std::vector<OpCase> avg_pool2d_transpose_cases();
std::vector<OpCase> global_avg_pool_cases();
std::vector<OpCase> adaptive_avg_pool2d_cases();
std::vector<OpCase> adaptive_avg_pool2d_transpose_cases();
std::vector<OpCase> resize2d_cases();
std::vector<OpCase> resize2d_like_cases();
std::vector<OpCase> resize2d_transpose_cases();
std::vector<OpCase> bed_of_nails2d_cases();
std::vector<OpCase> subsample2d_cases();
std::vector<OpCase> pad_cases();
std::vector<OpCase> pad_transpose_cases();
std::vector<OpCase> crop_cases();
std::vector<OpCase> crop_like_cases();
std::vector<OpCase> pad_like_cases();
std::vector<OpCase> pad_channels_cases();

}  // namespace inlay::testing
