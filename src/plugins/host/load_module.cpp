#include "plugins/host/load_module.h"

#include <dlfcn.h>

#include <filesystem>
#include <vector>

#include "base/fail.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> places_of(const std::string& file) {
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code).parent_path();
  return {program / file, program.parent_path() / "lib" / "inlay" / file, fs::path(INLAY_MODULES) / file};
}

}  // namespace

const void* load_module(const ModuleName& module) {
  const std::string file = fmt::format("libinlay_{}.so", module.name);
  std::string reason;
  for (const fs::path& place : places_of(file)) {
    std::error_code code;
    if (!fs::exists(place, code)) continue;
    void* library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* function = library == nullptr ? nullptr : ::dlsym(library, module.function.c_str());
    if (function != nullptr) return reinterpret_cast<const void* (*)()>(function)();
    reason = ::dlerror();
    break;
  }
  if (reason.empty()) reason = fmt::format("there is no '{}' beside the program or in '{}'", file, INLAY_MODULES);
  fail_input("{} needs Debian's {}, which may be missing ({}); try: apt-get install {}", module.purpose, module.package,
             reason, module.package);
}

}  // namespace inlay
