// A file that takes its name when it is complete.
#pragma once

#include <filesystem>
#include <string_view>

namespace inlay {

class NewFile {
 public:
  /// Opens a temporary file beside `path`, whose missing parent folders are created; a link is followed. Throws Error.
  explicit NewFile(const std::filesystem::path& path);
  /// Removes the temporary file unless it was committed.
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// Open for reading and writing.
  int descriptor() const { return descriptor_; }
  /// For libraries that open files by name.
  const std::filesystem::path& temporary() const { return temporary_; }
  /// Appends. Throws Error that names the path and the reason, as a full disk.
  void write(std::string_view bytes);
  /// Syncs to disk and renames. Throws Error.
  void commit();
  /// Throws Error "cannot write 'path': " and what errno says.
  [[noreturn]] void fail_write() const;

 private:
  std::filesystem::path path_, target_, temporary_;
  int descriptor_ = -1;
};

/// All of it, whatever interrupts; false, with errno set, when it cannot be written.
bool write_all(int descriptor, std::string_view bytes);

}  // namespace inlay
