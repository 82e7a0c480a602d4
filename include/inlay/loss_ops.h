// Losses for data that cross entropy alone serves badly: rare classes, thin structures, few hard pixels among many easy
// ones. ops.h has cross_entropy, binary_cross_entropy and dice_loss; losses.h makes any of them by name.
//
// logits (N, K, H, W): K classes by the softmax, or two classes by the sigmoid of one logit (K = 1). labels (N, H, W)
// u8; a pixel labelled `ignore`, or with no class, does not count. class_weights (K; 2 when K is 1) and pixel_weights
// (N, H, W), both or either empty: w is their product. A loss is a scalar of shape 1, and 0 when no pixel counts.
#pragma once

#include "inlay/graph.h"

namespace inlay {

struct FocalOptions {
  double gamma = 2;      // 0 to 10; 0: cross entropy
  double smoothing = 0;  // 0 up to 1, without 1: share of the target that is spread over all classes
  std::int64_t ignore = 255;
  static void visit(auto& self, auto&& field) {
    field("gamma", self.gamma);
    field("smoothing", self.smoothing);
    field("ignore", self.ignore);
  }
};

/// sum(w * sum over k of y_k (1 - p_k)^gamma * -log p_k) / sum(w), y_k = (1 - smoothing) [k is the label] + smoothing /
/// K (K = 2 for one logit). Lin et al., ICCV 2017, equation 5, with the class weights as alpha; label smoothing:
/// Szegedy et al., CVPR 2016, section 7.
Value focal_loss(Value logits, Value labels, Value class_weights = {}, Value pixel_weights = {},
                 const FocalOptions& options = {});

struct HardPixelOptions {
  double threshold = 0.7;  // 0 to 1
  double keep = 1.0 / 16;  // share of the pixels that count, 0 to 1
  std::int64_t ignore = 255;
  static void visit(auto& self, auto&& field) {
    field("threshold", self.threshold);
    field("keep", self.keep);
    field("ignore", self.ignore);
  }
};

/// Pixel weights (N, H, W) for cross_entropy that leave the easy pixels out: w where the probability of the label is at
/// most `threshold`, or among the `keep` lowest of the batch (rounded up, with all that equal the last one); 0
/// elsewhere. It has no gradient. Online hard example mining: Shrivastava, Gupta and Girshick, CVPR 2016; for pixels
/// Wu, Shen and van den Hengel 2016 (threshold 0), and as in BiSeNet (Yu et al., ECCV 2018; threshold 0.7, a
/// sixteenth).
Value hard_pixels(Value logits, Value labels, Value class_weights = {}, Value pixel_weights = {},
                  const HardPixelOptions& options = {});

struct LovaszOptions {
  bool per_image = false;  // the mean over the images, each by itself; else the batch's pixels together
  std::int64_t ignore = 255;
  static void visit(auto& self, auto&& field) {
    field("per_image", self.per_image);
    field("ignore", self.ignore);
  }
};

/// The Lovász extension of the Jaccard loss 1 - IoU: the mean over the classes that the labels have, of the errors
/// 1 - p at pixels of the class and p elsewhere; for one logit x the hinge max(0, 1 - x) at class 1 and max(0, 1 + x)
/// at class 0. It takes no weights. Berman, Triki and Blaschko, CVPR 2018, equations 8, 9 and 11.
Value lovasz_loss(Value logits, Value labels, const LovaszOptions& options = {});

struct TverskyOptions {
  double alpha = 0.3;  // what a false positive costs
  double beta = 0.7;   // what a false negative costs
  std::int64_t ignore = 255;
};

/// 1 - mean over the classes of (TP + 0.5) / (TP + alpha FP + beta FN + 0.5), TP = sum(p y), FP = sum(p (1 - y)),
/// FN = sum((1 - p) y) over the batch's pixels that count. alpha = beta = 0.5 is dice_loss. It takes no weights. Throws
/// InputError unless both are >= 0 and one is above. Salehi, Erdogmus and Gholipour, MLMI 2017, equation 1.
Value tversky_loss(Value logits, Value labels, const TverskyOptions& options = {});

}  // namespace inlay
