#include "support/op_cases.h"

namespace inlay::testing {
namespace {

struct Pooling {
  const char* name;
  Shape x;
  Size2 size;
};

const Pooling kPoolings[] = {
    {"divides", {2, 17, 6, 8}, {3, 2}},
    {"shares_pixels", {1, 9, 5, 7}, {3, 4}},
    {"one_bin", {2, 3, 5, 4}, 1},
    {"as_many_bins", {1, 32, 3, 4}, {3, 4}},
    {"more_bins_than_pixels", {1, 17, 2, 3}, {5, 6}},
    {"from_one_pixel", {1, 1, 1, 1}, {2, 3}},
};

}  // namespace

std::vector<OpCase> adaptive_avg_pool2d_cases() {
  std::vector<OpCase> cases;
  for (const auto& [name, x, size] : kPoolings)
    cases.push_back({std::string("adaptive_avg_pool2d/") + name,
                     {picture("x", x)},
                     [o = AdaptivePool2dOptions{size}](auto in) { return adaptive_avg_pool2d(in[0], o); },
                     true});
  return cases;
}

std::vector<OpCase> adaptive_avg_pool2d_transpose_cases() {
  std::vector<OpCase> cases;
  for (const auto& [name, like, size] : kPoolings)
    cases.push_back(
        {std::string("adaptive_avg_pool2d_transpose/") + name,
         {picture("x", {like[0], like[1], size.h, size.w}), picture("like", like)},
         [o = AdaptivePool2dOptions{size}](auto in) { return adaptive_avg_pool2d_transpose(in[0], in[1], o); },
         true,
         true,
         false});
  return cases;
}

}  // namespace inlay::testing
