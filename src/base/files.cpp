#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/fail.h"

namespace inlay {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

[[noreturn]] void fail_write(const std::filesystem::path& path, const std::filesystem::path& temporary) {
  const int error = errno;
  ::unlink(temporary.c_str());
  fail("cannot write '{}': {}", path.string(), std::strerror(error));
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) fail_input("'{}' is a folder, a file was expected", path.string());
  std::ifstream in(path, std::ios::binary);
  if (!in) fail_input("cannot read '{}': {}", path.string(), std::strerror(errno));
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (in.bad()) fail_input("cannot read '{}': {}", path.string(), std::strerror(errno));
  return std::move(bytes).str();
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  if (path.has_parent_path()) {
    std::error_code code;
    std::filesystem::create_directories(path.parent_path(), code);
    if (code) fail("cannot create the folder '{}': {}", path.parent_path().string(), code.message());
  }
  // The process number keeps two runs that write the same file from mixing their bytes.
  const std::filesystem::path temporary = path.string() + fmt::format(".{}.tmp", ::getpid());
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) fail("cannot write '{}': {}", path.string(), std::strerror(errno));
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_write(path, temporary);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.get()) != 0 && errno != EINVAL) fail_write(path, temporary);
  if (::close(file.release()) != 0) fail_write(path, temporary);
  if (::rename(temporary.c_str(), path.c_str()) != 0) fail_write(path, temporary);
}

}  // namespace inlay
