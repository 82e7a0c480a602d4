// A model made ready to run, once for each shape of its input.
#pragma once

#include <list>

#include "inlay/image.h"
#include "inlay/model.h"
#include "inlay/program.h"
#include "inlay/segment.h"

namespace inlay {

/// `sampling`: with dropout on (compiler/keep_dropout.h). `labels`: the most likely class of every pixel in place of
/// the logits.
enum class NetForm { inference, sampling, labels };

struct ReadyNet {
  Shape image;  // (N, C, H, W)
  NetForm form;
  Program program;
  Tensor input, output;  // logits (N, K, H, W), or labels (N, H, W)

  /// Of picture `index`, of which height x width count.
  Mask labels(std::int64_t index, std::int64_t height, std::int64_t width) const;
};

/// The last few, by SegmenterOptions::cached_programs.
class ReadyNets {
 public:
  /// Keeps references to both.
  ReadyNets(const Model& model, const SegmenterOptions& options) : model_(model), options_(options) {}

  /// Good until the next call. Whoever wants labels gets a net that is there for logits, and the other way about a net
  /// for logits replaces one for labels, so that no shape's weights are packed twice. Throws InputError when the logits
  /// are not one a pixel, less the model's margin.
  ReadyNet& at(const Shape& image, NetForm form);
  /// Lets go of the least recently used until those for other sizes than height x width take no more than that.
  void shed(std::int64_t height, std::int64_t width, std::int64_t bytes);

 private:
  const Model& model_;
  const SegmenterOptions& options_;
  std::list<ReadyNet> nets_;  // most recently used first
};

}  // namespace inlay
