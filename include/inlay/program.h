// A graph made ready to run: a flat list of steps with every address bound. Running allocates nothing of its own
// (oneDNN keeps a few small notes of each call to it).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/graph.h"
#include "inlay/log.h"

namespace inlay {

/// low: a training step computes cheap results again for the way back instead of keeping them. The numbers are the
/// same.
enum class MemoryUse { usual, low };
/// "usual" or "low". Throws InputError.
MemoryUse parse_memory_use(std::string_view text);

struct ProgramOptions {
  int threads = 0;                  // 0: all cores
  int block = 0;                    // channel block of the blocked layout: 1, 8 or 16; 0: what this machine likes
  bool constant_parameters = true;  // parameters and state never change: fold and pack them once. Off for training
  MemoryUse memory = MemoryUse::usual;
  bool tune = true;  // choose convolution algorithms by timing; the environment's INLAY_TUNE=off has the last word
  std::vector<std::string> skip_passes;  // optimisations to leave out, by name: list_passes()
  /// Convolution algorithms not to be taken while there is another, by name: list_algorithms().
  std::vector<std::string> skip_algorithms;
  LogSink log;
};

/// An optimisation of the graph before it runs; ProgramOptions::skip_passes may name it.
struct PassInfo {
  std::string name;
  std::string equation;  // before => after
};

/// In the order they run.
std::vector<PassInfo> list_passes();

/// Pictures lie in memory in whole blocks of this many channels, on this processor: 16 with AVX-512, else 8.
int channel_block();

/// Ways to compute a convolution, ours first; ProgramOptions::skip_algorithms may name them.
std::vector<std::string> list_algorithms();

/// Storage of the caller: a tensor of the leaf's or output's type that the Program reads or writes in place.
using Bindings = std::map<std::string, Tensor>;

/// When a step ran: seconds since the first profiled run began, and how long it took.
struct StepTime {
  double start = 0, seconds = 0;
};

/// What one step did, for profiles.
struct StepProfile {
  std::string name;  // the node's
  std::string op;
  std::string algorithm;  // "direct", "winograd", ...; "" where there is no choice
  double seconds = 0;     // total over the profiled runs
  std::int64_t multiply_adds = 0;
  std::int64_t bytes = 0;  // read and written
  std::vector<StepTime> runs;
};

class Program {
 public:
  /// `leaves` must bind every parameter and state leaf; unbound inputs and outputs get memory of the Program.
  /// With constant_parameters the tensors must hold their numbers already, and those that are packed are let go of.
  /// Throws InputError for a missing or mistyped binding and an unknown pass or algorithm, Error when memory runs out.
  Program(const Graph& graph, Bindings leaves, const Bindings& outputs = {}, const ProgramOptions& options = {});
  ~Program();
  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;

  /// Plain row-major tensors that alias the Program's memory: write inputs before run(), read outputs after it.
  /// An input keeps its numbers until it is written again, an output until the next run(): unless it is bound, it
  /// shares its memory with intermediate results that are no longer needed.
  Tensor input(std::string_view name) const;
  Tensor output(std::string_view name) const;

  /// One evaluation. `seed` is drawn upon by dropout. State leaves move on (batch norm's running statistics).
  void run(std::uint64_t seed = 0);

  /// Bytes of intermediate results and unbound outputs (planned, shared), and of packed weights.
  std::size_t arena_bytes() const;
  std::size_t packed_bytes() const;
  /// How often each convolution algorithm was chosen: {"direct", 3}, {"winograd", 20}.
  std::map<std::string, int> algorithms() const;
  /// The optimised graph as text.
  std::string dump() const;
  /// Runs `runs` times and times every step.
  std::vector<StepProfile> profile(int runs, std::uint64_t seed = 0);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace inlay
