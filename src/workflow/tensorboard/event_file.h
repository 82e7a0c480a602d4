// A file of events for TensorBoard (tensorboard --logdir RUN): scalars and pictures by step.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace inlay {

/// CRC-32C (Castagnoli), as in RFC 3720, appendix B.4.
std::uint32_t crc32c(std::string_view bytes);

/// A record of a TFRecord file: length (u64), masked CRC of the length (u32), bytes, masked CRC of the bytes (u32),
/// little endian. Masked: ((crc >> 15) | (crc << 17)) + 0xa282ead8 (tensorflow/core/lib/io/record_writer.h).
std::string tf_record(std::string_view bytes);

class EventFile {
 public:
  using Scalar = std::pair<std::string, double>;  // tag and value

  /// Makes FOLDER/events.out.tfevents.SECONDS.inlay; a resumed run has a second one, and TensorBoard reads both. Throws
  /// Error when it cannot be written.
  explicit EventFile(const std::filesystem::path& folder);

  /// Values that are no number are left out.
  void add(std::int64_t step, std::span<const Scalar> scalars);
  void add_picture(std::int64_t step, const std::string& tag, const std::filesystem::path& png);

 private:
  void write(std::string_view event);

  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace inlay
