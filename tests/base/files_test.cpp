#include "base/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "inlay/error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::message_of;
using testing::TempFolder;

// Files above `bytes` cannot be written while it lives; what a full disk does, without one.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

std::size_t count_files(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Files, WritesAndReadsEveryByte) {
  const TempFolder folder;
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  write_file(folder / "all.bin", bytes);
  EXPECT_EQ(read_file(folder / "all.bin"), bytes);
  write_file(folder / "all.bin", "");
  EXPECT_EQ(read_file(folder / "all.bin"), "");
}

TEST(Files, ATemporaryNameThatSomebodyHasIsLeftAlone) {
  const TempFolder folder;
  const std::string mine = "page.html." + std::to_string(::getpid());  // as of another machine that shares the folder
  std::ofstream(folder / (mine + ".0.tmp")) << "not ours";
  write_file(folder / "page.html", "ours");
  EXPECT_EQ(read_file(folder / "page.html"), "ours");
  EXPECT_EQ(read_file(folder / (mine + ".0.tmp")), "not ours");
  EXPECT_EQ(count_files(folder.path()), 2u);
}

TEST(Files, ManyWritersOfOneFileLeaveOneOfTheirs) {
  const TempFolder folder;
  std::vector<std::thread> writers;
  for (char c = 'a'; c < 'i'; ++c)
    writers.emplace_back([&folder, c] { write_file(folder / "page.html", std::string(200'000, c)); });
  for (std::thread& writer : writers) writer.join();
  const std::string left = read_file(folder / "page.html");
  EXPECT_EQ(left, std::string(200'000, left.front()));
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(Files, ReadsWhatHasNoSizeToTheEnd) {
  const TempFolder folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string bytes(300'000, 'x');
  std::thread writer([&] { write_file(pipe, bytes); });
  EXPECT_EQ(read_file(pipe), bytes);
  writer.join();
  EXPECT_THAT(read_file("/proc/self/status"), HasSubstr("Name:"));
}

TEST(Files, CreatesFoldersAndLeavesNothingBeside) {
  const TempFolder folder;
  write_file(folder / "a/b/c.txt", "x");
  EXPECT_EQ(read_file(folder / "a/b/c.txt"), "x");
  EXPECT_EQ(count_files(folder / "a/b"), 1u);
}

TEST(Files, MissingFileAndFolderAreInputErrors) {
  const TempFolder folder;
  EXPECT_THAT(message_of<InputError>([&] { read_file(folder / "no.txt"); }), HasSubstr("no.txt': No such file"));
  EXPECT_THAT(message_of<InputError>([&] { read_file(folder.path()); }), HasSubstr("is a folder"));
}

TEST(Files, FullDiskKeepsTheOldFileAndNoPart) {
  const TempFolder folder;
  write_file(folder / "state", "old");
  {
    const FileSizeLimit limit(1000);
    EXPECT_THAT(message_of<Error>([&] { write_file(folder / "state", std::string(5000, 'n')); }),
                HasSubstr("cannot write '" + (folder / "state").string() + "': File too large"));
  }
  EXPECT_EQ(read_file(folder / "state"), "old");
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(Files, WrittenPieceByPiece) {
  const TempFolder folder;
  write_file(folder / "a",
             [](int descriptor) { return ::write(descriptor, "ab", 2) == 2 && ::write(descriptor, "c", 1) == 1; });
  EXPECT_EQ(read_file(folder / "a"), "abc");
  EXPECT_THAT(message_of<Error>([&] {
                write_file(folder / "a", [](int descriptor) {
                  const bool begun = ::write(descriptor, "x", 1) == 1;
                  errno = ENOSPC;
                  return !begun;
                });
              }),
              HasSubstr("No space left on device"));
  EXPECT_EQ(read_file(folder / "a"), "abc");
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(Files, APipeIsWrittenToAndStaysAPipe) {
  const TempFolder folder;
  const fs::path pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDWR);
  ASSERT_GE(reader, 0);
  write_file(pipe, "bytes");
  EXPECT_TRUE(fs::is_fifo(pipe));
  std::string read(5, ' ');
  if (fs::is_fifo(pipe)) {
    EXPECT_EQ(::read(reader, read.data(), read.size()), 5);
  }
  ::close(reader);
  EXPECT_EQ(read, "bytes");
  EXPECT_EQ(count_files(folder.path()), 1u);
}

TEST(Files, ALinkIsFollowed) {
  const TempFolder folder;
  write_file(folder / "disk/file", "old");
  fs::create_symlink("disk/file", folder / "link");
  write_file(folder / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_file(folder / "disk/file"), "new");
  EXPECT_EQ(count_files(folder / "disk"), 1u);
}

TEST(Files, UnwritablePlacesAreErrors) {
  const TempFolder folder;
  write_file(folder / "file", "x");
  EXPECT_THAT(message_of<Error>([&] { write_file(folder / "file/below", "y"); }),
              HasSubstr("cannot create the folder"));
  EXPECT_THAT(message_of<Error>([&] { write_file("/proc/inlay", "y"); }), HasSubstr("cannot write '/proc/inlay'"));
  fs::create_directories(folder / "taken/inside");
  EXPECT_THAT(message_of<Error>([&] { write_file(folder / "taken", "y"); }), HasSubstr("cannot write"));
  EXPECT_EQ(count_files(folder.path()), 2u);
}

}  // namespace
}  // namespace inlay
