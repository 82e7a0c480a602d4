#include "train/run_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/files.h"
#include "inlay/error.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(RunDirectory, OneAtATime) {
  const TemporaryFolder folder("lock");
  const std::filesystem::path path = folder.path() / "runs" / "a";
  std::optional<RunDirectory> first(std::in_place, path, false);
  EXPECT_EQ(first->best(), path / "best.onnx");
  EXPECT_THAT([&] { RunDirectory(path, false); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("another process is training in"), HasSubstr(path.string()))));
  first.reset();
  EXPECT_NO_THROW(RunDirectory(path, false));
}

TEST(RunDirectory, RefusesFilesOfAnEarlierRun) {
  const TemporaryFolder folder("used");
  write_file(folder.path() / "config.toml", "seed = 1");
  EXPECT_NO_THROW(RunDirectory(folder.path(), false));
  write_file(folder.path() / "last.onnx", "x");
  for (int i = 0; i < 2; ++i)  // the lock is let go when the folder is refused
    EXPECT_THAT([&] { RunDirectory(folder.path(), false); },
                ThrowsMessage<InputError>(
                    HasSubstr("holds files of an earlier run (last.onnx); resume that run, or choose another folder")));
}

TEST(RunDirectory, ResumingNeedsAState) {
  const TemporaryFolder folder("stateless");
  EXPECT_THAT([&] { RunDirectory(folder.path() / "new", true); },
              ThrowsMessage<InputError>(
                  AllOf(HasSubstr("there is nothing to resume in"), HasSubstr("it has no state.safetensors"))));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "new"));
  write_file(folder.path() / "state.safetensors", "x");
  EXPECT_NO_THROW(RunDirectory(folder.path(), true));
}

TEST(RunDirectory, AFileIsNoFolder) {
  const TemporaryFolder folder("file");
  write_file(folder.path() / "name", "x");
  EXPECT_THAT([&] { RunDirectory(folder.path() / "name", false); },
              ThrowsMessage<InputError>(HasSubstr("is no folder; a run needs one")));
  EXPECT_THAT([&] { RunDirectory(folder.path() / "name" / "run", false); },
              ThrowsMessage<Error>(HasSubstr("cannot create the folder")));
}

}  // namespace
}  // namespace inlay
