// One way to compute a convolution, and the choice between several.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/cpu/conv/problem.h"

namespace inlay {

/// x or its parts, y, weights (plain) and bias (plain, or null); what is computed is written, but with max_pool a y
/// that is null is not wanted. For what the problem does to y also what is added and the slopes (plain). Of each
/// normalised part its scale, shift, mean and inverse deviation.
struct ConvAddresses {
  std::vector<std::byte*> x;
  std::byte *y, *weights, *bias, *scratch;
  std::byte *other = nullptr, *slopes = nullptr;
  std::vector<std::byte*> normals = {};
  std::byte* pooled = nullptr;                     // with max_pool
  std::byte *mean = nullptr, *variance = nullptr;  // the statistics, to be written; null: not wanted
  /// With norm_sums, `other` is the batch norm's x and `normals` are its numbers. To be written; null: not wanted.
  std::byte *dscale = nullptr, *dshift = nullptr;
};

class ConvAlgorithm {
 public:
  virtual ~ConvAlgorithm() = default;
  virtual std::size_t scratch_bytes() const { return 0; }
  /// Memory of its own, for constant weights.
  virtual std::size_t packed_bytes() const { return 0; }
  /// Whether run() reads the weights; false when bind() has packed them for good.
  virtual bool reads_weights() const { return true; }
  /// When weights are constant they hold their numbers now.
  virtual void bind(const ConvAddresses& addresses) = 0;
  virtual void run() = 0;
};

struct ConvCandidate {
  std::string_view name;
  std::function<std::unique_ptr<ConvAlgorithm>()> make;
};

/// "direct", "gemm", "onednn_winograd" (oneDNN's), and "reference" only when there is nothing else.
std::vector<ConvCandidate> onednn_candidates(const ConvProblem& problem);
/// Our own: empty when they do not do this problem.
std::vector<ConvCandidate> bf16x3_candidates(const ConvProblem& problem);    // on matrix units; backward of stride 1
std::vector<ConvCandidate> winograd_candidates(const ConvProblem& problem);  // 3x3 and larger, of stride 1
std::vector<ConvCandidate> patch_candidates(const ConvProblem& problem);     // 1x1; 2x2 of stride 2
std::vector<ConvCandidate> few_channels_candidates(const ConvProblem& problem);  // first layers, of plain x

/// For algorithms that take x as one: copies of its parts before or after. `whole` makes one for the same problem
/// without parts.
std::unique_ptr<ConvAlgorithm> make_joined(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> whole);

/// For algorithms that read x as it is: normalised parts are written to scratch memory before. `plain` is one for the
/// same problem without them.
std::unique_ptr<ConvAlgorithm> make_normalised(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain);

/// The same for up-sampled parts.
std::unique_ptr<ConvAlgorithm> make_up_sampled(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain);

/// For algorithms that give y alone: its statistics are taken after it. `plain` is one for the same problem without.
std::unique_ptr<ConvAlgorithm> make_measured(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain);

/// The same for max_pool.
std::unique_ptr<ConvAlgorithm> make_pooled(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain);

/// The same for norm_sums.
std::unique_ptr<ConvAlgorithm> make_norm_summed(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain);

/// For algorithms that give logits where labels are wanted: `logits` is one for the same problem without labels.
std::unique_ptr<ConvAlgorithm> make_labelled(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> logits);

struct ChosenConv {
  std::string name;
  std::unique_ptr<ConvAlgorithm> algorithm;
};

/// The fastest by the tuner; without one, or when it is too small to time, the first of our own, else oneDNN's. Those
/// named in `skip` are left out while others remain.
ChosenConv choose_conv(const ConvProblem& problem, const KernelSpec& spec);

/// Blocks for x and y that a fast implementation takes which is not left out: the preferred ones, else plain.
std::pair<int, int> conv_blocks(ConvProblem problem, const LayoutQuery& query);

}  // namespace inlay
