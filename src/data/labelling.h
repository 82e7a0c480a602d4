// Which class a mask's values mean, from the class file and, where it leaves that open, from the masks (rules:
// inlay/dataset.h).
#pragma once

#include "data/class_file.h"
#include "image/pages.h"

namespace inlay {

struct Labelling {
  ClassTable classes;
  LabelMap labels;
  std::vector<std::string> warnings;
};

/// True when red, green and blue are equal in every pixel of an RGB mask.
bool is_grey(const RawMask& rgb);

/// Of values here and there in masks that are black and white otherwise: an error, or left to whoever reads the masks.
enum class Stray { refused, left };

/// `masks`: of the whole set. Throws InputError that names the mask which fits no rule.
Labelling resolve_labels(const ClassFile& file, const std::vector<Page>& masks, Stray stray = Stray::refused);

}  // namespace inlay
