#include "runtime/cpu/normals.h"

namespace inlay {

Normals::Normals(std::span<const Buffer> pictures, std::span<const std::int64_t> normalised)
    : lanes_(pictures[0].block) {
  std::vector<std::int64_t> first{0};
  for (const Buffer& picture : pictures)
    first.push_back(first.back() + padded_channels(picture.type.shape[1], picture.block) / lanes_);
  for (const std::int64_t i : normalised) {
    const auto at = static_cast<std::size_t>(i);
    const std::int64_t blocks = first[at + 1] - first[at];
    pictures_.push_back({pictures[at].type.shape[1], first[at], blocks,
                         std::vector<float>(static_cast<std::size_t>(3 * blocks * lanes_), 0.0f)});
  }
}

void Normals::bind(std::span<std::byte* const> plain) {
  for (Picture& p : pictures_) {
    const auto next = [&] {
      const auto* numbers = reinterpret_cast<const float*>(plain[0]);
      plain = plain.subspan(1);
      return numbers;
    };
    p.scale = next(), p.shift = next(), p.mean = next(), p.inverse = next();
  }
}

void Normals::update() {
  for (Picture& p : pictures_)
    for (std::int64_t c = 0; c < p.channels; ++c) {
      float* numbers = p.numbers.data() + c / lanes_ * 3 * lanes_ + c % lanes_;
      numbers[0] = p.mean[c];
      numbers[lanes_] = p.inverse[c] * p.scale[c];
      numbers[2 * lanes_] = p.shift[c];
    }
}

const float* Normals::of_block(std::int64_t block) const {
  for (const Picture& p : pictures_)
    if (block >= p.first_block && block < p.first_block + p.blocks)
      return p.numbers.data() + (block - p.first_block) * 3 * lanes_;
  return nullptr;
}

}  // namespace inlay
