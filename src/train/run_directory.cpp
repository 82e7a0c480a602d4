#include "train/run_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/fail.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

void check_empty(const fs::path& path) {
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name == "lock" || name == "config.toml") continue;
    fail_input("the folder '{}' holds files of an earlier run ({}); resume that run, or choose another folder",
               path.string(), name);
  }
}

void check_state(const fs::path& path, const fs::path& state) {
  if (!fs::exists(state))
    fail_input("there is nothing to resume in '{}': it has no {}; start the run without resuming", path.string(),
               state.filename().string());
}

int lock_folder(const fs::path& path) {
  const fs::path file = path / "lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) fail("cannot open '{}': {}", file.string(), std::strerror(errno));
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  const int error = errno;
  ::close(lock);
  if (error == EWOULDBLOCK)
    fail_input("another process is training in '{}'; wait for it, or choose another folder", path.string());
  fail("cannot lock '{}': {}", file.string(), std::strerror(error));
}

}  // namespace

RunDirectory::RunDirectory(const fs::path& path, bool resume) : path_(path) {
  std::error_code code;
  if (fs::exists(path, code) && !fs::is_directory(path, code))
    fail_input("'{}' is no folder; a run needs one", path.string());
  if (resume) check_state(path, state());
  fs::create_directories(path, code);
  if (code) fail("cannot create the folder '{}': {}", path.string(), code.message());
  const int lock = lock_folder(path);
  try {
    if (!resume) check_empty(path);
  } catch (const std::exception&) {
    ::close(lock);
    throw;
  }
  lock_ = lock;
}

// The lock goes with the descriptor. The file stays: removing it would let a third process lock a file without a name.
RunDirectory::~RunDirectory() { ::close(lock_); }

}  // namespace inlay
