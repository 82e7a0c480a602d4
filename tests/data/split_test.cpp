#include "inlay/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "inlay/error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

using Labels = std::vector<std::uint8_t>;

SampleSource sample(const std::string& name, Labels labels) {
  Mask mask{Tensor(DType::u8, {1, static_cast<std::int64_t>(labels.size())})};
  std::ranges::copy(labels, mask.labels.data<std::uint8_t>().begin());
  return {{name, "image", "mask"}, [] { return Image{Tensor(DType::u8, {1, 1, 1})}; }, [mask] { return mask; }};
}

// Twenty samples; all hold class 0, every second class 1 and every fifth class 2.
Dataset twenty(std::vector<SampleSource> test = {}) {
  std::vector<SampleSource> train;
  for (int i = 0; i < 20; ++i) {
    Labels labels{0};
    if (i % 2 == 0) labels.push_back(1);
    if (i % 5 == 0) labels.push_back(2);
    train.push_back(sample(std::string(1, static_cast<char>('a' + i / 4)) + "_" + std::to_string(i), labels));
  }
  return {"set", "made", {{"x", "y", "z"}, {{}, {}, {}}}, {std::move(train), {}, std::move(test)}, {}};
}

std::string complaint(const std::function<void()>& action) { return message_of<InputError>(action); }

TEST(Folds, EachHasItsShareOfEveryClass) {
  const Dataset data = twenty();
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const std::vector<int> folds = assign_folds(data, 4, {.seed = seed});
    ASSERT_EQ(folds.size(), 20u);
    std::array<std::array<int, 3>, 4> images{};
    for (std::size_t i = 0; i < folds.size(); ++i) {
      ASSERT_GE(folds[i], 0);
      ASSERT_LT(folds[i], 4);
      auto& counts = images[static_cast<std::size_t>(folds[i])];
      ++counts[0];
      counts[1] += i % 2 == 0;
      counts[2] += i % 5 == 0;
    }
    for (const auto& counts : images) {
      EXPECT_EQ(counts[0], 5);
      EXPECT_NEAR(counts[1], 2.5, 0.6);
      EXPECT_EQ(counts[2], 1);
    }
  }
}

TEST(Folds, DependOnTheSeedAlone) {
  const Dataset data = twenty();
  EXPECT_EQ(assign_folds(data, 4, {.seed = 3}), assign_folds(data, 4, {.seed = 3}));
  EXPECT_NE(assign_folds(data, 4, {.seed = 3}), assign_folds(data, 4, {.seed = 4}));
}

TEST(Folds, GroupsStayTogether) {
  const Dataset data = twenty();
  for (const char* group_by : {"^[^_]+", "^(.)_"}) {
    const std::vector<int> folds = assign_folds(data, 5, {.group_by = group_by});
    std::map<char, std::set<int>> of_group;
    for (std::size_t i = 0; i < folds.size(); ++i) of_group[data.names(Split::all)[i][0]].insert(folds[i]);
    std::set<int> used;
    for (const auto& [group, its_folds] : of_group) {
      EXPECT_EQ(its_folds.size(), 1u) << group;
      used.insert(its_folds.begin(), its_folds.end());
    }
    EXPECT_EQ(used.size(), 5u);
  }
}

TEST(Folds, TestIsLeftAlone) {
  const Dataset data = twenty({sample("t", {0})});
  const std::vector<int> folds = assign_folds(data, 4);
  EXPECT_EQ(folds.back(), -1);
  const std::vector<Split> parts = fold_parts(folds, 2);
  const Dataset fold = data.with_split(parts);
  EXPECT_EQ(fold.size(Split::val), 5);
  EXPECT_EQ(fold.size(Split::train), 15);
  EXPECT_THAT(fold.names(Split::test), ElementsAre("t"));
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(parts[i] == Split::val, folds[i] == 2);
}

TEST(Folds, WhatCannotBeDealtIsAnInputError) {
  const Dataset data = twenty();
  EXPECT_THAT(complaint([&] { assign_folds(data, 1); }), HasSubstr("1 folds were asked for"));
  EXPECT_THAT(complaint([&] { assign_folds(data, 21); }), HasSubstr("20 samples, which is too few for 21 folds"));
  EXPECT_THAT(complaint([&] { assign_folds(data, 6, {.group_by = "^."}); }),
              HasSubstr("make 5 groups by '^.', which is too few for 6 parts"));
  EXPECT_THAT(complaint([&] { assign_folds(data, 2, {.group_by = "("}); }), HasSubstr("cannot be understood"));
  EXPECT_THAT(complaint([&] { assign_folds(data, 2, {.group_by = "^b"}); }),
              HasSubstr("finds nothing in the name 'a_0'"));
}

TEST(Parts, HaveTheirShares) {
  const Dataset data = twenty();
  const std::vector<Split> parts = assign_parts(data, {.val = 0.25, .test = 0.25});
  EXPECT_EQ(std::ranges::count(parts, Split::train), 10);
  EXPECT_EQ(std::ranges::count(parts, Split::val), 5);
  EXPECT_EQ(std::ranges::count(parts, Split::test), 5);
  EXPECT_THAT(assign_parts(data, {.val = 0, .test = 0}), Each(Split::train));
}

TEST(Parts, ASmallShareGetsASampleAllTheSame) {
  const std::vector<Split> parts = assign_parts(twenty(), {.val = 0.01, .test = 0.01});
  EXPECT_EQ(std::ranges::count(parts, Split::val), 1);
  EXPECT_EQ(std::ranges::count(parts, Split::test), 1);
}

TEST(Parts, SharesAreChecked) {
  EXPECT_THAT(complaint([] { assign_parts(twenty(), {.val = 0.5, .test = 0.5}); }), HasSubstr("below 1 together"));
  EXPECT_THAT(complaint([] { assign_parts(twenty(), {.val = -0.1}); }), HasSubstr("are -0.1 and 0"));
}

TEST(Parts, SamplesWithoutAnyClassAreDealtToo) {
  std::vector<SampleSource> train;
  for (int i = 0; i < 8; ++i) train.push_back(sample(std::to_string(i), {255}));
  const Dataset data{"set", "made", {{"x"}, {{}}}, {std::move(train), {}, {}}, {}};
  EXPECT_EQ(std::ranges::count(assign_folds(data, 2), 0), 4);
}

}  // namespace
}  // namespace inlay
