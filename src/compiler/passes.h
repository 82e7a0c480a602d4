// Graph to graph, keeping what is computed. Every pass can be skipped by name; each file in passes/ holds one.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/graph.h"
#include "inlay/tensor.h"

namespace inlay {

/// The numbers of the leaves that never change; a pass may add leaves to it. Empty when training.
using Constants = std::map<std::string, Tensor>;

struct Pass {
  std::string_view name;
  std::string_view equation;  // before => after
  Graph (*run)(const Graph&, Constants&);
};

/// In the order they run.
std::span<const Pass* const> passes();

/// Leaves out what nothing needs, runs all passes but those named in `skip` and verifies the graph after each. Throws
/// InputError for an unknown name.
Graph run_passes(Graph graph, Constants& constants, std::span<const std::string> skip = {});

extern const Pass kRemoveIdentities, kFoldBatchNorm, kFuseAdd, kFuseActivation, kFuseBatchNormRelu,
    kFuseBatchNormReluGrad, kFuseConcat, kFuseUpSampling, kFuseMaxPool, kFuseNormalisedInput, kFuseStatistics,
    kFuseNormSums, kFuseLossGrad, kFuseHeadLoss, kFuseMostLikely, kRecomputeUpSampling, kRecomputeBatchNorm;

/// How often each value is read, by Value::id(); graph outputs count.
std::vector<int> use_counts(const Graph& graph);

}  // namespace inlay
