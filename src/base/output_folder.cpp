#include "base/output_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/fail.h"

namespace inlay {

namespace fs = std::filesystem;

void require_empty(const fs::path& path) {
  std::error_code code;
  if (fs::exists(path, code) && !(fs::is_directory(path, code) && fs::is_empty(path, code)))
    fail_input("'{}' is there already and not empty; choose another folder", path.string());
}

// The lock lies on the folder itself, so that no file of it stays behind. Of two runs, the one that comes late finds
// the folder locked, or filled; some network file systems lock no folders, and there the second check has to do.
OutputFolder::OutputFolder(const fs::path& path) {
  std::error_code code;
  require_empty(path);
  fs::create_directories(path, code);
  if (code) fail("cannot create the folder '{}': {}", path.string(), code.message());
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) fail("cannot open the folder '{}': {}", path.string(), std::strerror(errno));
  try {
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
      fail_input("another run is writing into '{}'; wait for it, or choose another folder", path.string());
    require_empty(path);
  } catch (const InputError&) {
    ::close(descriptor_);
    throw;
  }
}

OutputFolder::~OutputFolder() { ::close(descriptor_); }

}  // namespace inlay
