// Real data sets, which are not part of the project: tests on them are skipped where they are not there.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace inlay::testing {

class SharedData : public ::testing::Test {
 protected:
  explicit SharedData(const std::string& name) : folder(std::filesystem::path(INLAY_SHARED) / "data" / name) {}
  void SetUp() override {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not on this machine";
  }

  const std::filesystem::path folder;
};

}  // namespace inlay::testing
