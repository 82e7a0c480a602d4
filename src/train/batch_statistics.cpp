#include "train/batch_statistics.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/rng.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "inlay/options.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// A running statistic: from 0, one batch moves it to momentum times the batch's own.
struct Statistic {
  std::string leaf;
  double momentum;
  Tensor running;
  std::vector<double> sum;
};

std::vector<Statistic> statistics_of(const Graph& graph) {
  std::vector<Statistic> found;
  for (const auto& node : graph.nodes()) {
    if (node->op != &kBatchNorm) continue;
    const double momentum = from_attributes<BatchNormOptions>(node->attributes).momentum;
    const Shape& x = node->inputs[0].shape();
    if (momentum == 0 || x[0] * x[2] * x[3] == 1) continue;
    for (const Value& leaf : {node->inputs[3], node->inputs[4]})
      found.push_back({leaf.leaf()->name, momentum, Tensor(DType::f32, leaf.shape()),
                       std::vector<double>(static_cast<std::size_t>(leaf.shape().elements()))});
  }
  return found;
}

void clear(std::vector<Statistic>& statistics) {
  for (Statistic& s : statistics) std::ranges::fill(s.running.data<float>(), 0.0f);
}

void add_up(std::vector<Statistic>& statistics) {
  for (Statistic& s : statistics)
    for (std::size_t i = 0; i < s.sum.size(); ++i)
      s.sum[i] += static_cast<double>(s.running.data<float>()[i]) / s.momentum;
}

}  // namespace

bool estimate_statistics(Model& model, Loader& loader, const LoaderOptions& of_loader,
                         const StatisticsOptions& options) {
  const Shape image{of_loader.batch, of_loader.channels, of_loader.height, of_loader.width};
  // Nothing is asked of the net but to move its statistics on.
  const Graph graph =
      live_part(instantiate(model.graph, {{"image", image}}, true), false, [](std::string_view) { return false; });
  std::vector<Statistic> statistics = statistics_of(graph);
  if (statistics.empty()) return true;
  Bindings leaves(model.tensors.begin(), model.tensors.end());
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind == LeafKind::state) leaves[leaf.leaf()->name] = model.tensors.at(leaf.leaf()->name).clone();
  for (const Statistic& s : statistics) leaves[s.leaf] = s.running;
  Program program(graph, leaves, {}, options.program);
  for (std::int64_t i = 0; i < options.batches; ++i) {
    if (options.stop && options.stop()) return false;
    const Batch batch = loader.next();
    std::ranges::copy(batch.images.data<float>(), program.input("image").data<float>().begin());
    clear(statistics);
    program.run(mix_keys(options.seed, static_cast<std::uint64_t>(i)));
    add_up(statistics);
  }
  for (Statistic& s : statistics) {
    for (std::size_t i = 0; i < s.sum.size(); ++i)
      s.running.data<float>()[i] = static_cast<float>(s.sum[i] / static_cast<double>(options.batches));
    model.tensors.at(s.leaf) = s.running;
  }
  return true;
}

}  // namespace inlay
