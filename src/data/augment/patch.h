// A training sample on its way into a batch: its planes and labels lie where the batch wants them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace inlay {

struct Patch {
  std::int64_t height = 0, width = 0;
  std::vector<float*> planes;      // of the picture's channels in their order, each height x width
  std::uint8_t* labels = nullptr;  // height x width

  std::int64_t pixels() const { return height * width; }
  std::int64_t channels() const { return static_cast<std::int64_t>(planes.size()); }
  std::span<float> plane(std::size_t channel) const { return {planes[channel], static_cast<std::size_t>(pixels())}; }
  std::span<std::uint8_t> all_labels() const { return {labels, static_cast<std::size_t>(pixels())}; }
};

}  // namespace inlay
