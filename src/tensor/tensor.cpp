#include "inlay/tensor.h"

#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "base/fail.h"
#include "base/huge_pages.h"

namespace inlay {

std::size_t size_of(DType type) { return type == DType::u8 ? 1 : 4; }

std::string_view to_string(DType type) {
  switch (type) {
    case DType::f32:
      return "f32";
    case DType::u8:
      return "u8";
    case DType::i32:
      return "i32";
  }
  throw std::logic_error("unknown DType");
}

DType parse_dtype(std::string_view text) {
  for (DType type : {DType::f32, DType::u8, DType::i32})
    if (text == to_string(type)) return type;
  fail_input("'{}' is no element type; expected f32, u8 or i32", text);
}

namespace {

/// Zeros. The system gives large blocks without taking memory for them until they are written to.
std::shared_ptr<std::byte[]> allocate(std::size_t bytes) {
  constexpr std::size_t kAlignment = 64, kLarge = 2 * kHugePage;
  if (bytes >= kLarge) return map_huge_pages(bytes);
  std::size_t space = bytes + kAlignment;
  void* memory = std::calloc(space, 1);
  if (memory == nullptr) return nullptr;
  void* aligned = memory;
  std::align(kAlignment, bytes, aligned, space);
  return {static_cast<std::byte*>(aligned), [memory](std::byte*) { std::free(memory); }};
}

}  // namespace

Tensor::Tensor(DType type, const Shape& shape) : type_(type), shape_(shape), buffer_(allocate(bytes())) {
  if (!buffer_)
    fail("out of memory: a {} tensor of {} needs {} bytes; try a smaller batch or size", to_string(type),
         to_string(shape), bytes());
}

Tensor Tensor::filled(const Shape& shape, float value) {
  Tensor tensor(DType::f32, shape);
  std::ranges::fill(tensor.data<float>(), value);
  return tensor;
}

Tensor Tensor::over(std::shared_ptr<std::byte[]> buffer, DType type, const Shape& shape) {
  Tensor tensor;
  tensor.type_ = type;
  tensor.shape_ = shape;
  tensor.buffer_ = std::move(buffer);
  return tensor;
}

Tensor Tensor::clone() const {
  if (empty()) return {};
  Tensor copy(type_, shape_);
  std::memcpy(copy.raw(), raw(), bytes());
  return copy;
}

Tensor Tensor::reshaped(const Shape& shape) const {
  if (shape.elements() != elements())
    fail_input("cannot view {} as {}: {} and {} elements", to_string(shape_), to_string(shape), elements(),
               shape.elements());
  Tensor view = *this;
  view.shape_ = shape;
  return view;
}

void Tensor::check_type(DType wanted) const {
  if (wanted != type_)
    throw std::logic_error(fmt::format("tensor holds {}, asked for {}", to_string(type_), to_string(wanted)));
}

void Tensor::check_count(const Shape& shape, std::size_t values) {
  if (shape.elements() != static_cast<std::int64_t>(values))
    fail_input("shape {} has {} elements, {} values were given", to_string(shape), shape.elements(), values);
}

}  // namespace inlay
