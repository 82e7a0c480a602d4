// The list of operators. A new one: declare it here, name it in operators.cpp.
#pragma once

#include "graph/operator.h"

namespace inlay {

extern const Operator kConv2d, kConvTranspose2d, kConv2dWeightGrad;
extern const Operator kRelu, kReluGrad;
extern const Operator kAdd, kMul, kDiv, kAffine;
extern const Operator kFill, kReshape, kReduceSum, kBroadcastLike, kConcat, kSlice;

}  // namespace inlay
