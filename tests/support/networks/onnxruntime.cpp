#include "support/networks/onnxruntime.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/files.h"
#include "base/rng.h"
#include "inlay/program.h"
#include "support/op_case.h"

namespace inlay::testing {
namespace {

namespace fs = std::filesystem;

struct Output {
  int status = -1;
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

/// Where its Python is, or why there is none.
Output& installed() {
  static Output output;
  return output;
}

std::vector<float> run_here(const Model& model, const Shape& shape, const std::vector<float>& image) {
  Program program(instantiate(model.graph, {{"image", shape}}), model.tensors);
  std::ranges::copy(image, program.input("image").data<float>().begin());
  program.run();
  const Tensor logits = program.output("logits");
  return {logits.data<float>().begin(), logits.data<float>().end()};
}

}  // namespace

void OnnxRuntime::SetUpTestSuite() {
  installed() = shell(fmt::format("sh '{}/tools/peers.sh' '{}/peers' onnxruntime numpy", INLAY_SOURCE, INLAY_BUILD));
}

void OnnxRuntime::SetUp() {
  if (installed().status != 0) GTEST_SKIP() << "ONNX Runtime cannot be had: " << installed().text;
  folder_ = fs::path(::testing::TempDir()) / fmt::format("inlay_peers_{}", ::getpid());
  fs::create_directories(folder_);
}

void OnnxRuntime::TearDown() { fs::remove_all(folder_); }

void OnnxRuntime::add(const std::string& name, const Model& model, std::span<const Shape> shapes) {
  const std::string file = (folder_ / fmt::format("{}_{}.onnx", jobs_.size(), name)).string();
  save_model(model, file);
  for (const Shape& shape : shapes) {
    const std::string job = (folder_ / fmt::format("{}_{}", jobs_.size(), name)).string();
    const std::vector<double> drawn = draw({"image", {DType::f32, shape}}, 1);
    const std::vector<float> image(drawn.begin(), drawn.end());
    write_file(job + ".in", {reinterpret_cast<const char*>(image.data()), image.size() * sizeof(float)});
    jobs_.push_back({file, job, shape, run_here(model, shape, image)});
  }
}

void OnnxRuntime::expect_same() {
  std::string command = fmt::format("'{}' '{}/tests/onnx/run_onnxruntime.py'", installed().text, INLAY_SOURCE);
  for (const Job& job : jobs_)
    command += fmt::format(" '{0},{1},{2}.in,{2}.out'", job.model, to_string(job.shape), job.name);
  const Output output = shell(command);
  ASSERT_EQ(output.status, 0) << output.text;
  for (const Job& job : jobs_) {
    const std::string bytes = read_file(job.name + ".out");
    ASSERT_EQ(bytes.size(), job.logits.size() * sizeof(float)) << job.name;
    const auto* theirs = reinterpret_cast<const float*>(bytes.data());
    double largest = 0, difference = 0;
    for (std::size_t i = 0; i < job.logits.size(); ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(job.logits[i])));
      difference = std::max(difference, std::abs(static_cast<double>(job.logits[i]) - theirs[i]));
    }
    EXPECT_GT(largest, 0.01) << job.name << ": the logits should be worth comparing";
    EXPECT_LT(difference / largest, 1e-4) << job.name << " at " << to_string(job.shape);
  }
}

void unsettle(Model& model) {
  for (auto& [name, tensor] : model.tensors) {
    const auto numbers = tensor.data<float>();
    if (std::ranges::any_of(numbers, [&](float x) { return x != numbers[0]; })) continue;
    Rng rng(numbers.size());
    const bool variance = name.ends_with("running_variance");
    for (float& x : numbers) x = static_cast<float>(variance ? rng.uniform(0.5, 1.5) : x + rng.uniform(-0.2, 0.2));
  }
}

}  // namespace inlay::testing
