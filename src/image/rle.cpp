#include "inlay/rle.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/fail.h"

namespace inlay {
namespace {

constexpr std::int64_t kMostPixels = std::int64_t{1} << 32;

// The next whole number of the text, which is taken off; false when nothing but blanks is left.
bool take_number(std::string_view& text, std::int64_t& value) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  text.remove_prefix(std::min(first, text.size()));
  if (text.empty()) return false;
  const std::string_view word = text.substr(0, text.find_first_of(" \t\r\n"));
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size())
    fail_input("run lengths are whole numbers, found '{}'", word.substr(0, 20));
  text.remove_prefix(word.size());
  return true;
}

}  // namespace

Counts coco_counts(const Mask& mask, std::uint8_t label) {
  Counts counts{0};
  auto labels = mask.labels.data<std::uint8_t>();
  bool inside = false;
  for (std::int64_t x = 0; x < mask.width(); ++x)
    for (std::int64_t y = 0; y < mask.height(); ++y) {
      if ((labels[static_cast<std::size_t>(y * mask.width() + x)] == label) != inside) {
        inside = !inside;
        counts.push_back(0);
      }
      ++counts.back();
    }
  return counts;
}

void paint(std::span<const std::int64_t> counts, std::uint8_t label, Mask& mask) {
  const std::int64_t height = mask.height(), width = mask.width(), pixels = height * width;
  std::int64_t sum = 0;
  for (std::int64_t count : counts) {
    if (count < 0 || count > pixels - sum)
      fail_input("the run lengths do not fit a picture of {}x{} pixels (one is {}, after {} of {} pixels)", height,
                 width, count, sum, pixels);
    sum += count;
  }
  if (sum != pixels) fail_input("the run lengths are of {} pixels, the picture has {}x{}", sum, height, width);
  auto labels = mask.labels.data<std::uint8_t>();
  std::int64_t at = 0;
  for (std::size_t run = 0; run < counts.size(); at += counts[run++])
    if (run % 2 == 1)
      for (std::int64_t i = at; i < at + counts[run]; ++i)
        labels[static_cast<std::size_t>(i % height * width + i / height)] = label;
}

std::int64_t area_of(std::span<const std::int64_t> counts) {
  std::int64_t area = 0;
  for (std::size_t run = 1; run < counts.size(); run += 2) area += counts[run];
  return area;
}

std::string coco_string(std::span<const std::int64_t> counts) {
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::int64_t value = i > 2 ? counts[i] - counts[i - 2] : counts[i];
    for (bool more = true; more;) {
      const std::int64_t bits = value & 31;
      value >>= 5;
      // The top bit of the last group is the sign.
      more = (bits & 16) != 0 ? value != -1 : value != 0;
      text += static_cast<char>(48 + bits + (more ? 32 : 0));
    }
  }
  return text;
}

Counts parse_coco_string(std::string_view text) {
  Counts counts;
  for (std::size_t i = 0; i < text.size();) {
    std::int64_t value = 0;
    int shift = 0;
    for (bool more = true; more; shift += 5) {
      if (i == text.size()) fail_input("the compressed run lengths end within a number");
      const int group = static_cast<unsigned char>(text[i]) - 48;
      if (group < 0 || group > 63) fail_input("compressed run lengths cannot hold the character at place {}", i);
      if (shift > 35) fail_input("the compressed run lengths hold a number above 2^32, at place {}", i);
      value |= std::int64_t{group & 31} << shift;
      more = (group & 32) != 0;
      if (!more && (group & 16) != 0) value -= std::int64_t{32} << shift;
      ++i;
    }
    if (counts.size() > 2) value += counts[counts.size() - 2];
    if (value < 0 || value > kMostPixels)
      fail_input("the compressed run lengths hold the count {}, expected 0 to 2^32", value);
    counts.push_back(value);
  }
  return counts;
}

std::string kaggle_rle(std::span<const std::int64_t> counts) {
  std::string text;
  std::int64_t at = 1;
  for (std::size_t run = 0; run < counts.size(); at += counts[run++])
    if (run % 2 == 1 && counts[run] > 0) text += fmt::format("{}{} {}", text.empty() ? "" : " ", at, counts[run]);
  return text;
}

Counts parse_kaggle_rle(std::string_view text, std::int64_t pixels) {
  Counts counts{0};
  std::int64_t start = 0, length = 0, at = 0;  // at: pixels that are done
  while (take_number(text, start)) {
    if (!take_number(text, length)) fail_input("run lengths come in pairs; the start {} has no length", start);
    if (start <= at || length < 1 || start - 1 > pixels - length)
      fail_input("the run 'start {} length {}' is not behind the one before it and within the picture's {} pixels",
                 start, length, pixels);
    const std::int64_t gap = start - 1 - at;
    const bool behind_run = counts.size() % 2 == 0;
    if (behind_run && gap == 0) {
      counts.back() += length;
    } else {
      if (behind_run)
        counts.push_back(gap);
      else
        counts.back() = gap;
      counts.push_back(length);
    }
    at += gap + length;
  }
  if (counts.size() == 1)
    counts.back() = pixels;
  else if (at < pixels)
    counts.push_back(pixels - at);
  return counts;
}

}  // namespace inlay
