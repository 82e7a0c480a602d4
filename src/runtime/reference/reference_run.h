// The slow, obvious way to run a graph: every operator's reference, in double. The oracle of the tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/operator.h"

namespace inlay {

using ReferenceValues = std::map<std::string, std::vector<double>>;  // by leaf name

/// The numbers of every value of the graph, by Value::id(). `leaves` must give every leaf that is used; state leaves
/// are read, not written. Throws InputError when one is missing or has the wrong number of elements.
std::vector<ReferenceTensor> reference_run(const Graph& graph, const ReferenceValues& leaves, std::uint64_t seed = 0);

}  // namespace inlay
