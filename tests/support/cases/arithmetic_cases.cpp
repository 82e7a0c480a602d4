#include "support/op_cases.h"

namespace inlay::testing {
namespace {

/// One binary operator over the ways its operands can fit.
std::vector<OpCase> binary(const std::string& op, Value (*f)(Value, Value), Fill fill, bool linear) {
  struct Pair {
    const char* name;
    Shape a, b;
  };
  const Pair pairs[] = {
      {"same", {2, 17, 3, 5}, {2, 17, 3, 5}},
      {"one_pixel", {1, 1, 1, 1}, {1, 1, 1, 1}},
      {"channels32", {1, 32, 2, 3}, {1, 32, 2, 3}},
      {"per_channel", {2, 17, 3, 5}, {1, 17, 1, 1}},
      {"per_item_and_channel", {2, 3, 4, 5}, {2, 3, 1, 1}},
      {"gate_first", {2, 1, 3, 5}, {2, 9, 3, 5}},
      {"gate_second", {2, 9, 3, 5}, {2, 1, 3, 5}},
      {"gate_of_one_block", {2, 1, 3, 5}, {2, 8, 3, 5}},
      {"gate_last_of_one_block", {1, 16, 3, 5}, {1, 1, 3, 5}},
      {"both_repeat", {2, 1, 3, 1}, {1, 17, 1, 4}},
      {"scalar", {1, 8, 2, 3}, {1, 1, 1, 1}},
      {"vector", {7}, {7}},
      {"vector_scalar", {7}, {1}},
      {"rank5", {2, 1, 2, 3, 1}, {1, 3, 2, 1, 2}},
  };
  std::vector<OpCase> cases;
  for (const Pair& p : pairs) {
    OpCase c{op + "/" + p.name, {picture("a", p.a), picture("b", p.b, fill)}, [f](auto in) { return f(in[0], in[1]); }};
    c.linear = linear;
    cases.push_back(c);
  }
  cases.push_back(
      {op + "/twice_the_same", {picture("a", {1, 2, 3, 3}, fill)}, [f](auto in) { return f(in[0], in[0]); }});
  return cases;
}

}  // namespace

std::vector<OpCase> add_cases() { return binary("add", add, Fill::normal, false); }
std::vector<OpCase> mul_cases() { return binary("mul", mul, Fill::normal, true); }
std::vector<OpCase> div_cases() { return binary("div", div, Fill::positive, true); }

std::vector<OpCase> affine_cases() {
  std::vector<OpCase> cases{
      {"affine/shifted", {picture("x", {2, 17, 3, 5})}, [](auto in) { return affine(in[0], -1.5, 0.25); }},
      {"affine/shift_only", {picture("x", {1, 3, 1, 1})}, [](auto in) { return affine(in[0], 1, 2); }},
      {"affine/vector", {picture("x", {5})}, [](auto in) { return affine(in[0], 2, -1); }},
      {"affine/scaled", {picture("x", {2, 32, 3, 5})}, [](auto in) { return affine(in[0], 0.5); }},
  };
  cases.back().linear = true;
  return cases;
}

}  // namespace inlay::testing
