#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/fail.h"
#include "base/new_file.h"

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

using Writer = std::function<bool(int descriptor)>;

void write_in_place(const std::filesystem::path& path, const Writer& write) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0 || !write(file.get()) || ::close(file.release()) != 0) fail_write(path);
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
  namespace fs = std::filesystem;
  std::error_code code;
  const fs::file_type kind = fs::status(path, code).type();  // of what a link points to
  if (kind == fs::file_type::character || kind == fs::file_type::fifo || kind == fs::file_type::block)
    return write_in_place(path, write);
  NewFile file(path);
  if (!write(file.descriptor())) file.fail_write();
  file.commit();
}

}  // namespace inlay
