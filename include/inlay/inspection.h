// What a trained net sees in a picture: its maps layer by layer, what speaks for each class, what a result hangs on and
// where it is unsure. A user action as in workflow.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "inlay/image.h"
#include "inlay/log.h"
#include "inlay/probe.h"

namespace inlay::workflow {

struct InspectRequest {
  std::filesystem::path model, image, output;
  std::string layers;                  // names of nodes, with * ? []; empty: what leaves each block of the net
  std::int64_t channels = 16;          // of a layer: those whose numbers differ most from place to place
  std::vector<std::string> classes;    // to explain, by name or number; empty: those that occur, or nearly do
  std::optional<PixelPosition> pixel;  // explain the result there instead of that of all pixels of a class
  bool overwrite = false;              // write into a folder that holds files
  int threads = 0;
  bool tune = true;
  std::function<bool()> stop;  // asked before every layer and class
  std::function<void(std::int64_t done, std::int64_t count)> progress;
  LogSink log;
};

/// Files are named from the output folder on.
struct Inspection {
  struct Layer {
    std::string name, op;
    std::int64_t channels = 0, height = 0, width = 0;  // of what belongs to the picture
    double sees_h = 0, sees_w = 0;  // pixels that one value depends on; infinite after a global pooling
    double step_h = 0, step_w = 0;  // pixels from one value to the next
    struct Channel {
      std::int64_t index = 0;
      double variance = 0;
    };
    std::vector<Channel> shown;  // strongest first
    std::filesystem::path sheet;
  };
  struct Class {
    std::int64_t index = 0;
    std::string name;
    Color color{};
    double share = 0;                          // of the pixels that are labelled so
    double mean_probability = 0;               // over all pixels
    std::filesystem::path probability, logit;  // heat maps over the picture; empty when it is not explained
    std::filesystem::path saliency;            // empty as well when a pixel of another class is
  };

  std::filesystem::path page, picture, labels, overlay, entropy, margin;
  std::int64_t height = 0, width = 0;
  std::vector<Layer> layers;           // in running order
  std::vector<Class> classes;          // all
  double mean_entropy = 0;             // of the probabilities, over the entropy of equal ones: 0..1
  std::optional<PixelPosition> pixel;  // as it was asked for
  double mean_margin = 0;              // from the largest probability to the next
  bool interrupted = false;            // `stop` said so: there is no page
  double seconds = 0;
};

/// Writes into the output folder index.html, which shows everything, and the PNGs that it refers to. Throws InputError,
/// before any work, when the folder holds files (without `overwrite`), the picture or the model would be overwritten,
/// or the picture, a layer, a class or the pixel is not there.
Inspection inspect(const InspectRequest& request);

}  // namespace inlay::workflow
