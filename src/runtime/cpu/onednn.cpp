#include "runtime/cpu/onednn.h"

#include "base/fail.h"
#include "runtime/cpu/simd/targets.h"

namespace inlay::onednn {
namespace {

using Tag = dnnl::memory::format_tag;

const dnnl::stream& stream() {
  static const dnnl::stream kStream(engine());
  return kStream;
}

dnnl::engine make_engine() {
  if (!simd::avx512_allowed()) dnnl::set_max_cpu_isa(dnnl::cpu_isa::avx2);
  return {dnnl::engine::kind::cpu, 0};
}

dnnl::memory::dims weight_dims(const Shape& shape, std::int64_t groups) {
  if (groups == 1) return {shape.begin(), shape.end()};
  return {groups, shape[0] / groups, shape[1], shape[2], shape[3]};
}

}  // namespace

const dnnl::engine& engine() {
  static const dnnl::engine kEngine = make_engine();
  return kEngine;
}

bool has_avx512() {
  engine();  // its making sets the limit
  const auto isa = dnnl::get_effective_cpu_isa();
  return static_cast<int>(isa) >= static_cast<int>(dnnl::cpu_isa::avx512_core);
}

int native_block() { return has_avx512() ? 16 : 8; }

dnnl::memory::desc picture(const Buffer& buffer) {
  const Tag tag = buffer.block == 16 ? Tag::nChw16c : buffer.block == 8 ? Tag::nChw8c : Tag::nchw;
  return {{buffer.type.shape.begin(), buffer.type.shape.end()}, dnnl::memory::data_type::f32, tag};
}

dnnl::memory::desc plain_weights(const Shape& shape, std::int64_t groups) {
  return {weight_dims(shape, groups), dnnl::memory::data_type::f32, groups == 1 ? Tag::oihw : Tag::goihw};
}

dnnl::memory::desc any_weights(const Shape& shape, std::int64_t groups) {
  return {weight_dims(shape, groups), dnnl::memory::data_type::f32, Tag::any};
}

dnnl::memory::desc vector(std::int64_t size) { return {{size}, dnnl::memory::data_type::f32, Tag::x}; }

dnnl::primitive_attr attributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

Call::Call(const dnnl::primitive& primitive, std::vector<std::pair<int, dnnl::memory>> arguments)
    : primitive_(primitive) {
  for (auto& [index, memory] : arguments) {
    arguments_.push_back({index, memory.get()});
    memories_.push_back(std::move(memory));
  }
}

void Call::run() const {
  // The C function takes the arguments as they are; the C++ one builds a map and a vector at every call.
  const auto status =
      dnnl_primitive_execute(primitive_.get(), stream().get(), static_cast<int>(arguments_.size()), arguments_.data());
  if (status != dnnl_success) fail("oneDNN could not run a primitive (status {})", static_cast<int>(status));
}

bool is_reference(const std::string& implementation) { return implementation.find("ref") != std::string::npos; }

}  // namespace inlay::onednn
