// A model made ready to run, once for each shape of its input.
#pragma once

#include <list>

#include "inlay/model.h"
#include "inlay/program.h"
#include "inlay/segment.h"

namespace inlay {

/// `sampling`: with dropout on (compiler/keep_dropout.h).
enum class NetForm { inference, sampling };

struct ReadyNet {
  Shape image;  // (N, C, H, W)
  NetForm form;
  Program program;
  Tensor input, output;
};

/// The last few, by SegmenterOptions::cached_programs.
class ReadyNets {
 public:
  /// Keeps references to both.
  ReadyNets(const Model& model, const SegmenterOptions& options) : model_(model), options_(options) {}

  /// Good until the next call. Throws InputError when the logits are not one a pixel, less the model's margin.
  ReadyNet& at(const Shape& image, NetForm form);
  /// Lets go of the least recently used until those for other sizes than height x width take no more than that.
  void shed(std::int64_t height, std::int64_t width, std::int64_t bytes);

 private:
  const Model& model_;
  const SegmenterOptions& options_;
  std::list<ReadyNet> nets_;  // most recently used first
};

}  // namespace inlay
