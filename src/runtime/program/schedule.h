// The graph as steps over buffers: layouts chosen, reorders put in, lifetimes known. Addresses come later
// (program.cpp).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "inlay/graph.h"
#include "inlay/program.h"
#include "runtime/cpu/kernel.h"

namespace inlay {

/// One buffer of the program.
struct Slot {
  Buffer buffer;
  Tensor outside;             // set: the memory of a leaf, an input or an output; else the slot is in the arena
  int first = -1, last = -1;  // steps that use it
  int alias = -1;             // the slot whose memory it takes over
};

struct Step {
  std::unique_ptr<Kernel> kernel;
  std::vector<int> inputs, outputs;  // slots; -1: none
  std::string name, op;
  std::int64_t multiply_adds = 0;
};

struct Schedule {
  std::vector<Slot> slots;
  std::vector<Step> steps;
  std::map<std::string, Tensor, std::less<>> inputs, outputs;  // outputs: those that are bound
  std::map<std::string, int> kept_outputs;                     // the slots of the others, needed to the end
};

/// `leaves` binds the parameters and state (and may bind inputs), `outputs` may bind outputs.
Schedule make_schedule(const Graph& graph, const Bindings& leaves, const Bindings& outputs,
                       const ProgramOptions& options, Tuner* tuner);

}  // namespace inlay
