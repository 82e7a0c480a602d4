#include "base/fail.h"
#include "inlay/weights.h"
#include "tensor/safetensors.h"

namespace inlay::workflow {
namespace {

void check_extension(const std::filesystem::path& file) {
  if (file.extension() != ".onnx" && file.extension() != ".safetensors")
    fail_input("'{}': the name of a model file must end in .onnx, that of its weights alone in .safetensors",
               file.string());
}

}  // namespace

void write_model(const Model& model, const std::filesystem::path& file) {
  check_extension(file);
  if (file.extension() == ".onnx") return save_model(model, file);
  write_safetensors(file, {model.tensors, {}});
}

std::int64_t convert(const NetChoice& net, const std::filesystem::path& output, const LogSink& log) {
  check_extension(output);
  const Model model = open_net(net, log);
  write_model(model, output);
  return inlay::summarise(model.graph).parameters;
}

}  // namespace inlay::workflow
