#include "runtime/cpu/kernels.h"

#include <algorithm>
#include <array>

namespace inlay {
namespace {

constexpr std::array kKernels{
    &kConv2dKernel,
    &kConvTranspose2dKernel,
    &kConv2dWeightGradKernel,
    &kReluKernel,
    &kReluGradKernel,
    &kAddKernel,
    &kMulKernel,
    &kDivKernel,
    &kAffineKernel,
    &kLeakyReluKernel,
    &kLeakyReluGradKernel,
    &kClipKernel,
    &kClipGradKernel,
    &kPreluKernel,
    &kPreluGradKernel,
    &kSigmoidKernel,
    &kSigmoidGradKernel,
    &kBatchNormKernel,
    &kBatchNormGradKernel,
    &kBatchNormAgainKernel,
    &kSoftmaxKernel,
    &kSoftmaxGradKernel,
    &kDropoutKernel,
    &kOneHotKernel,
    &kCrossEntropyKernel,
    &kCrossEntropyGradKernel,
    &kBinaryCrossEntropyKernel,
    &kBinaryCrossEntropyGradKernel,
    &kCrossEntropyWithGradKernel,
    &kBinaryCrossEntropyWithGradKernel,
    &kConv2dCrossEntropyWithGradKernel,
    &kConv2dBinaryCrossEntropyWithGradKernel,
    &kMostLikelyKernel,
    &kConv2dMostLikelyKernel,
    &kConvTranspose2dMostLikelyKernel,
    &kFocalLossKernel,
    &kFocalLossGradKernel,
    &kHardPixelsKernel,
    &kLovaszLossKernel,
    &kFillKernel,
    &kReshapeKernel,
    &kReduceSumKernel,
    &kGlobalAvgPoolKernel,
    &kBroadcastLikeKernel,
    &kConcatKernel,
    &kSliceKernel,
    &kMaxPool2dKernel,
    &kMaxUnpool2dKernel,
    &kGather2dKernel,
    &kResize2dKernel,
    &kResize2dLikeKernel,
    &kResize2dTransposeKernel,
    &kAvgPool2dKernel,
    &kAvgPool2dTransposeKernel,
    &kAdaptiveAvgPool2dKernel,
    &kAdaptiveAvgPool2dTransposeKernel,
    &kPadKernel,
    &kPadTransposeKernel,
    &kCropKernel,
    &kCropLikeKernel,
    &kPadLikeKernel,
    &kPadChannelsKernel,
    &kSubsample2dKernel,
    &kBedOfNails2dKernel,
};

}  // namespace

std::span<const CpuKernel* const> cpu_kernels() { return kKernels; }

const CpuKernel* find_kernel(std::string_view op) {
  const auto found = std::ranges::find(kKernels, op, &CpuKernel::op);
  return found == kKernels.end() ? nullptr : *found;
}

}  // namespace inlay
