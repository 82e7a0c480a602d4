#include "infer/symmetry.h"

namespace inlay {

std::vector<Symmetry> symmetries_of(TestAugmentation augmentation) {
  std::vector<Symmetry> all{{}};
  if (augmentation == TestAugmentation::none) return all;
  for (const bool swap : {false, true})
    for (const bool rows : {false, true})
      for (const bool columns : {false, true})
        if ((rows || columns || swap) && (!swap || augmentation == TestAugmentation::d4))
          all.push_back({rows, columns, swap});
  return all;
}

PlaneIndex turned(const Symmetry& symmetry, std::int64_t height, std::int64_t width, std::int64_t y, std::int64_t x) {
  const std::int64_t row = symmetry.reverse_rows ? height - 1 - y : y;
  const std::int64_t column = symmetry.reverse_columns ? width - 1 - x : x;
  return symmetry.swap ? PlaneIndex{column, row} : PlaneIndex{row, column};
}

void apply(const Symmetry& symmetry, const float* planes, std::int64_t count, std::int64_t height, std::int64_t width,
           float* to) {
  const std::int64_t to_width = symmetry.swap ? height : width;
  for (std::int64_t c = 0; c < count; ++c, to += height * width)
    for (std::int64_t y = 0; y < height; ++y)
      for (std::int64_t x = 0; x < width; ++x) {
        const PlaneIndex index = turned(symmetry, height, width, y, x);
        to[index.row * to_width + index.column] = *planes++;
      }
}

}  // namespace inlay
