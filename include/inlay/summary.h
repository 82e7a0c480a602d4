// What a network is made of and what it costs, before anything runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inlay/graph.h"
#include "inlay/model.h"

namespace inlay {

/// One input or operator of the graph.
struct SummaryRow {
  std::string name;             // the node's, "down/16/a/conv2d"
  std::string kind;             // the operator's, "conv2d"; "input" for an input
  Shape output;                 // (N, C, H, W), of its first output
  std::int64_t parameters = 0;  // numbers in the parameters and state that it is the first to use
  std::int64_t multiply_adds = 0;
  std::vector<std::string> connected_to;  // the rows whose results it takes
};

struct Summary {
  std::vector<SummaryRow> rows;  // in running order
  std::int64_t parameters = 0;   // trained
  std::int64_t state = 0;        // kept, not trained: running statistics
  std::int64_t multiply_adds = 0;
  /// Input pixels that one output pixel can depend on, by Araujo, Norris and Sim 2019: along each path the sum of
  /// (kernel - 1) * the strides so far, the largest over all paths and outputs; up-sampling has strides below 1. It may
  /// be larger than the picture.
  std::int64_t receptive_field_h = 1, receptive_field_w = 1;
  bool sees_everything = false;  // a global pooling: the receptive field is the picture, whatever its size
  /// An estimate: all weights, and the largest sum of intermediate results that are needed at the same time.
  std::int64_t inference_bytes = 0;
  /// An estimate: each result and its gradient, and four numbers a parameter (itself, its gradient, two moments of
  /// Adam).
  std::int64_t training_bytes = 0;
};

/// Of the graph at the sizes that it is built for: instantiate() gives others.
Summary summarise(const Graph& graph);

/// Of the model in use, for pictures of that size: without the outputs "aux/..." and their parameters. Its weights are
/// not read. Throws InputError, with the place, where the size does not fit.
Summary summarise(const Model& model, std::int64_t height, std::int64_t width);

/// A table 80 columns wide and the totals below it, in UTF-8.
std::string to_string(const Summary& summary);

}  // namespace inlay
