#include "runtime/cpu/conv/kernel.h"

namespace inlay {
namespace {

class ConvKernel : public Kernel {
 public:
  ConvKernel(ChosenConv chosen, std::function<ConvAddresses(const Pointers&)> addresses)
      : chosen_(std::move(chosen)), addresses_(std::move(addresses)) {}
  std::size_t scratch_bytes() const override { return chosen_.algorithm->scratch_bytes(); }
  std::size_t packed_bytes() const override { return chosen_.algorithm->packed_bytes(); }
  void bind(const Pointers& pointers) override { chosen_.algorithm->bind(addresses_(pointers)); }
  bool reads(std::size_t input) const override {
    constexpr std::size_t kWeights = 1;  // of conv2d and conv_transpose2d, the ones that may have constant weights
    return input != kWeights || chosen_.algorithm->reads_weights();
  }
  void run(std::uint64_t) override { chosen_.algorithm->run(); }
  std::string describe() const override { return chosen_.name; }

 private:
  ChosenConv chosen_;
  std::function<ConvAddresses(const Pointers&)> addresses_;
};

}  // namespace

TensorType joined_type(std::span<const Buffer> inputs, const Sources& sources) {
  std::vector<TensorType> types;
  for (const Buffer& input : inputs) types.push_back(input.type);
  return sources.joined(types);
}

std::vector<std::int64_t> part_channels(std::span<const Buffer> inputs, std::size_t more) {
  if (inputs.size() <= more) return {};
  std::vector<std::int64_t> channels{inputs[0].type.shape[1]};
  for (const Buffer& part : inputs.subspan(more)) channels.push_back(part.type.shape[1]);
  return channels;
}

std::vector<std::byte*> part_addresses(std::span<std::byte* const> inputs, std::size_t more) {
  std::vector<std::byte*> addresses{inputs[0]};
  addresses.insert(addresses.end(), inputs.begin() + static_cast<std::ptrdiff_t>(more), inputs.end());
  return addresses;
}

std::vector<std::byte*> normal_addresses(std::span<std::byte* const> inputs, const Sources& sources) {
  return {inputs.begin() + static_cast<std::ptrdiff_t>(sources.normals),
          inputs.begin() + static_cast<std::ptrdiff_t>(sources.more)};
}

std::unique_ptr<Kernel> make_conv_kernel(const ConvProblem& problem, const KernelSpec& spec,
                                         std::function<ConvAddresses(const Pointers&)> addresses) {
  return std::make_unique<ConvKernel>(choose_conv(problem, spec), std::move(addresses));
}

}  // namespace inlay
