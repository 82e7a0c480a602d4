#include "workflow/tensorboard/event_file.h"

#include <array>
#include <chrono>
#include <cmath>

#include "base/fail.h"
#include "base/files.h"
#include "events.pb.h"
#include "inlay/image.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

std::array<std::uint32_t, 256> make_table() {
  constexpr std::uint32_t kPolynomial = 0x82f63b78;  // 0x1edc6f41, the lowest bit first
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ (value % 2 == 1 ? kPolynomial : 0);
    table[i] = value;
  }
  return table;
}

template <class T>
std::string little_endian(T value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

std::string masked_crc(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return little_endian<std::uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8U);
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

tensorboard::Event event_at(std::int64_t step) {
  tensorboard::Event event;
  event.set_wall_time(now());
  event.set_step(step);
  return event;
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static const std::array<std::uint32_t, 256> table = make_table();
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) crc = table[(crc ^ static_cast<unsigned char>(byte)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

std::string tf_record(std::string_view bytes) {
  const std::string length = little_endian<std::uint64_t>(bytes.size());
  return length + masked_crc(length) + std::string(bytes) + masked_crc(bytes);
}

EventFile::EventFile(const fs::path& folder) {
  std::error_code none;
  fs::create_directories(folder, none);
  auto seconds = static_cast<std::int64_t>(now());
  do path_ = folder / fmt::format("events.out.tfevents.{}.inlay", seconds++);
  while (fs::exists(path_));
  file_.open(path_, std::ios::binary);
  tensorboard::Event first = event_at(0);
  first.set_file_version("brain.Event:2");
  write(first.SerializeAsString());
}

void EventFile::add(std::int64_t step, std::span<const Scalar> scalars) {
  tensorboard::Event event = event_at(step);
  for (const auto& [tag, number] : scalars) {
    if (!std::isfinite(number)) continue;
    tensorboard::Summary::Value& value = *event.mutable_summary()->add_value();
    value.set_tag(tag);
    value.set_simple_value(static_cast<float>(number));
  }
  if (event.has_summary()) write(event.SerializeAsString());
}

void EventFile::add_picture(std::int64_t step, const std::string& tag, const fs::path& png) {
  const Image picture = read_image(png);
  tensorboard::Event event = event_at(step);
  tensorboard::Summary::Value& value = *event.mutable_summary()->add_value();
  value.set_tag(tag);
  tensorboard::Summary::Image& image = *value.mutable_image();
  image.set_height(static_cast<std::int32_t>(picture.height()));
  image.set_width(static_cast<std::int32_t>(picture.width()));
  image.set_colorspace(3);
  image.set_encoded_image_string(read_file(png));
  write(event.SerializeAsString());
}

void EventFile::write(std::string_view event) {
  const std::string record = tf_record(event);
  file_.write(record.data(), static_cast<std::streamsize>(record.size()));
  file_.flush();
  if (!file_) fail("cannot write '{}'", path_.string());
}

}  // namespace inlay
