#include "models/weights/weight_plan.h"

#include <algorithm>
#include <set>

#include "base/fail.h"
#include "models/weights/weight_transform.h"

namespace inlay {
namespace {

std::string describe(const std::string& name, const WeightTensor& tensor) {
  return fmt::format("'{}' ({} {})", name, tensor.type, to_string(tensor.shape));
}

class Planner {
 public:
  Planner(const Graph& graph, const WeightFile& file, const WeightMap& map) : file_(file), map_(map) {
    for (const Value& leaf : graph.leaves())
      if (leaf.leaf()->kind != LeafKind::input) shapes_.emplace(leaf.name(), leaf.shape());
  }

  WeightPlan plan() {
    for (const auto& [name, tensor] : file_) place(name, tensor);
    for (const auto& [name, shape] : shapes_) finish(name, shape);
    return std::move(plan_);
  }

 private:
  template <class... Args>
  void problem(fmt::format_string<Args...> format, Args&&... args) {
    plan_.problems.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  void place(const std::string& name, const WeightTensor& tensor) {
    for (const WeightRule& rule : map_.rules) {
      if (rule.kind == WeightRule::Kind::fresh) continue;
      const auto captures = rule.pattern.match(name);
      if (!captures) continue;
      if (rule.kind == WeightRule::Kind::drop) return plan_.dropped.push_back(name);
      std::vector<std::string> targets;
      for (const NamePattern& target : rule.targets) targets.push_back(target.fill(*captures));
      return assign(name, tensor, targets, rule.transforms);
    }
    problem("no rule for {}", describe(name, tensor));
  }

  void assign(const std::string& theirs, const WeightTensor& tensor, const std::vector<std::string>& targets,
              const std::vector<WeightTransform>& transforms) {
    const auto target = std::ranges::find_if(targets, [&](const std::string& one) { return shapes_.contains(one); });
    if (target == targets.end())
      return problem("{}: the network has no '{}'", describe(theirs, tensor), fmt::join(targets, "' or '"));
    const auto [taken, first] = taken_.emplace(*target, theirs);
    if (!first) return problem("'{}' and '{}' both go to '{}'", taken->second, theirs, *target);
    if (tensor.numbers.empty())
      return problem("{} for '{}': weights are F64, F32, F16 or BF16", describe(theirs, tensor), *target);
    try {
      const Tensor numbers = transformed(tensor.numbers, transforms, shapes_.at(*target));
      if (numbers.shape() == shapes_.at(*target))
        plan_.numbers[*target] = numbers;
      else
        problem("{} does not fit '{}' ({})", describe(theirs, tensor), *target, to_string(shapes_.at(*target)));
    } catch (const InputError& error) {
      problem("{} for '{}': {}", describe(theirs, tensor), *target, error.what());
    }
  }

  void finish(const std::string& name, const Shape& shape) {
    const bool fresh = std::ranges::any_of(map_.rules, [&](const WeightRule& rule) {
      return rule.kind == WeightRule::Kind::fresh && rule.pattern.match(name);
    });
    const auto taken = taken_.find(name);
    if (taken != taken_.end()) {
      if (fresh)
        problem("'{}' goes to '{}', which the map leaves fresh: drop the one, or do not name the other", taken->second,
                name);
    } else if (fresh) {
      plan_.fresh.push_back(name);
    } else {
      problem("nothing for '{}' ({})", name, to_string(shape));
    }
  }

  const WeightFile& file_;
  const WeightMap& map_;
  std::map<std::string, Shape> shapes_;       // of the network's parameters and state
  std::map<std::string, std::string> taken_;  // our name -> their name
  WeightPlan plan_;
};

}  // namespace

WeightPlan plan_weights(const Graph& graph, const WeightFile& file, const WeightMap& map) {
  return Planner(graph, file, map).plan();
}

}  // namespace inlay
