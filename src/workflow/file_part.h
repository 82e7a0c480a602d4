// Names of classes and layers in the names of files.
#pragma once

#include <cctype>
#include <string>

namespace inlay::workflow {

/// Everything but letters and digits becomes '-'.
inline std::string file_part(std::string text) {
  for (char& c : text)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '-';
  return text;
}

}  // namespace inlay::workflow
