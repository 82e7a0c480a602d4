#include <algorithm>
#include <fstream>
#include <string>

#include "base/fail.h"
#include "base/files.h"
#include "base/rng.h"
#include "base/threads.h"
#include "inlay/workflow.h"
#include "workflow/bench_work.h"
#include "workflow/profile.h"
#include "workflow/time_runs.h"

namespace inlay::workflow {
namespace {

ProgramOptions program_options(const BenchRequest& request) {
  ProgramOptions options;
  options.threads = request.threads;
  options.constant_parameters = request.mode == BenchMode::infer;
  options.tune = request.tune;
  options.memory = request.memory;
  options.skip_passes = request.skip_passes;
  options.skip_algorithms = request.skip_algorithms;
  options.log = request.log;
  return options;
}

void fill_image(Program& program) {
  Tensor image = program.input("image");
  std::uint64_t i = 0;
  for (float& value : image.data<float>()) value = uniform_at(1, i++) * 2 - 1;
}

void fill_labels(Program& program) {
  Tensor labels = program.input("labels");
  std::uint64_t i = 0;
  for (std::uint8_t& label : labels.data<std::uint8_t>()) label = uniform_at(2, i++) < 0.5f ? 0 : 1;
}

BenchWork work_of(const BenchRequest& request, Model model, const Shape& image) {
  // A rate of almost nothing: the numbers stay in their range however long it runs.
  constexpr double kRate = 1e-9;
  const ProgramOptions options = program_options(request);
  BenchWork work = request.mode == BenchMode::infer ? inference_work(std::move(model), image, options)
                                                    : training_work(std::move(model), image, options, kRate);
  fill_image(*work.program);
  if (request.mode == BenchMode::train) fill_labels(*work.program);
  return work;
}

/// Not getrusage's ru_maxrss: that starts with the peak of the process that started this one.
double peak_rss_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) * 1024 / 1e6;
  return 0;
}

}  // namespace

BenchResult bench(const BenchRequest& request) {
  if (request.batch < 1) fail_input("batch is {}; expected 1 or more", request.batch);
  if (request.runs < 0)
    fail_input("runs is {}; expected 1 or more, or 0 for as many as two seconds take", request.runs);
  const ThreadScope threads(request.threads);
  Model model = open_net(request.net);
  const Shape image{request.batch, model.in_channels(), request.size.height, request.size.width};
  check_size(request.net.name, model.info.size, request.size);
  const BenchWork work = work_of(request, std::move(model), image);
  const std::vector<double> seconds = time_runs(work.step, request.runs);

  BenchResult result;
  const double median = seconds[seconds.size() / 2];
  result.median_ms = median * 1e3;
  result.min_ms = seconds.front() * 1e3;
  result.images_per_s = static_cast<double>(request.batch) / median;
  result.multiply_adds = inlay::summarise(work.graph).multiply_adds;
  result.gflops = 2e-9 * static_cast<double>(result.multiply_adds) / median;
  result.arena_mb = static_cast<double>(work.program->arena_bytes()) / 1e6;
  result.packed_mb = static_cast<double>(work.program->packed_bytes()) / 1e6;
  result.threads = thread_count();
  result.runs = static_cast<int>(seconds.size());
  result.algorithms = work.program->algorithms();
  result.peak_rss_mb = peak_rss_mb();
  if (request.profile || !request.trace.empty()) add_profile(*work.program, std::clamp(result.runs, 3, 20), result);
  if (!request.trace.empty()) write_file(request.trace, chrome_trace(request.net.name, result.profile));
  if (request.dump_graph) result.graph = work.program->dump();
  return result;
}

std::vector<BenchResult> bench_scaling(const BenchRequest& request) {
  const int all = request.threads > 0 ? request.threads : available_cores();
  std::vector<BenchResult> results;
  BenchRequest one = request;
  for (one.threads = 1; one.threads < all; one.threads *= 2) results.push_back(bench(one));
  one.threads = all;
  results.push_back(bench(one));
  return results;
}

}  // namespace inlay::workflow
