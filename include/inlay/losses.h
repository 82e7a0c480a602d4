// Losses by name, as they stand on the command line and in configurations.
#pragma once

#include <span>
#include <string_view>

#include "inlay/loss_ops.h"
#include "inlay/ops.h"

namespace inlay {

/// "cross_entropy", "bce", "dice", "focal", "tversky", "lovasz", "ohem".
std::span<const std::string_view> loss_names();

struct LossTermOptions {
  std::int64_t ignore = 255;   // pixels labelled so do not count
  double label_smoothing = 0;  // FocalOptions::smoothing of cross_entropy, bce, focal and ohem
};

/// The scalar (shape 1) of a sum such as "cross_entropy", "bce+dice" or "cross_entropy +
/// 0.5*tversky:alpha=0.2,beta=0.8": names with a weight in front and parameters behind, each term as in ops.h and
/// loss_ops.h. ohem is cross entropy on hard_pixels(). logits (N, K, H, W), labels (N, H, W) u8, class_weights (K; 2
/// when K is 1) or empty, pixel_weights (N, H, W) or empty. cross_entropy needs K > 1, bce K = 1; the others take both.
/// The weights go to cross_entropy, bce, focal and ohem; the others take none. Nodes are named loss/... Throws
/// InputError for an unknown name (lists them) or parameter, a weight that is not positive, a name that does not suit
/// K, and weights or a smoothing that no term takes.
Value make_loss(std::string_view name, Value logits, Value labels, Value class_weights = {}, Value pixel_weights = {},
                const LossTermOptions& options = {});

}  // namespace inlay
