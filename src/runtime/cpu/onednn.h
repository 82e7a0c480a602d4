// The only door to oneDNN. Nothing outside src/runtime/cpu/onednn*.cpp and conv*.cpp sees its types.
#pragma once

#include <dnnl.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/cpu/kernel.h"

namespace inlay::onednn {

const dnnl::engine& engine();

/// The channel block that this machine's convolutions like: 16 with AVX-512, else 8.
int native_block();
bool has_avx512();

/// A picture (N, C, H, W) in the given block; plain otherwise.
dnnl::memory::desc picture(const Buffer& buffer);
/// Convolution weights (M, C/groups, kh, kw) with the groups split off where there are several, plain.
dnnl::memory::desc plain_weights(const Shape& shape, std::int64_t groups);
/// The same in whatever layout the primitive likes.
dnnl::memory::desc any_weights(const Shape& shape, std::int64_t groups);
dnnl::memory::desc vector(std::int64_t size);

/// Scratchpads are ours, so that no step allocates.
dnnl::primitive_attr attributes();

/// A primitive with its arguments bound: running it looks nothing up.
class Call {
 public:
  Call() = default;
  Call(const dnnl::primitive& primitive, std::vector<std::pair<int, dnnl::memory>> arguments);
  void run() const;
  explicit operator bool() const { return static_cast<bool>(primitive_); }

 private:
  dnnl::primitive primitive_;
  std::vector<dnnl::memory> memories_;
  std::vector<dnnl_exec_arg_t> arguments_;
};

/// Whether oneDNN fell back to its slow reference code.
bool is_reference(const std::string& implementation);

}  // namespace inlay::onednn
