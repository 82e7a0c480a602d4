#include "inlay/transfer.h"

#include <cstring>

#include "base/fail.h"

namespace inlay {
namespace {

[[noreturn]] void fail_without_match(const Model& source, const Model& target) {
  const auto example = [](const Model& model) {
    return model.tensors.empty() ? std::string("nothing")
                                 : fmt::format("'{}' of {}", model.tensors.begin()->first,
                                               to_string(model.tensors.begin()->second.shape()));
  };
  fail_input("none of its {} tensors has the name and shape of one of {}: it holds {}, for example, expected {}",
             source.tensors.size(), target.info.architecture, example(source), example(target));
}

}  // namespace

Transfer copy_weights(const Model& source, Model& target) {
  Transfer transfer;
  for (auto& [name, to] : target.tensors) {
    const auto found = source.tensors.find(name);
    if (found == source.tensors.end()) {
      transfer.fresh.push_back(name);
      continue;
    }
    const Tensor& from = found->second;
    if (from.type() != to.type() || from.shape() != to.shape()) {
      transfer.reshaped.push_back(
          fmt::format("{} ({} there, {} here)", name, to_string(from.shape()), to_string(to.shape())));
      continue;
    }
    std::memcpy(to.raw(), from.raw(), to.bytes());
    transfer.copied.push_back(name);
  }
  for (const auto& [name, tensor] : source.tensors)
    if (!target.tensors.contains(name)) transfer.unused.push_back(name);
  if (transfer.copied.empty()) fail_without_match(source, target);
  if (source.in_channels() == target.in_channels()) {
    target.info.mean = source.info.mean;
    target.info.stddev = source.info.stddev;
    target.info.channel_order = source.info.channel_order;
  }
  return transfer;
}

}  // namespace inlay
