// Training samples a second of processor time, of pictures of 360x480 that are in memory already, the case of all epochs
// but the first; and of files that are decoded every time.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "inlay/augment.h"
#include "inlay/loader.h"
#include "inlay/synth.h"

namespace {

using namespace inlay;

constexpr std::int64_t kBatch = 8;

Dataset street() {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "inlay_loader_bench";
  if (!std::filesystem::exists(folder / "train"))
    synthesise({.kind = SynthKind::street, .count = 24, .height = 360, .width = 480}, folder);
  return open_dataset(folder);
}

void load(benchmark::State& state, const AugmentOptions& augmentation, std::int64_t cache_bytes) {
  Loader loader(street(), {.batch = kBatch,
                           .height = 360,
                           .width = 480,
                           .channels = 3,
                           .mean = {0.4f, 0.4f, 0.4f},
                           .std = {0.3f, 0.3f, 0.3f},
                           .augment = augmentation,
                           .queue = 1,
                           .cache_bytes = cache_bytes});
  for (std::int64_t i = 0; i < 2 * loader.batches_per_epoch(); ++i) loader.next();
  for (auto _ : state) loader.next();
  state.SetItemsProcessed(state.iterations() * kBatch);
}

void add(const char* name, const AugmentOptions& augmentation, std::int64_t cache_bytes = std::int64_t{1} << 30) {
  benchmark::RegisterBenchmark(name, load, augmentation, cache_bytes)
      ->MeasureProcessCPUTime()
      ->Unit(benchmark::kMillisecond)
      ->MinTime(2);
}

}  // namespace

int main(int argc, char** argv) {
  add("none", {.random_crop = false});
  add("upright", upright_augmentation());
  add("free", standard_augmentation());
  add("none/decoding", {.random_crop = false}, 0);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
