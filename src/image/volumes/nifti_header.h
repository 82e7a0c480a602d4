// What the first bytes of a NIfTI file say of its values (nifti1.h and nifti2.h, nifti.nimh.nih.gov).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/fail.h"

namespace inlay {

struct NiftiHeader {
  std::int64_t width = 0, height = 0, slices = 1, channels = 1;  // x, which runs fastest, y, z and t
  int type = 0;                                                  // of a value: DT_* of nifti1.h
  std::int64_t value_bytes = 0;
  bool swapped = false;  // the other byte order
  std::int64_t offset = 0;
  double slope = 1.0, intercept = 0.0;  // what a value means is value * slope + intercept

  std::int64_t slice_bytes() const { return width * height * value_bytes; }
};

/// Of the longer of both kinds.
inline constexpr std::size_t kNiftiHeaderBytes = 540;

/// `bytes`: the start of the file, not compressed. Throws InputError "<reason>" for what is no NIfTI of one file, for
/// more than four dimensions, and for colours and complex numbers.
NiftiHeader parse_nifti_header(std::string_view bytes);

/// visit(T{}) with the type T of the values: an integer of 8 to 64 bits, float or double.
template <class Visit>
auto visit_nifti_type(int type, Visit&& visit) {
  switch (type) {
    case 2:
      return visit(std::uint8_t{});
    case 4:
      return visit(std::int16_t{});
    case 8:
      return visit(std::int32_t{});
    case 16:
      return visit(float{});
    case 64:
      return visit(double{});
    case 256:
      return visit(std::int8_t{});
    case 512:
      return visit(std::uint16_t{});
    case 768:
      return visit(std::uint32_t{});
    case 1024:
      return visit(std::int64_t{});
    case 1280:
      return visit(std::uint64_t{});
    default:
      fail_input(
          "its values are of the type {} (colours, complex numbers or bits); expected whole numbers or floating "
          "point",
          type);
  }
}

}  // namespace inlay
