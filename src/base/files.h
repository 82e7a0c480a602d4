// Reading and writing whole files so that a crash or a full disk leaves either the old file or the new one.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace inlay {

/// The whole file. Throws InputError that names the path when it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Writes to `path` with a temporary suffix, syncs to disk, renames. Throws Error that names the path and the reason;
/// the temporary file is removed then and an existing file at `path` is left as it was. Creates missing parent folders.
/// A link is followed; a device or pipe is written to as it is, for renaming would put a file in its place.
void write_file(const std::filesystem::path& path, std::string_view bytes);
/// The same, for what need not be in memory as a whole: `write` writes to the open file and returns false, with errno
/// set, when it cannot.
void write_file(const std::filesystem::path& path, const std::function<bool(int descriptor)>& write);

}  // namespace inlay
