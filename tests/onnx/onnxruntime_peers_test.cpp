// A model file that is written here gives the same logits in ONNX Runtime. Installs it into the build folder; skipped
// when that fails.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "base/files.h"
#include "inlay/model.h"
#include "inlay/program.h"
#include "models/unet.h"
#include "support/op_case.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

struct Output {
  int status;
  std::string text;
};

Output shell(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {-1, "cannot start a shell"};
  std::string text;
  std::array<char, 4096> part{};
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), count);
  const int status = ::pclose(pipe);
  while (text.ends_with('\n')) text.pop_back();
  return {status, text};
}

class OnnxRuntime : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    installed() = shell(fmt::format("sh '{}/tools/peers.sh' '{}/peers' onnxruntime numpy", INLAY_SOURCE, INLAY_BUILD));
  }
  void SetUp() override {
    if (installed().status != 0) GTEST_SKIP() << "ONNX Runtime cannot be had: " << installed().text;
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void add(const Model& model, const Shape& shape) {
    const std::string name = fmt::format("{}", jobs_.size());
    save_model(model, folder_ / (name + ".onnx"));
    const std::vector<double> drawn = testing::draw({"image", {DType::f32, shape}}, 1);
    const std::vector<float> image(drawn.begin(), drawn.end());
    write_file(folder_ / (name + ".in"), {reinterpret_cast<const char*>(image.data()), image.size() * sizeof(float)});
    jobs_.push_back({name, shape, run_here(model, shape, image)});
  }

  /// The largest difference of any job to ONNX Runtime, relative to the job's largest logit.
  void expect_same() {
    std::string command = fmt::format("'{}' '{}/tests/onnx/run_onnxruntime.py'", installed().text, INLAY_SOURCE);
    for (const Job& job : jobs_) {
      const std::string file = (folder_ / job.name).string();
      command += fmt::format(" '{0}.onnx,{1},{0}.in,{0}.out'", file, to_string(job.shape));
    }
    const Output output = shell(command);
    ASSERT_EQ(output.status, 0) << output.text;
    for (const Job& job : jobs_) {
      const std::string bytes = read_file(folder_ / (job.name + ".out"));
      ASSERT_EQ(bytes.size(), job.logits.size() * sizeof(float)) << job.name;
      const auto* theirs = reinterpret_cast<const float*>(bytes.data());
      double largest = 0, difference = 0;
      for (std::size_t i = 0; i < job.logits.size(); ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(job.logits[i])));
        difference = std::max(difference, std::abs(static_cast<double>(job.logits[i]) - theirs[i]));
      }
      EXPECT_GT(largest, 0.1) << "the logits should be worth comparing";
      EXPECT_LT(difference / largest, 1e-4) << job.name << " at " << to_string(job.shape);
    }
  }

 private:
  struct Job {
    std::string name;
    Shape shape;
    std::vector<float> logits;
  };

  static Output& installed() {
    static Output output;
    return output;
  }

  static std::vector<float> run_here(const Model& model, const Shape& shape, const std::vector<float>& image) {
    Program program(instantiate(model.graph, {{"image", shape}}), model.tensors);
    std::ranges::copy(image, program.input("image").data<float>().begin());
    program.run();
    const Tensor logits = program.output("logits");
    return {logits.data<float>().begin(), logits.data<float>().end()};
  }

  fs::path folder_ = fs::path(::testing::TempDir()) / fmt::format("inlay_peers_{}", ::getpid());
  std::vector<Job> jobs_;
};

/// A net whose running statistics are not those of an untrained one.
Model network(std::string_view up, std::string_view batch_norm, std::int64_t classes = 3) {
  Model model = create_model("unet", {.out_channels = classes,
                                      .settings = {{"width", "8"},
                                                   {"depth", "3"},
                                                   {"up", std::string(up)},
                                                   {"batch_norm", std::string(batch_norm)},
                                                   {"dropout", "0.2"}},
                                      .seed = 5});
  for (auto& [name, tensor] : model.tensors) {
    const auto numbers = tensor.data<float>();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (name.ends_with("running_mean")) numbers[i] = 0.1f * static_cast<float>(i % 5) - 0.2f;
      if (name.ends_with("running_variance")) numbers[i] = 0.5f + 0.25f * static_cast<float>(i % 4);
      if (name.ends_with("bias") || name.ends_with("shift")) numbers[i] = 0.05f * static_cast<float>(i % 3);
    }
  }
  return model;
}

TEST_F(OnnxRuntime, AgreesForEveryUpSampler) {
  for (std::string_view up : enum_names(UpSampler{})) {
    SCOPED_TRACE(up);
    add(network(up, "on"), {1, 3, 64, 64});
    add(network(up, "off"), {1, 3, 32, 48});
  }
  expect_same();
}

TEST_F(OnnxRuntime, AgreesAtOtherSizesAndBatches) {
  for (const char* up : {"transposed", "bilinear", "unpool", "nails"}) {
    const Model model = network(up, "on", 1);
    for (const Shape& shape : {Shape{2, 3, 40, 24}, Shape{3, 3, 8, 8}, Shape{1, 3, 8, 160}}) add(model, shape);
  }
  expect_same();
}

TEST_F(OnnxRuntime, AgreesForALoadedFile) {
  const fs::path path = fs::path(::testing::TempDir()) / fmt::format("inlay_peers_{}.onnx", ::getpid());
  save_model(network("unpool", "on"), path);
  add(load_model(path), {1, 3, 32, 32});
  fs::remove(path);
  expect_same();
}

}  // namespace
}  // namespace inlay
