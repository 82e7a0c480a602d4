// Small data sets and nets for the tests of training.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/rng.h"
#include "inlay/dataset.h"
#include "inlay/image.h"
#include "inlay/model.h"
#include "inlay/nn.h"
#include "inlay/ops.h"
#include "inlay/train.h"

namespace inlay {

/// An empty folder that goes with the object.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("inlay_" + name + "_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A bright disk (class 1) on dark ground (class 0), with noise; grey.
inline Sample blob(std::int64_t size, std::uint64_t seed) {
  Rng rng(seed);
  Sample sample{"", {Tensor(DType::u8, {size, size, 1})}, {Tensor(DType::u8, {size, size})}};
  const auto side = static_cast<double>(size);
  const double x = rng.uniform(0.25, 0.75) * side, y = rng.uniform(0.25, 0.75) * side,
               r = rng.uniform(0.15, 0.3) * side;
  for (std::int64_t i = 0; i < size * size; ++i) {
    const double dx = static_cast<double>(i % size) - x, dy = static_cast<double>(i / size) - y;
    const bool inside = dx * dx + dy * dy < r * r;
    const double value = (inside ? 170 : 80) + rng.uniform(-40, 40);
    sample.image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value);
    sample.mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(i)] = inside ? 1 : 0;
  }
  return sample;
}

inline void write_sample(const std::filesystem::path& folder, const std::string& name, const Sample& sample) {
  write_image(folder / "images" / (name + ".png"), sample.image);
  write_mask(folder / "masks" / (name + ".png"), sample.mask);
}

/// `train` and `val` blobs in folder/{train,val}/{images,masks}.
inline Dataset blobs(const std::filesystem::path& folder, std::int64_t train, std::int64_t val,
                     std::int64_t size = 16) {
  for (std::int64_t i = 0; i < train + val; ++i)
    write_sample(folder / (i < train ? "train" : "val"), "blob" + std::to_string(i),
                 blob(size, static_cast<std::uint64_t>(i)));
  return open_dataset(folder);
}

/// Two convolutions with batch norm and, if asked for, dropout in between; sides must be divisible by 4.
inline Model tiny_net(std::int64_t outputs = 2, double probability = 0, std::int64_t channels = 1) {
  Model model;
  const Scope net(model.graph);
  Value x = model.graph.input("image", {DType::f32, {1, channels, 4, 4}});
  x = relu(batch_norm(net / "a", conv2d(net / "a", x, 4, {.padding = 1, .bias = false})));
  x = dropout(net / "a", x, probability);
  model.graph.set_output("logits", conv2d(net / "head", x, outputs, {.kernel = 1}));
  model.tensors = initialise(model.graph, 5);
  model.info.architecture = "tiny";
  model.info.size.multiple = 4;
  return model;
}

inline TrainOptions quick_training() {
  TrainOptions options;
  options.epochs = 2;
  options.batch = 2;
  options.threads = 1;
  options.tune = false;
  return options;
}

}  // namespace inlay
