// Which algorithm is taken, and what is remembered of it.
#include "runtime/cpu/tuner.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

const std::vector<std::string> kBoth{"direct", "winograd"};

double winograd_wins(const std::string& name) { return name == "winograd" ? 1 : 2; }
double direct_wins(const std::string& name) { return name == "direct" ? 1 : 2; }

TEST(Tuner, TakesTheFastestAndRemembersIt) {
  const TempFolder folder;
  const std::string file = (folder / "cache/tuning.json").string();
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, winograd_wins), "winograd");
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, direct_wins), "winograd") << "read from the file, not timed again";
  EXPECT_EQ(Tuner(file).choose("another shape", kBoth, direct_wins), "direct");
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, direct_wins), "winograd") << "the file keeps what others learnt";
}

TEST(Tuner, TheFileHoldsMilliseconds) {
  const TempFolder folder;
  const std::string file = (folder / "tuning.json").string();
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, winograd_wins), "winograd");
  const auto json = nlohmann::json::parse(read_file(file));
  ASSERT_EQ(json.size(), 2u) << "a machine and the version of the kernels";
  for (const auto& [machine, problems] : json.items())
    if (machine != "kernels") {
      EXPECT_EQ(problems["shape"]["winograd"], 1000);
      EXPECT_EQ(problems["shape"]["direct"], 2000);
    }
}

TEST(Tuner, WhatOtherKernelsTookCountsAsNothing) {
  const TempFolder folder;
  const std::string file = (folder / "tuning.json").string();
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, winograd_wins), "winograd");
  auto json = nlohmann::json::parse(read_file(file));
  json["kernels"] = json["kernels"].get<int>() - 1;
  std::ofstream(file) << json;
  EXPECT_TRUE(read_timings(file).empty());
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, direct_wins), "direct");
}

TEST(Tuner, ABusyMomentDoesNotDecide) {
  // The faster one meets a busy machine in its first tries.
  int tries = 0;
  const auto time = [&](const std::string& name) {
    if (name == "direct") return 0.002;
    return ++tries <= 3 ? 0.050 / 3 : 0.001;
  };
  EXPECT_EQ(Tuner("").choose("shape", kBoth, time), "direct") << "three tries are 50 ms: enough of what is far behind";
  tries = 0;
  const auto short_moment = [&](const std::string& name) {
    if (name == "direct") return 0.002;
    return ++tries <= 3 ? 0.006 : 0.001;
  };
  EXPECT_EQ(Tuner("").choose("shape", kBoth, short_moment), "winograd");
}

TEST(Tuner, TimesAgainWhenACandidateIsNew) {
  const TempFolder folder;
  const std::string file = (folder / "tuning.json").string();
  EXPECT_EQ(Tuner(file).choose("shape", std::vector<std::string>{"direct", "gemm"}, direct_wins), "direct");
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, winograd_wins), "winograd");
}

TEST(Tuner, ARememberedOneThatMayNotBeTakenIsPassedOver) {
  const TempFolder folder;
  const std::string file = (folder / "tuning.json").string();
  const std::vector<std::string> three{"direct", "gemm", "winograd"}, two{"direct", "gemm"};
  EXPECT_EQ(Tuner(file).choose("shape", three, winograd_wins), "winograd");
  EXPECT_EQ(Tuner(file).choose("shape", two, [](const std::string&) -> double { throw std::logic_error("timed"); }),
            "direct");
}

TEST(Tuner, TimesAgainWhenTheRememberedOneIsGone) {
  const TempFolder folder;
  const std::string file = (folder / "tuning.json").string();
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, winograd_wins), "winograd");
  const std::vector<std::string> others{"direct", "gemm"};
  EXPECT_EQ(Tuner(file).choose("shape", others, direct_wins), "direct");
}

TEST(Tuner, ASingleCandidateIsNotTimed) {
  const std::vector<std::string> one{"direct"};
  Tuner tuner("");
  EXPECT_EQ(tuner.choose("shape", one, [](const std::string&) -> double { throw std::logic_error("timed"); }),
            "direct");
}

TEST(Tuner, ADamagedFileCountsAsEmpty) {
  const TempFolder folder;
  const std::string file = (folder / "tuning.json").string();
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, winograd_wins), "winograd");
  const std::string good = read_file(file);
  const std::string machine = good.substr(good.find('"'), good.find(':') - good.find('"'));
  for (const std::string& text : {std::string("no json"), std::string("[1]"), "{" + machine + ": \"a text\"}"}) {
    std::ofstream(file) << text;
    EXPECT_EQ(Tuner(file).choose("shape", kBoth, direct_wins), "direct") << text;
  }
}

TEST(Tuner, TheFileCanBeReadAndCleared) {
  const TempFolder folder;
  const std::string file = (folder / "tuning.json").string();
  EXPECT_TRUE(read_timings(file).empty());
  EXPECT_EQ(Tuner(file).choose("shape", kBoth, winograd_wins), "winograd");
  const std::string version = std::to_string(nlohmann::json::parse(read_file(file))["kernels"].get<int>());
  std::ofstream(file) << R"({"kernels": )" << version
                      << R"(, "A, 1 threads": {"shape": {"direct": 2, "old": "yes"}, "other": "winograd"},
                             "AB, 1 threads": {"shape": {"direct": 3}}, "no machine": 5})";
  const auto timings = read_timings(file);
  ASSERT_EQ(timings.size(), 2u);
  EXPECT_EQ(timings.at("A, 1 threads"),
            (std::map<std::string, std::map<std::string, double>>{{"shape", {{"direct", 2}}}}));
  EXPECT_EQ(clear_timings(file, "A"), 2);
  EXPECT_EQ(read_timings(file).size(), 1u);
  EXPECT_EQ(read_timings(file).at("AB, 1 threads").at("shape").at("direct"), 3);
  EXPECT_EQ(clear_timings(file, "A"), 0);
  EXPECT_GT(clear_timings(file, ""), 0);
  EXPECT_TRUE(read_timings(file).empty());
}

TEST(Tuner, AFolderThatCannotBeWrittenIsNoError) {
  Tuner tuner("/proc/no/tuning.json");
  EXPECT_EQ(tuner.choose("shape", kBoth, winograd_wins), "winograd");
  EXPECT_NO_THROW(tuner.save());
}

TEST(Tuner, TheEnvironmentSaysWhereAndWhether) {
  ::setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_EQ(tuning_file(), "/caches/inlay/tuning.json");
  ::unsetenv("XDG_CACHE_HOME");
  ::setenv("HOME", "/home/me", 1);
  EXPECT_EQ(tuning_file(), "/home/me/.cache/inlay/tuning.json");
  ::unsetenv("HOME");
  EXPECT_EQ(tuning_file(), "");
  ::setenv("INLAY_TUNE", "off", 1);
  EXPECT_FALSE(tuning_allowed());
  ::setenv("INLAY_TUNE", "on", 1);
  EXPECT_TRUE(tuning_allowed());
  ::setenv("INLAY_TUNE", "off", 1);
}

}  // namespace
}  // namespace inlay::testing
