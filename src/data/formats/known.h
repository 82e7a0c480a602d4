// The formats, a file each.
#pragma once

#include "data/formats/format.h"

namespace inlay {

extern const DataFormat kSplitFile, kDescribedFolder, kYolo, kNnunet, kVoc, kCityscapes, kAde20k, kCocoStuff, kCoco,
    kPanoptic, kPets, kPairLists, kCamvid, kIsbi, kDrive, kKaggle, kLabelme, kFolder;

}  // namespace inlay
