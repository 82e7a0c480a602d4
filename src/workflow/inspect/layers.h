// Which results of a net are worth a look, and their numbers for one picture.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/program.h"
#include "models/receptive_field.h"
#include "workflow/inspect/net_input.h"

namespace inlay {

struct Layer {
  Value value;  // (1, C, h, w)
  ReceptiveField field;
};

/// In running order. With a pattern (* ? []) the results of the nodes whose names match; without one what leaves a
/// block of the net, such as down/64 with its convolutions a and b, when it is more than a smaller or dropped copy of
/// what was there, and the logits; of a net whose nodes stand in no blocks, its activations.
/// Throws InputError when no name matches.
std::vector<Layer> choose_layers(const Graph& graph, const std::string& pattern);

/// Calls `look` with each layer's index and its maps (C, h, w), those parts of them that belong to the picture, until
/// it returns false. The graph is in inference form and has the input's sizes; outputs are added to it.
void run_layers(Graph graph, const Tensors& tensors, const NetInput& input, const std::vector<Layer>& layers,
                const ProgramOptions& options, const std::function<bool(std::size_t, const Tensor&)>& look);

}  // namespace inlay
