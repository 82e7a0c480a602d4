// Shared libraries that are loaded when they are first needed: what they pull in would make every start slow.
#pragma once

#include <string>

namespace inlay {

/// A file libinlay_NAME.so, looked for beside the program, in its ../lib/inlay, and where Inlay was installed, and the
/// function in it.
struct ModuleName {
  std::string name, function;
  std::string purpose;  // "reading GeoTIFF"
  std::string package;  // Debian's, that it needs
};

/// What the function returns. The module stays loaded. Throws InputError that says what to do.
const void* load_module(const ModuleName& module);

}  // namespace inlay
