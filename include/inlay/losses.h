// Losses by name, as they stand on the command line and in configurations.
#pragma once

#include <span>
#include <string_view>

#include "inlay/ops.h"

namespace inlay {

/// "cross_entropy", "bce", "dice".
std::span<const std::string_view> loss_names();

/// The scalar (shape 1) of a sum such as "cross_entropy", "bce+dice" or "cross_entropy + 0.5*dice"; each term as in
/// ops.h. logits (N, K, H, W), labels (N, H, W) u8, class_weights (K; 2 when K is 1) or empty, pixel_weights (N, H, W)
/// or empty. Pixels labelled `ignore` do not count. cross_entropy needs K > 1, bce K = 1. The weights go to
/// cross_entropy and bce; dice takes none. Nodes are named loss/... Throws InputError for an unknown name (lists them),
/// a weight that is not positive, a name that does not suit K, and weights that no term takes.
Value make_loss(std::string_view name, Value logits, Value labels, Value class_weights = {}, Value pixel_weights = {},
                std::int64_t ignore = 255);

}  // namespace inlay
