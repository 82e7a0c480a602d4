// What a fast kernel is, and the layouts that it may ask for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/operator.h"

namespace inlay {

class Tuner;

/// A tensor in memory. block 1: plain row-major. block B (8 or 16), for pictures only: N, ceil(C / B), H, W, B, where
/// the channels beyond C are zeros. Kernels may rely on those zeros and must write them.
struct Buffer {
  TensorType type;
  int block = 1;

  std::size_t bytes() const;
};

/// Rank 4, f32 or i32: what may be blocked.
bool is_picture(const TensorType& type);

/// Channels rounded up to whole blocks.
inline std::int64_t padded_channels(std::int64_t channels, int block) { return (channels + block - 1) / block * block; }

/// Addresses of the tensors of one step; they stay the same for the life of a Program.
struct Pointers {
  std::vector<std::byte*> inputs;   // null for an absent optional input
  std::vector<std::byte*> outputs;  // null for an output that nothing reads
  std::byte* scratch = nullptr;     // Kernel::scratch_bytes, 64-byte aligned, garbage at the start of every run

  template <class T>
  const T* in(std::size_t i) const {
    return reinterpret_cast<const T*>(inputs[i]);
  }
  template <class T>
  T* out(std::size_t i) const {
    return reinterpret_cast<T*>(outputs[i]);
  }
};

struct KernelSpec {
  const Attributes& attributes;
  std::vector<Buffer> inputs;  // absent optional inputs have absent_type()
  std::vector<Buffer> outputs;
  std::vector<bool> constant;  // one flag an input: its numbers never change between runs (parameters in inference)
  Tuner* tuner = nullptr;      // null: choose algorithms by a fixed rule
  std::span<const std::string> skip;  // algorithms not to be taken
};

class Kernel {
 public:
  virtual ~Kernel() = default;
  virtual std::size_t scratch_bytes() const { return 0; }
  /// Memory of its own for packed constants.
  virtual std::size_t packed_bytes() const { return 0; }
  /// Once, before the first run, when the addresses are known and constant inputs hold their numbers.
  virtual void bind(const Pointers& pointers) { pointers_ = pointers; }
  /// Whether run() reads this input. False for constants that bind() has packed: they need not be kept.
  virtual bool reads(std::size_t /*input*/) const { return true; }
  /// No allocation, no shape logic. `seed` is this step's, for random operators.
  virtual void run(std::uint64_t seed) = 0;
  /// The algorithm in a word or two, for profiles: "direct", "winograd".
  virtual std::string describe() const { return {}; }

 protected:
  Pointers pointers_;
};

/// A kernel whose run is one function of the addresses and the seed.
template <class Function>
std::unique_ptr<Kernel> make_kernel(Function function) {
  class FunctionKernel : public Kernel {
   public:
    explicit FunctionKernel(Function f) : function_(std::move(f)) {}
    void run(std::uint64_t seed) override { function_(pointers_, seed); }

   private:
    Function function_;
  };
  return std::make_unique<FunctionKernel>(std::move(function));
}

/// The blocks that a kernel wants. Where a value lies otherwise, the Program puts a reorder in front.
struct LayoutChoice {
  std::vector<int> inputs;
  std::vector<int> outputs;
};

struct LayoutQuery {
  const Attributes& attributes;
  std::vector<Buffer> inputs;  // as they lie now
  std::vector<TensorType> outputs;
  int preferred_block;                // of this machine: 16 with AVX-512, else 8
  std::span<const std::string> skip;  // as in KernelSpec
};

/// Everything plain.
LayoutChoice plain_layout(const LayoutQuery& query);
/// All pictures as the first picture among the inputs lies: for kernels that are written for any block.
LayoutChoice follow_first(const LayoutQuery& query);

/// One entry a kernel: src/runtime/cpu/NAME.cpp, listed in kernels.cpp.
struct CpuKernel {
  std::string_view op;
  LayoutChoice (*layout)(const LayoutQuery&);
  std::unique_ptr<Kernel> (*make)(const KernelSpec&);
  /// Inputs whose buffer output 0 may take over (same size, element by element), one bit each.
  std::uint32_t in_place = 0;
  /// Where it depends on the attributes.
  std::uint32_t (*in_place_with)(const Attributes&) = nullptr;
};

std::span<const CpuKernel* const> cpu_kernels();
/// Null when there is none.
const CpuKernel* find_kernel(std::string_view op);

/// Calls body.template operator()<B>() with B the block as a constant.
template <class Body>
decltype(auto) with_block(int block, Body&& body) {
  if (block == 16) return body.template operator()<16>();
  if (block == 8) return body.template operator()<8>();
  return body.template operator()<1>();
}

}  // namespace inlay
