#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
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

[[noreturn]] void fail_write(const std::filesystem::path& path) {
  fail("cannot write '{}': {}", path.string(), std::strerror(errno));
}

[[noreturn]] void fail_read(const std::filesystem::path& path) {
  fail_input("cannot read '{}': {}", path.string(), std::strerror(errno));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

using Writer = std::function<bool(int descriptor)>;

void write_in_place(const std::filesystem::path& path, const Writer& write) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0 || !write(file.get()) || ::close(file.release()) != 0) fail_write(path);
}

/// The new name lasts through a power cut once the folder is on disk too. Where a folder cannot be synced there is no
/// more to do: the bytes are on disk already, under one name or the other.
void sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

bool write_and_rename(const std::filesystem::path& path, const std::filesystem::path& temporary, const Writer& write) {
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  return file.get() >= 0 && write(file.get()) && (::fsync(file.get()) == 0 || errno == EINVAL) &&
         ::close(file.release()) == 0 && ::rename(temporary.c_str(), path.c_str()) == 0;
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  constexpr std::size_t kChunk = 1 << 16;
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) fail_input("'{}' is a folder, a file was expected", path.string());
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail_read(path);
  const std::uintmax_t size =
      std::filesystem::file_size(path, code);  // none of pipes, 0 of files that the system makes
  std::string bytes(code || size == 0 ? kChunk : size + 1, '\0');
  for (std::size_t count = 0;;) {
    const ssize_t got = ::read(file.get(), bytes.data() + count, bytes.size() - count);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_read(path);
    count += static_cast<std::size_t>(got);
    if (got == 0) {
      bytes.resize(count);
      return bytes;
    }
    if (count == bytes.size()) bytes.resize(2 * count);
  }
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  write_file(path, [bytes](int descriptor) { return write_all(descriptor, bytes); });
}

void write_file(const std::filesystem::path& path, const Writer& write) {
  if (path.has_parent_path()) {
    std::error_code code;
    std::filesystem::create_directories(path.parent_path(), code);
    if (code) fail("cannot create the folder '{}': {}", path.parent_path().string(), code.message());
  }
  namespace fs = std::filesystem;
  std::error_code code;
  const fs::file_type kind = fs::status(path, code).type();  // of what a link points to
  if (kind == fs::file_type::character || kind == fs::file_type::fifo || kind == fs::file_type::block)
    return write_in_place(path, write);
  const fs::path target = kind == fs::file_type::regular && fs::is_symlink(path, code) ? fs::canonical(path) : path;
  // The process number keeps two runs that write the same file from mixing their bytes.
  const fs::path temporary = target.string() + fmt::format(".{}.tmp", ::getpid());
  if (write_and_rename(target, temporary, write)) return sync_folder(target.parent_path());
  const int error = errno;
  ::unlink(temporary.c_str());
  errno = error;
  fail_write(path);
}

}  // namespace inlay
