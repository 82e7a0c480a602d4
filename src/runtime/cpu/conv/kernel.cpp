#include "runtime/cpu/conv/kernel.h"

namespace inlay {
namespace {

class ConvKernel : public Kernel {
 public:
  ConvKernel(ChosenConv chosen, ConvAddresses (*addresses)(const Pointers&))
      : chosen_(std::move(chosen)), addresses_(addresses) {}
  std::size_t scratch_bytes() const override { return chosen_.algorithm->scratch_bytes(); }
  std::size_t packed_bytes() const override { return chosen_.algorithm->packed_bytes(); }
  void bind(const Pointers& pointers) override { chosen_.algorithm->bind(addresses_(pointers)); }
  void run(std::uint64_t) override { chosen_.algorithm->run(); }
  std::string describe() const override { return chosen_.name; }

 private:
  ChosenConv chosen_;
  ConvAddresses (*addresses_)(const Pointers&);
};

}  // namespace

std::unique_ptr<Kernel> make_conv_kernel(const ConvProblem& problem, const KernelSpec& spec,
                                         ConvAddresses (*addresses)(const Pointers&)) {
  return std::make_unique<ConvKernel>(choose_conv(problem, spec), addresses);
}

}  // namespace inlay
