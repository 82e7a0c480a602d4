// Dense arrays: element type, shape, shared buffer. Row-major (the last dimension is contiguous), 64-byte aligned.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace inlay {

enum class DType : std::uint8_t { f32, u8, i32 };

std::size_t size_of(DType type);
std::string_view to_string(DType type);
/// "f32", "u8" or "i32"; anything else throws InputError.
DType parse_dtype(std::string_view text);

template <class T>
inline constexpr DType kDType = [] {
  static_assert(sizeof(T) == 0, "tensors hold float, uint8_t or int32_t");
  return DType::f32;
}();
template <>
inline constexpr DType kDType<float> = DType::f32;
template <>
inline constexpr DType kDType<std::uint8_t> = DType::u8;
template <>
inline constexpr DType kDType<std::int32_t> = DType::i32;

/// Up to six extents, each >= 0. A rank of 0 is a scalar with one element.
class Shape {
 public:
  static constexpr int kMaxRank = 6;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents) : Shape(std::span(extents.begin(), extents.size())) {}
  explicit Shape(std::span<const std::int64_t> extents);

  int rank() const { return rank_; }
  std::int64_t operator[](int axis) const { return extents_[static_cast<std::size_t>(axis)]; }
  std::int64_t& operator[](int axis) { return extents_[static_cast<std::size_t>(axis)]; }
  /// Product of the extents. Throws InputError when it does not fit 63 bits.
  std::int64_t elements() const;
  const std::int64_t* begin() const { return extents_.data(); }
  const std::int64_t* end() const { return extents_.data() + rank_; }
  friend bool operator==(const Shape& a, const Shape& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

 private:
  int rank_ = 0;
  std::array<std::int64_t, kMaxRank> extents_{};
};

/// "2x3x4", "scalar" for rank 0.
std::string to_string(const Shape& shape);
/// The reverse of to_string; throws InputError.
Shape parse_shape(std::string_view text);

/// Copies share the buffer; clone() makes an independent one.
class Tensor {
 public:
  Tensor() = default;
  /// Zero-filled.
  Tensor(DType type, const Shape& shape);
  static Tensor filled(const Shape& shape, float value);
  /// Over memory of somebody else, which `buffer` keeps alive; at least as large as the tensor.
  static Tensor over(std::shared_ptr<std::byte[]> buffer, DType type, const Shape& shape);
  template <class T>
  static Tensor of(const Shape& shape, std::initializer_list<T> values);

  bool empty() const { return buffer_ == nullptr; }
  DType type() const { return type_; }
  const Shape& shape() const { return shape_; }
  std::int64_t elements() const { return shape_.elements(); }
  std::size_t bytes() const { return static_cast<std::size_t>(elements()) * size_of(type_); }

  std::byte* raw() { return buffer_.get(); }
  const std::byte* raw() const { return buffer_.get(); }
  /// The elements. T must match type().
  template <class T>
  std::span<T> data();
  template <class T>
  std::span<const T> data() const;

  Tensor clone() const;
  /// The same buffer under another shape with as many elements.
  Tensor reshaped(const Shape& shape) const;

 private:
  void check_type(DType wanted) const;
  static void check_count(const Shape& shape, std::size_t values);

  DType type_ = DType::f32;
  Shape shape_;
  std::shared_ptr<std::byte[]> buffer_;
};

template <class T>
std::span<T> Tensor::data() {
  check_type(kDType<T>);
  return {reinterpret_cast<T*>(buffer_.get()), static_cast<std::size_t>(elements())};
}

template <class T>
std::span<const T> Tensor::data() const {
  check_type(kDType<T>);
  return {reinterpret_cast<const T*>(buffer_.get()), static_cast<std::size_t>(elements())};
}

template <class T>
Tensor Tensor::of(const Shape& shape, std::initializer_list<T> values) {
  Tensor tensor(kDType<T>, shape);
  check_count(shape, values.size());
  std::copy(values.begin(), values.end(), tensor.data<T>().begin());
  return tensor;
}

}  // namespace inlay
