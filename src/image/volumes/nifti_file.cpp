#include "image/volumes/nifti_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "base/fail.h"

namespace inlay {
namespace {

template <class T>
T value_at(const char* bytes, bool swapped) {
  std::array<char, sizeof(T)> raw;
  std::memcpy(raw.data(), bytes, sizeof(T));
  if (swapped) std::ranges::reverse(raw);
  T value{};
  std::memcpy(&value, raw.data(), sizeof(T));
  return value;
}

Tensor scaled(const std::string& bytes, const NiftiHeader& header) {
  Tensor out(DType::f32, {header.height, header.width, 1});
  auto to = out.data<float>();
  visit_nifti_type(header.type, [&](auto kind) {
    using Value = decltype(kind);
    for (std::size_t i = 0; i < to.size(); ++i) {
      const auto value = static_cast<double>(value_at<Value>(bytes.data() + i * sizeof(Value), header.swapped));
      to[i] = static_cast<float>(value * header.slope + header.intercept);
    }
  });
  if (!std::ranges::all_of(to, [](float value) { return std::isfinite(value); }))
    fail_input("it holds values that are not finite; replace them");
  return out;
}

}  // namespace

NiftiFile::NiftiFile(const std::filesystem::path& path) : path_(path), file_(gzopen(path.c_str(), "rbe")) {
  if (!file_) fail_input("cannot read '{}': {}", path.string(), std::strerror(errno));
  gzbuffer(file_.get(), 1 << 17);
  try {
    header_ = parse_nifti_header(read_bytes(kNiftiHeaderBytes));
  } catch (const InputError& error) {
    fail_input("cannot read '{}': {}", path_.string(), error.what());
  }
}

// As many as there are; memory is taken as they come, for a damaged header may claim any number.
std::string NiftiFile::read_bytes(std::size_t count) {
  constexpr std::size_t kAtOnce = 1 << 20;
  std::string bytes;
  for (int got = 1; got > 0 && bytes.size() < count;) {
    const std::size_t done = bytes.size(), wanted = std::min(count - done, kAtOnce);
    bytes.resize(done + wanted);
    got = gzread(file_.get(), bytes.data() + done, static_cast<unsigned>(wanted));
    bytes.resize(done + static_cast<std::size_t>(std::max(got, 0)));
  }
  int code = Z_OK;
  std::string reason = gzerror(file_.get(), &code);  // "FILE: incorrect data check"
  reason.erase(0, reason.starts_with(path_.string()) ? path_.string().size() + 2 : 0);
  if (code == Z_ERRNO) fail_input("{}", std::strerror(errno));
  if (code == Z_BUF_ERROR) fail_input("it is cut short");
  if (code != Z_OK && code != Z_STREAM_END) fail_input("it is damaged ({})", reason);
  return bytes;
}

Tensor NiftiFile::read(std::int64_t slice, std::int64_t channel) try {
  if (slice < 0 || slice >= header_.slices || channel < 0 || channel >= header_.channels)
    fail_input("there is no slice {} of channel {}; it has {} slices and {} channels", slice, channel, header_.slices,
               header_.channels);
  const std::int64_t place = channel * header_.slices + slice, start = header_.offset + place * header_.slice_bytes();
  if (gzseek(file_.get(), start, SEEK_SET) != start) fail_input("it is damaged, or cut short before slice {}", slice);
  const std::string bytes = read_bytes(static_cast<std::size_t>(header_.slice_bytes()));
  if (std::ssize(bytes) != header_.slice_bytes())
    fail_input("it is cut short in slice {} of {}", slice, header_.slices);
  next_ = place + 1;
  // What the checksum says of a compressed file is known behind its last value.
  if (next_ == header_.slices * header_.channels) read_bytes(1);
  return scaled(bytes, header_);
} catch (const InputError& error) {
  fail_input("cannot read '{}': {}", path_.string(), error.what());
}

}  // namespace inlay
