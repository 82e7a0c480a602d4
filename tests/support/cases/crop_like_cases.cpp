#include "support/op_cases.h"

namespace inlay::testing {
namespace {

struct Sizes {
  const char* name;
  Shape large, small;
  std::int64_t offset;
};

const Sizes kSizes[] = {
    {"middle", {2, 17, 7, 8}, {2, 17, 3, 5}, -1}, {"middle_of_other_channels", {1, 3, 6, 5}, {4, 2, 5, 3}, -1},
    {"corner", {2, 17, 4, 6}, {2, 17, 3, 5}, 0},  {"offset", {1, 32, 7, 9}, {1, 32, 4, 5}, 2},
    {"one_pixel", {1, 9, 3, 4}, {1, 9, 1, 1}, 2}, {"everything", {1, 3, 2, 3}, {1, 3, 2, 3}, -1},
};

OpCase case_of(const std::string& op, const Sizes& sizes, Shape x, Shape like,
               Value (*build)(Value, Value, const CropLikeOptions&)) {
  x[0] = sizes.large[0], x[1] = sizes.large[1];
  like[0] = sizes.small[0], like[1] = sizes.small[1];
  return {op + "/" + sizes.name,
          {picture("x", x), picture("like", like)},
          [build, o = CropLikeOptions{sizes.offset}](auto in) { return build(in[0], in[1], o); },
          true};
}

}  // namespace

std::vector<OpCase> crop_like_cases() {
  std::vector<OpCase> cases;
  for (const Sizes& sizes : kSizes) cases.push_back(case_of("crop_like", sizes, sizes.large, sizes.small, crop_like));
  return cases;
}

std::vector<OpCase> pad_like_cases() {
  std::vector<OpCase> cases;
  for (const Sizes& sizes : kSizes) cases.push_back(case_of("pad_like", sizes, sizes.small, sizes.large, pad_like));
  return cases;
}

}  // namespace inlay::testing
