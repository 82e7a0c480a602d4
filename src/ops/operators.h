// The list of operators. A new one: declare it here, name it in operators.cpp.
#pragma once

#include "graph/operator.h"

namespace inlay {

extern const Operator kConv2d, kConvTranspose2d, kConv2dWeightGrad;
extern const Operator kRelu, kReluGrad;
extern const Operator kAdd, kMul, kDiv, kAffine;
extern const Operator kFill, kReshape, kReduceSum, kBroadcastLike, kConcat, kSlice;
extern const Operator kLeakyRelu, kLeakyReluGrad, kClip, kClipGrad, kPrelu, kPreluGrad, kSigmoid, kSigmoidGrad,
    kSoftmax, kSoftmaxGrad;
extern const Operator kBatchNorm, kBatchNormGrad, kBatchNormAgain, kDropout;
extern const Operator kMaxPool2d, kMaxUnpool2d, kGather2d, kAvgPool2d, kAvgPool2dTranspose, kAdaptiveAvgPool2d,
    kAdaptiveAvgPool2dTranspose, kGlobalAvgPool, kSubsample2d, kBedOfNails2d, kPad, kPadTranspose, kCrop, kCropLike,
    kPadLike, kPadChannels;
extern const Operator kCrossEntropy, kCrossEntropyGrad, kBinaryCrossEntropy, kBinaryCrossEntropyGrad, kOneHot;
extern const Operator kCrossEntropyWithGrad, kBinaryCrossEntropyWithGrad, kConv2dCrossEntropyWithGrad,
    kConv2dBinaryCrossEntropyWithGrad;
extern const Operator kMostLikely, kConv2dMostLikely, kConvTranspose2dMostLikely;
extern const Operator kFocalLoss, kFocalLossGrad, kHardPixels, kLovaszLoss;
extern const Operator kResize2d, kResize2dLike, kResize2dTranspose;

}  // namespace inlay
