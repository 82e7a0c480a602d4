// Multi-scale context by dilated convolutions (Yu and Koltun, ICLR 2016).
#pragma once

#include "inlay/nn.h"

namespace inlay {

enum class Context : std::uint8_t { basic, large, none };
constexpr auto enum_names(Context) { return std::array<std::string_view, 3>{"basic", "large", "none"}; }

/// Table 1 of the paper: seven 3x3 convolutions of dilation 1, 1, 2, 4, 8, 16, 1 with ReLU, then one of 1x1. One pixel
/// of the result sees 67x67 of x, which has C channels. `basic` has C channels throughout, 64 C^2 weights; `large` has
/// 2C, 2C, 4C, 8C, 16C, 32C, 32C. They start as the identity. Parameters: ROOT/1/... to ROOT/7/..., ROOT/head/... x (N,
/// C, H, W) to (N, out_channels, H, W).
Value context_module(const Scope& root, Value x, std::int64_t out_channels, Context context);

}  // namespace inlay
