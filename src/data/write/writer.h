// What the layouts that data sets are written in share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inlay/dataset.h"

namespace inlay {

/// A sample on its way out.
struct Outgoing {
  Split split = Split::train;
  std::string name;            // no other of this folder has it
  std::filesystem::path file;  // that the image may come from
};

class LayoutWriter {
 public:
  virtual ~LayoutWriter() = default;
  /// Called for many samples at once, each once.
  virtual void add(const Outgoing& to, const Sample& sample) = 0;
  /// After all samples: lists and descriptions. `all`: in the data set's order.
  virtual void finish(const std::vector<Outgoing>& all) = 0;
};

/// FOLDER/NAME with the extension that suits: a copy of the file where it holds exactly this image in one of `copied`
/// (".jpg", ...), else `extension`, or TIFF for what only that holds. Gives the file's name.
std::string write_picture(const std::filesystem::path& folder, const Outgoing& to, const Image& image,
                          std::initializer_list<std::string_view> copied, std::string_view extension);

/// Throws InputError for values outside of 0..1, in layouts whose pictures cannot be TIFF.
void require_range(const Outgoing& to, const Image& image);

/// Names of the classes that a layout with a background of its own numbers from 1; class 0 is the background then, or
/// comes first among them.
struct Foreground {
  std::vector<std::string> names;
  int shift = 0;  // what is added to a class' number
};
Foreground foreground_of(const ClassTable& classes);

}  // namespace inlay
