#include <array>
#include <bit>
#include <cmath>

#include "graph/options.h"
#include "inlay/loss_ops.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/pixels.h"

namespace inlay {
namespace {

/// An error >= 0 as bits, which are in the order of the floats, and its pixel with the truth in the lowest bit.
struct Entry {
  std::uint32_t error, pixel;
  bool foreground() const { return pixel & 1; }
};

/// Largest first: by 11 bits at a time, the lowest first, each pass keeping the order of the one before. Of the two
/// rooms the entries begin in `from`; returns the one where they end.
Entry* sort(Entry* from, Entry* to, std::int64_t count) {
  constexpr std::uint32_t kDigits = 2048;
  for (const int shift : {0, 11, 22}) {
    std::array<std::int64_t, kDigits> place{};
    for (std::int64_t i = 0; i < count; ++i) ++place[from[i].error >> shift & (kDigits - 1)];
    std::int64_t next = 0;
    for (std::uint32_t digit = kDigits; digit-- > 0;) next += std::exchange(place[digit], next);
    for (std::int64_t i = 0; i < count; ++i) to[place[from[i].error >> shift & (kDigits - 1)]++] = from[i];
    std::swap(from, to);
  }
  return from;
}

/// How 1 - IoU grows as the pixels of a class become wrong, one by one.
class JaccardSteps {
 public:
  explicit JaccardSteps(double wanted) : both_(wanted), either_(wanted) {}

  /// The next wrong pixel's share. Differences of close ratios are written out: nothing cancels.
  double step(bool foreground) {
    if (foreground) {
      --both_;
      return 1 / either_;
    }
    const double before = either_++;
    return before > 0 ? both_ / (before * either_) : 1;
  }

 private:
  double both_, either_;  // pixels of truth and prediction
};

/// One class in one image, or in all of a batch.
struct Task {
  std::int64_t first_image, images, channel, wanted;
  double share;  // in the mean; 0: not counted
  double loss;
};

class LovaszLoss : public Kernel {
 public:
  explicit LovaszLoss(const KernelSpec& spec)
      : options_(from_attributes<LovaszOptions>(spec.attributes)),
        pixels_(spec.inputs[0].type.shape),
        group_(options_.per_image ? 1 : pixels_.images),
        tasks_(static_cast<std::size_t>(pixels_.images / group_ * pixels_.channels)),
        workers_(std::min<std::int64_t>(thread_count(), std::ssize(tasks_))) {}

  /// Two rooms of entries for each worker.
  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(2 * workers_ * group_ * pixels_.plane) * sizeof(Entry);
  }

  void run(std::uint64_t) override {
    plan();
    auto* rooms = reinterpret_cast<Entry*>(pointers_.scratch);
    const std::int64_t room = group_ * pixels_.plane, count = std::ssize(tasks_);
    parallel_ranges(workers_, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t worker = begin; worker < end; ++worker)
        for (std::int64_t i = worker; i < count; i += workers_)
          solve(tasks_[static_cast<std::size_t>(i)], rooms + 2 * worker * room, rooms + (2 * worker + 1) * room);
    });
    double loss = 0;
    for (const Task& task : tasks_) loss += task.loss;
    if (float* out = pointers_.out<float>(0)) *out = static_cast<float>(loss);
  }

 private:
  bool counts(std::uint8_t label) const {
    return label != options_.ignore && label < std::max<std::int64_t>(2, pixels_.channels);
  }

  /// Which classes the labels have, and with it the tasks' shares.
  void plan() {
    const auto* labels = pointers_.in<std::uint8_t>(1);
    const std::int64_t groups = pixels_.images / group_, size = group_ * pixels_.plane;
    for (std::int64_t g = 0; g < groups; ++g) {
      std::array<std::int64_t, 256> found{};
      for (std::int64_t i = g * size; i < (g + 1) * size; ++i) ++found[labels[i]];
      std::int64_t present = 0;
      for (std::int64_t k = 0; k < pixels_.channels; ++k) {
        Task& task = tasks_[static_cast<std::size_t>(g * pixels_.channels + k)];
        const std::int64_t label = pixels_.channels == 1 ? 1 : k;
        const std::int64_t wanted = label == options_.ignore ? 0 : found[static_cast<std::size_t>(label)];
        const bool taken = wanted > 0 || (pixels_.channels == 1 && options_.ignore != 0 && found[0] > 0);
        task = {g * group_, group_, k, wanted, taken ? 1.0 : 0.0, 0};
        present += taken ? 1 : 0;
      }
      for (std::int64_t k = 0; k < pixels_.channels; ++k)
        tasks_[static_cast<std::size_t>(g * pixels_.channels + k)].share /=
            static_cast<double>(groups * std::max<std::int64_t>(1, present));
    }
  }

  /// In (N, C, H, W), of a pixel of the task's images. 32 bits: the division is in the innermost loop.
  std::int64_t place(const Task& task, std::uint32_t pixel) const {
    const auto plane = static_cast<std::uint32_t>(pixels_.plane);
    return ((task.first_image + pixel / plane) * pixels_.channels + task.channel) * pixels_.plane + pixel % plane;
  }
  std::int64_t plane_place(const Task& task, std::int64_t image) const {
    return ((task.first_image + image) * pixels_.channels + task.channel) * pixels_.plane;
  }

  void solve(Task& task, Entry* entries, Entry* room) const {
    float* slopes = pointers_.out<float>(1);
    for (std::int64_t n = 0; slopes && n < task.images; ++n)
      std::fill_n(slopes + plane_place(task, n), pixels_.plane, 0.0f);
    if (task.share == 0) return;
    const std::int64_t count = collect(task, entries);
    const Entry* sorted = sort(entries, room, count);
    JaccardSteps jaccard(static_cast<double>(task.wanted));
    for (std::int64_t i = 0; i < count; ++i) {
      const Entry& entry = sorted[i];
      const double step = jaccard.step(entry.foreground()) * task.share;
      task.loss += static_cast<double>(std::bit_cast<float>(entry.error)) * step;
      if (slopes) slopes[place(task, entry.pixel >> 1)] = static_cast<float>(entry.foreground() ? -step : step);
    }
  }

  /// The pixels with an error above 0; those without come last in the order and change nothing.
  std::int64_t collect(const Task& task, Entry* entries) const {
    const bool hinge = pixels_.channels == 1;
    const std::int64_t wanted = hinge ? 1 : task.channel;
    std::int64_t count = 0;
    for (std::int64_t n = 0; n < task.images; ++n) {
      const float* x = pointers_.in<float>(0) + plane_place(task, n);
      const auto* labels = pointers_.in<std::uint8_t>(1) + (task.first_image + n) * pixels_.plane;
      for (std::int64_t i = 0; i < pixels_.plane; ++i) {
        const bool foreground = labels[i] == wanted;
        const float error = foreground ? 1 - x[i] : hinge ? 1 + x[i] : x[i];
        if (!(error > 0) || !counts(labels[i])) continue;
        const auto pixel = static_cast<std::uint32_t>(n * pixels_.plane + i);
        entries[count++] = {std::bit_cast<std::uint32_t>(error), pixel << 1 | (foreground ? 1u : 0u)};
      }
    }
    return count;
  }

  LovaszOptions options_;
  Pixels pixels_;
  std::int64_t group_;  // images of a task
  std::vector<Task> tasks_;
  std::int64_t workers_;
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) { return std::make_unique<LovaszLoss>(spec); }

}  // namespace

const CpuKernel kLovaszLossKernel{.op = "lovasz_loss", .layout = plain_layout, .make = make};

}  // namespace inlay
