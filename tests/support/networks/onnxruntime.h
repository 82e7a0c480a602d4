// Models run here and in ONNX Runtime, which is installed into the build folder; tests are skipped when that fails.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "inlay/model.h"

namespace inlay::testing {

class OnnxRuntime : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  void SetUp() override;
  void TearDown() override;

  /// Saves the model in one file that is to be run with pictures of each shape. `name` is what failures call it.
  void add(const std::string& name, const Model& model, std::span<const Shape> shapes);
  /// Every logit of every model added is the same there, but for 1e-4 of the largest.
  void expect_same();

 private:
  struct Job {
    std::string model, name;
    Shape shape;
    std::vector<float> logits;
  };

  std::filesystem::path folder_;
  std::vector<Job> jobs_;
};

/// Moves the numbers that are all alike in an untrained net, such as biases and running statistics, so that each
/// counts.
void unsettle(Model& model);

}  // namespace inlay::testing
