#include "runtime/cpu/conv/normals.h"

#include "runtime/cpu/conv/sizes.h"

namespace inlay {

Normals::Normals(const ConvProblem& problem) : block_(problem.x_block) {
  const std::vector<Buffer> pictures = problem.x_pictures();
  for (const std::int64_t source : problem.normalised) {
    std::int64_t first = 0;
    for (std::int64_t i = 0; i < source; ++i) first += blocks_of(pictures[static_cast<std::size_t>(i)]);
    const Buffer& picture = pictures[static_cast<std::size_t>(source)];
    const auto floats = static_cast<std::size_t>(3 * blocks_of(picture) * block_);
    sources_.push_back({picture.type.shape[1], first, std::vector<float>(floats, 0.0f)});
  }
}

void Normals::bind(std::span<std::byte* const> plain) {
  for (Source& s : sources_) {
    const auto next = [&] {
      const auto* numbers = reinterpret_cast<const float*>(plain[0]);
      plain = plain.subspan(1);
      return numbers;
    };
    s.scale = next(), s.shift = next(), s.mean = next(), s.inverse = next();
  }
}

void Normals::update() {
  for (Source& s : sources_)
    for (std::int64_t c = 0; c < s.channels; ++c) {
      float* numbers = s.numbers.data() + c / block_ * 3 * block_ + c % block_;
      numbers[0] = s.mean[c];
      numbers[block_] = s.inverse[c] * s.scale[c];
      numbers[2 * block_] = s.shift[c];
    }
}

void Normals::give(std::vector<winograd::Plane>& planes) const {
  for (const Source& s : sources_)
    for (std::size_t i = 0; i * 3 * static_cast<std::size_t>(block_) < s.numbers.size(); ++i)
      planes[static_cast<std::size_t>(s.first_block) + i].normal =
          s.numbers.data() + i * 3 * static_cast<std::size_t>(block_);
}

}  // namespace inlay
