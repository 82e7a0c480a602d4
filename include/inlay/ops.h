// The operators, as functions that add nodes to the graph of their inputs. Pictures are (N, C, H, W) f32.
// Every function throws InputError, with the place in the graph, when shapes or options do not fit.
// Terms: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "inlay/graph.h"
#include "inlay/options.h"

namespace inlay {

/// All operators, and one by name (null when there is none).
std::span<const Operator* const> operators();
const Operator* find_operator(std::string_view name);

// ---- Convolutions -------------------------------------------------------------------------------------------------

/// Cross-correlation. x (N, C, H, W), weight (M, C/groups, kh, kw), bias (M) or empty; gives (N, M, H', W') with
/// H' = floor((H + top + bottom - dilation * (kh - 1) - 1) / stride) + 1.
Value conv2d(Value x, Value weight, Value bias, const Conv2dOptions& options = {});
Value conv2d(Value x, Value weight, const Conv2dOptions& options = {});

/// The transpose of the matrix of conv2d with the same options. x (N, M, H', W'), weight (M, C/groups, kh, kw), bias
/// (C) or empty; gives (N, C, H, W) with H = (H' - 1) * stride - top - bottom + dilation * (kh - 1) + 1 +
/// output_padding.
Value conv_transpose2d(Value x, Value weight, Value bias, const ConvTranspose2dOptions& options = {});
Value conv_transpose2d(Value x, Value weight, const ConvTranspose2dOptions& options = {});

/// The gradients of sum(conv2d(x, w, b) * dy) with respect to w (M, C/groups, kh, kw) and, with options.bias, b (M).
std::vector<Value> conv2d_weight_grad(Value x, Value dy, const Conv2dWeightGradOptions& options);

// ---- Pooling and its way back
// -----------------------------------------------------------------------------------------

struct MaxPool {
  Value values;
  Value indices;  // i32, as values: the position y * W + x in the input plane of the first maximum of the window
};
/// Padding never wins. H' = floor or ceil((H + top + bottom - dilation * (kernel - 1) - 1) / stride) + 1; with
/// ceil_mode a last window that would start in the bottom or right padding is dropped (PyTorch).
MaxPool max_pool2d(Value x, const Pool2dOptions& options = {});

/// Puts each value at its remembered position in a plane of the size of `like`, zeros elsewhere; values that meet add
/// up.
Value max_unpool2d(Value x, Value indices, Value like);
/// The way back: the values of x (N, C, H, W) at `indices` (N, C, H', W').
Value gather2d(Value x, Value indices);

Value avg_pool2d(Value x, const Pool2dOptions& options = {});
/// The transpose of avg_pool2d, to the size of `like`.
Value avg_pool2d_transpose(Value x, Value like, const Pool2dOptions& options = {});
/// Mean over H and W: (N, C, 1, 1).
Value global_avg_pool(Value x);
/// To options.size whatever the size of x: output i is the mean of the inputs floor(i * H / size) to
/// ceil((i + 1) * H / size) - 1 (PyTorch's AdaptiveAvgPool2d). A size above that of x repeats pixels.
Value adaptive_avg_pool2d(Value x, const AdaptivePool2dOptions& options);
/// The transpose of adaptive_avg_pool2d, to the size of `like`.
Value adaptive_avg_pool2d_transpose(Value x, Value like, const AdaptivePool2dOptions& options);

// ---- Resizing
// ---------------------------------------------------------------------------------------------------------

/// By options.scale or to options.size. Positions outside of the picture take the border's value. No anti-aliasing.
Value resize2d(Value x, const Resize2dOptions& options);
/// To the size of `like`; options.scale and options.size are not read.
Value resize2d_like(Value x, Value like, const Resize2dOptions& options = {});
/// The transpose of resize2d from the size of `like`.
Value resize2d_transpose(Value x, Value like, const Resize2dOptions& options = {});

/// Each pixel at the top left of a stride x stride cell of zeros: (H * stride, W * stride), or the size of `like` when
/// given.
Value bed_of_nails2d(Value x, const Nails2dOptions& options = {}, Value like = {});
/// Every stride-th pixel: (ceil(H / stride), ceil(W / stride)).
Value subsample2d(Value x, const Nails2dOptions& options = {});

// ---- Normalisation, activations, noise
// --------------------------------------------------------------------------------

/// Ioffe and Szegedy 2015. scale, shift, mean, variance: (C). In training the batch's statistics are used, and the
/// leaves `mean` and `variance` move towards them (the variance unbiased, as in PyTorch).
Value batch_norm(Value x, Value scale, Value shift, Value mean, Value variance, const BatchNormOptions& options = {});

Value relu(Value x);
Value leaky_relu(Value x, const LeakyReluOptions& options = {});
/// min(max(x, options.low), options.high); 0 to 6 is ReLU6 (Howard et al. 2017).
Value clip(Value x, const ClipOptions& options = {});
/// slope: (C). He et al. 2015.
Value prelu(Value x, Value slope);
Value sigmoid(Value x);
/// Along the channels (axis 1).
Value softmax(Value x);
/// Srivastava et al. 2014. The same seed gives the same zeros. In inference: the identity.
Value dropout(Value x, const DropoutOptions& options = {});

// ---- Shapes
// -----------------------------------------------------------------------------------------------------------

/// Along `axis`; all other extents must agree.
Value concat(std::span<const Value> values, const AxisOptions& options = {});
/// begin <= index < end along the axis.
Value slice(Value x, const SliceOptions& options);
/// Rows and columns around H and W. Reflection does not repeat the edge and needs padding < size.
Value pad(Value x, const PadOptions& options);
/// The transpose of pad: for zero padding the crop, for reflection the border added back inside.
Value pad_transpose(Value x, const PadOptions& options);
/// Cuts rows and columns off each side.
Value crop(Value x, Padding amounts);
/// The part of x that has the height and width of `like`: from `offset` rows and columns on, or from the middle
/// (rounded down). Throws when `like` is larger.
Value crop_like(Value x, Value like, const CropLikeOptions& options = {});
/// The transpose of crop_like: x amid zeros, at the height and width of `like`.
Value pad_like(Value x, Value like, const CropLikeOptions& options = {});
/// Channels of zeros in front and behind.
Value pad_channels(Value x, const PadChannelsOptions& options);

// ---- Arithmetic (extents must be equal, or 1 in one of the two: NumPy's broadcasting at equal rank)
// ------------------------

Value add(Value a, Value b);
Value mul(Value a, Value b);
Value div(Value a, Value b);
/// x * scale + shift with two constants.
Value affine(Value x, double scale, double shift = 0);
/// Sum over the axes, kept with extent 1.
Value reduce_sum(Value x, std::vector<std::int64_t> axes);
/// The transpose of reduce_sum: repeats x along its extents of 1 to the shape of `like`.
Value broadcast_like(Value x, Value like);
/// The same numbers under another shape with as many elements.
Value reshape(Value x, const Shape& shape);
/// `value` everywhere.
Value fill(Graph graph, const Shape& shape, double value);
/// labels (N, H, W) u8 -> (N, classes, H, W) f32: 1 at the label's channel; no 1 where the label is `ignore`.
Value one_hot(Value labels, std::int64_t classes, std::int64_t ignore = 255);

// ---- Losses (scalars of shape 1)
// ----------------------------------------------------------------------------------------

/// logits (N, K, H, W), labels (N, H, W) u8, class_weights (K) or empty, pixel_weights (N, H, W) or empty.
/// sum(w * -log softmax[label]) / sum(w) over the pixels that count, w the product of both weights; 0 when none counts.
Value cross_entropy(Value logits, Value labels, Value class_weights = {}, Value pixel_weights = {},
                    const LossOptions& options = {});
/// logits (N, 1, H, W), labels 0 or 1: the same with the sigmoid's two outcomes; class_weights (2).
Value binary_cross_entropy(Value logits, Value labels, Value class_weights = {}, Value pixel_weights = {},
                           const LossOptions& options = {});
/// 1 - mean over the classes of (2 sum(p y) + 1) / (sum(p) + sum(y) + 1), p the softmax (or the sigmoid when K is 1),
/// sums over the batch's pixels that count (Milletari, Navab and Ahmadi 2016).
Value dice_loss(Value logits, Value labels, const LossOptions& options = {});

}  // namespace inlay
