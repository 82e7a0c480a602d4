#include "image/volumes/nifti_header.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>
#include <span>

#include "image/format.h"

namespace inlay {
namespace {

class Fields {
 public:
  Fields(std::string_view bytes, bool swapped) : bytes_(bytes), swapped_(swapped) {}

  bool swapped() const { return swapped_; }
  std::string_view text(std::size_t place, std::size_t length) const {
    if (place + length > bytes_.size()) fail_input("it is cut short within its header");
    return bytes_.substr(place, length);
  }
  template <class T>
  T at(std::size_t place) const {
    std::array<char, sizeof(T)> raw{};
    std::ranges::copy(text(place, sizeof(T)), raw.begin());
    if (swapped_) std::ranges::reverse(raw);
    T value{};
    std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }

 private:
  std::string_view bytes_;
  bool swapped_;
};

// Where the two versions have what is needed. The size is the file's first number.
struct Places {
  std::int32_t size;
  std::size_t magic, sides, type, offset, scaling;
};
constexpr Places kFirst{348, 344, 40, 70, 108, 112}, kSecond{540, 4, 16, 12, 168, 176};

// Whether the file's byte order is the other one; nothing when it is of another version.
std::optional<bool> is_swapped(std::string_view bytes, const Places& version) {
  for (const bool swapped : {false, true})
    if (Fields(bytes, swapped).at<std::int32_t>(0) == version.size) return swapped;
  return std::nullopt;
}

template <class Count>
void read_sides(const Fields& fields, std::size_t place, NiftiHeader& out) {
  const auto count = static_cast<std::int64_t>(fields.at<Count>(place));
  if (count < 2 || count > 7) fail_input("it is damaged (it claims {} dimensions)", count);
  std::array<std::int64_t, 8> sides;
  sides.fill(1);
  for (std::size_t i = 1; i <= static_cast<std::size_t>(count); ++i) {
    sides[i] = static_cast<std::int64_t>(fields.at<Count>(place + i * sizeof(Count)));
    if (sides[i] < 1) fail_input("it is damaged (side {} has {} values)", i, sides[i]);
  }
  if (std::ranges::any_of(std::span(sides).subspan(5), [](std::int64_t side) { return side != 1; }))
    fail_input("it has {} dimensions; only width, height, slices and channels can be read", count);
  out.width = sides[1];
  out.height = sides[2];
  out.slices = sides[3];
  out.channels = sides[4];
}

// A slope of zero, or one that is no number, says that nothing is scaled.
template <class Real>
void read_scaling(const Fields& fields, std::size_t place, NiftiHeader& out) {
  const auto slope = static_cast<double>(fields.at<Real>(place)),
             intercept = static_cast<double>(fields.at<Real>(place + sizeof(Real)));
  if (slope == 0.0 || !std::isfinite(slope)) return;
  if (!std::isfinite(intercept)) fail_input("it is damaged (its intercept is {})", intercept);
  out.slope = slope;
  out.intercept = intercept;
}

void check_claims(const NiftiHeader& header) {
  constexpr std::int64_t kSlices = 1 << 16, kChannels = 1024, kBytes = std::int64_t{1} << 31;
  check_size(header.height, header.width);
  if (header.slices > kSlices || header.channels > kChannels || header.slice_bytes() > kBytes)
    fail_input("it claims {} slices of {}x{} pixels in {} channels; it is damaged, or too large", header.slices,
               header.height, header.width, header.channels);
}

template <class Count, class Offset, class Real>
NiftiHeader parse(const Fields& fields, const Places& places, std::string_view one_file) {
  const std::string_view magic = fields.text(places.magic, 3);
  if (magic[0] == 'n' && magic[1] == 'i')
    fail_input("it belongs to a pair of files (.hdr and .img); expected one, .nii");
  if (magic != one_file) fail_input("it is damaged or no NIfTI");
  NiftiHeader out;
  out.swapped = fields.swapped();
  read_sides<Count>(fields, places.sides, out);
  out.type = fields.at<std::int16_t>(places.type);
  out.value_bytes = visit_nifti_type(out.type, [](auto value) { return static_cast<std::int64_t>(sizeof value); });
  const auto offset = static_cast<double>(fields.at<Offset>(places.offset));
  if (!(offset >= places.size && offset < 1e9)) fail_input("it is damaged (its values start at byte {})", offset);
  out.offset = static_cast<std::int64_t>(offset);
  read_scaling<Real>(fields, places.scaling, out);
  check_claims(out);
  return out;
}

}  // namespace

NiftiHeader parse_nifti_header(std::string_view bytes) {
  if (bytes.empty()) fail_input("the file is empty");
  if (const auto swapped = is_swapped(bytes, kFirst))
    return parse<std::int16_t, float, float>({bytes, *swapped}, kFirst, "n+1");
  if (const auto swapped = is_swapped(bytes, kSecond))
    return parse<std::int64_t, std::int64_t, double>({bytes, *swapped}, kSecond, "n+2");
  fail_input("it is damaged or no NIfTI");
}

}  // namespace inlay
