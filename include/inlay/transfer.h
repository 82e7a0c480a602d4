// Weights taken over from another model: staged training, fine-tuning with other classes.
#pragma once

#include <string>
#include <vector>

#include "inlay/model.h"

namespace inlay {

/// What became of each tensor (parameters and state), by name and in the order of names.
struct Transfer {
  std::vector<std::string> copied;
  std::vector<std::string> fresh;     // of the target alone: it keeps its first numbers
  std::vector<std::string> reshaped;  // of both, with two shapes: "score/weight (21x64x1x1 there, 5x64x1x1 here)"
  std::vector<std::string> unused;    // of the source alone
};

/// Copies every tensor whose name and shape agree, and the normalisation and channel order of pictures that the source
/// was trained with when both read as many channels. Throws InputError when no tensor agrees; `target` is as before then.
Transfer copy_weights(const Model& source, Model& target);

}  // namespace inlay
