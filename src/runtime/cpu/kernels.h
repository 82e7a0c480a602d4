// The list of cpu kernels. A new one: declare it here, name it in kernels.cpp.
#pragma once

#include "runtime/cpu/kernel.h"

namespace inlay {

extern const CpuKernel kConv2dKernel, kConvTranspose2dKernel, kConv2dWeightGradKernel;
extern const CpuKernel kReluKernel, kReluGradKernel;
extern const CpuKernel kAddKernel, kMulKernel, kDivKernel, kAffineKernel;
extern const CpuKernel kLeakyReluKernel, kLeakyReluGradKernel, kClipKernel, kClipGradKernel, kPreluKernel,
    kPreluGradKernel, kSigmoidKernel, kSigmoidGradKernel;
extern const CpuKernel kBatchNormKernel, kBatchNormGradKernel, kBatchNormAgainKernel;
extern const CpuKernel kSoftmaxKernel, kSoftmaxGradKernel, kDropoutKernel, kOneHotKernel;
extern const CpuKernel kCrossEntropyKernel, kCrossEntropyGradKernel, kBinaryCrossEntropyKernel,
    kBinaryCrossEntropyGradKernel, kFocalLossKernel, kFocalLossGradKernel, kHardPixelsKernel, kLovaszLossKernel,
    kCrossEntropyWithGradKernel, kBinaryCrossEntropyWithGradKernel, kConv2dCrossEntropyWithGradKernel,
    kConv2dBinaryCrossEntropyWithGradKernel;
extern const CpuKernel kMostLikelyKernel, kConv2dMostLikelyKernel, kConvTranspose2dMostLikelyKernel;
extern const CpuKernel kFillKernel, kReshapeKernel, kReduceSumKernel, kGlobalAvgPoolKernel, kBroadcastLikeKernel,
    kConcatKernel, kSliceKernel;
extern const CpuKernel kMaxPool2dKernel, kMaxUnpool2dKernel, kGather2dKernel, kResize2dKernel, kResize2dLikeKernel,
    kResize2dTransposeKernel, kAvgPool2dKernel, kAvgPool2dTransposeKernel, kAdaptiveAvgPool2dKernel,
    kAdaptiveAvgPool2dTransposeKernel, kPadKernel, kPadTransposeKernel, kCropKernel, kCropLikeKernel, kPadLikeKernel,
    kPadChannelsKernel, kSubsample2dKernel, kBedOfNails2dKernel;

}  // namespace inlay
