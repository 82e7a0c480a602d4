#include "base/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/fail.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

/// The new name lasts through a power cut once the folder is on disk too. Where a folder cannot be synced there is no
/// more to do: the bytes are on disk already, under one name or the other.
void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

NewFile::NewFile(const fs::path& path) : path_(path) {
  std::error_code code;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), code);
  if (code) fail("cannot create the folder '{}': {}", path.parent_path().string(), code.message());
  target_ = fs::is_symlink(path, code) && fs::is_regular_file(path, code) ? fs::canonical(path) : path;
  // Nobody else has the name, so two runs that write the same file do not mix their bytes; the process number alone
  // would not do, since containers that share a folder may have the same.
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    const std::string name = target_.string() + fmt::format(".{}.{}.tmp", ::getpid(), attempt);
    descriptor_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor_ >= 0) temporary_ = name;
    if (descriptor_ < 0 && errno != EEXIST) fail_write();
  }
}

NewFile::~NewFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void NewFile::write(std::string_view bytes) {
  if (!write_all(descriptor_, bytes)) fail_write();
}

void NewFile::commit() {
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail_write();
  if (::close(std::exchange(descriptor_, -1)) != 0 || ::rename(temporary_.c_str(), target_.c_str()) != 0) fail_write();
  temporary_.clear();
  sync_folder(target_.parent_path());
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void NewFile::fail_write() const { fail("cannot write '{}': {}", path_.string(), std::strerror(errno)); }

}  // namespace inlay
