#include "workflow/plan/speed.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <limits>

#include "base/rng.h"
#include "base/threads.h"
#include "workflow/bench_work.h"

namespace inlay::workflow {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The number in a file that holds nothing else.
std::int64_t number_in(const char* path, std::int64_t otherwise) {
  std::ifstream file(path);
  std::int64_t number = 0;
  return file >> number ? number : otherwise;
}

}  // namespace

double time_training(const Model& model, const ImageSize& size, const TrainConfig& config) {
  constexpr double kSeconds = 1;
  constexpr int kFewest = 2, kMost = 10;
  const ThreadScope threads(static_cast<int>(config.threads));
  ProgramOptions options;
  options.threads = static_cast<int>(config.threads);
  options.constant_parameters = false;
  options.tune = false;
  options.memory = parse_memory_use(config.memory);
  BenchWork work = training_work(model, {1, model.in_channels(), size.height, size.width}, options, 0.001);
  Rng rng(1);
  Tensor image = work.program->input("image");
  for (float& value : image.data<float>()) value = static_cast<float>(rng.uniform(-1, 1));
  work.step();  // touches the memory
  const auto start = Clock::now();
  double fastest = std::numeric_limits<double>::infinity();
  for (int runs = 0; runs < kMost && (runs < kFewest || seconds_since(start) < kSeconds); ++runs) {
    const auto begin = Clock::now();
    work.step();
    fastest = std::min(fastest, seconds_since(begin));
  }
  return fastest / static_cast<double>(size.height * size.width);
}

std::int64_t free_memory() {
  constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
  std::int64_t free = kUnlimited;
  std::ifstream file("/proc/meminfo");
  for (std::string name, unit; file >> name;) {
    std::int64_t kilobytes = 0;
    file >> kilobytes;
    std::getline(file, unit);
    if (name == "MemAvailable:") free = 1024 * kilobytes;
  }
  const std::int64_t most = number_in("/sys/fs/cgroup/memory.max", kUnlimited);
  if (most != kUnlimited) free = std::min(free, most - number_in("/sys/fs/cgroup/memory.current", 0));
  return std::max<std::int64_t>(0, free);
}

}  // namespace inlay::workflow
