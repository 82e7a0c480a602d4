#include "compiler/passes.h"

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "graph/rewrite.h"

namespace inlay {
namespace {

constexpr std::array kPasses{&kRemoveIdentities,  &kFoldBatchNorm,         &kFuseAdd,        &kFuseActivation,
                             &kFuseBatchNormRelu, &kFuseBatchNormReluGrad, &kFuseConcat,     &kFuseUpSampling,
                             &kFuseMaxPool,       &kFuseNormalisedInput,   &kFuseStatistics, &kFuseNormSums,
                             &kFuseLossGrad,      &kFuseHeadLoss,          &kFuseMostLikely, &kRecomputeUpSampling,
                             &kRecomputeBatchNorm};

}  // namespace

std::span<const Pass* const> passes() { return kPasses; }

Graph run_passes(Graph graph, Constants& constants, std::span<const std::string> skip) {
  std::vector<std::string_view> names;
  for (const Pass* pass : kPasses) names.push_back(pass->name);
  for (const std::string& name : skip)
    if (!std::ranges::count(names, name))
      fail_input("there is no pass '{}'; the passes are: {}", name, fmt::join(names, ", "));
  graph = live_part(graph);
  for (const Pass* pass : kPasses) {
    if (std::ranges::count(skip, pass->name)) continue;
    graph = pass->run(graph, constants);
    verify(graph);
  }
  return graph;
}

std::vector<int> use_counts(const Graph& graph) {
  std::vector<int> uses(static_cast<std::size_t>(graph.value_count()), 0);
  for (const auto& node : graph.nodes())
    for (const Value& input : node->inputs)
      if (input) ++uses[static_cast<std::size_t>(input.id())];
  for (const GraphOutput& output : graph.outputs()) ++uses[static_cast<std::size_t>(output.value.id())];
  return uses;
}

}  // namespace inlay
