// The classes of data sets that everybody compares on, in the order of their numbers.
#pragma once

#include <span>
#include <string_view>

#include "inlay/dataset.h"

namespace inlay {

/// background, aeroplane, ... tvmonitor: 21, with the colours of VOC.
ClassTable voc_classes();
/// The 11 of the SegNet tutorial, with its colours.
ClassTable camvid_classes();
/// The 19 that are evaluated, in the order of their train ids.
ClassTable cityscapes_classes();
/// 150 of the scene parsing benchmark.
ClassTable ade20k_classes();
/// 171 of COCO-Stuff: the 80 things of COCO, then the stuff.
ClassTable coco_stuff_classes();
/// Background and one class, black and a colour that is seen.
ClassTable two_classes(std::string_view background, std::string_view foreground);

/// Names with the colours of VOC; class 0 is background, and black, when `has_background`.
ClassTable named_classes(std::vector<std::string> names, bool has_background);

/// Value i of a mask is class i, for as many as there are; 255 is ignored.
LabelMap labels_in_order(std::int64_t classes);

}  // namespace inlay
