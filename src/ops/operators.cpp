#include "ops/operators.h"

#include <algorithm>
#include <array>

#include "inlay/ops.h"

namespace inlay {
namespace {

constexpr std::array kOperators{
    &kConv2d,
    &kConvTranspose2d,
    &kConv2dWeightGrad,
    &kRelu,
    &kReluGrad,
    &kAdd,
    &kMul,
    &kDiv,
    &kAffine,
    &kFill,
    &kReshape,
    &kReduceSum,
    &kBroadcastLike,
    &kConcat,
    &kSlice,
    &kLeakyRelu,
    &kLeakyReluGrad,
    &kClip,
    &kClipGrad,
    &kPrelu,
    &kPreluGrad,
    &kSigmoid,
    &kSigmoidGrad,
    &kSoftmax,
    &kSoftmaxGrad,
    &kBatchNorm,
    &kBatchNormGrad,
    &kBatchNormAgain,
    &kDropout,
    &kMaxPool2d,
    &kMaxUnpool2d,
    &kGather2d,
    &kAvgPool2d,
    &kAvgPool2dTranspose,
    &kGlobalAvgPool,
    &kAdaptiveAvgPool2d,
    &kAdaptiveAvgPool2dTranspose,
    &kSubsample2d,
    &kBedOfNails2d,
    &kPad,
    &kPadTranspose,
    &kCrop,
    &kCropLike,
    &kPadLike,
    &kPadChannels,
    &kCrossEntropy,
    &kCrossEntropyGrad,
    &kBinaryCrossEntropy,
    &kBinaryCrossEntropyGrad,
    &kCrossEntropyWithGrad,
    &kBinaryCrossEntropyWithGrad,
    &kConv2dCrossEntropyWithGrad,
    &kConv2dBinaryCrossEntropyWithGrad,
    &kMostLikely,
    &kConv2dMostLikely,
    &kConvTranspose2dMostLikely,
    &kFocalLoss,
    &kFocalLossGrad,
    &kHardPixels,
    &kLovaszLoss,
    &kOneHot,
    &kResize2d,
    &kResize2dLike,
    &kResize2dTranspose,
};

}  // namespace

std::span<const Operator* const> operators() { return kOperators; }

const Operator* find_operator(std::string_view name) {
  const auto found = std::ranges::find(kOperators, name, &Operator::name);
  return found == kOperators.end() ? nullptr : *found;
}

}  // namespace inlay
