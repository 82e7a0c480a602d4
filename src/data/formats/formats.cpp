#include "data/formats/formats.h"

#include <array>

#include "base/fail.h"
#include "data/formats/known.h"
#include "data/formats/listing.h"

namespace inlay {
namespace {

// Where two recognise a folder, the first of them reads it: what is said outright goes before what is guessed from
// names, and the plain folder comes last because others have folders named images, too.
constexpr std::array kFormats{&kSplitFile,  &kDescribedFolder, &kYolo,      &kNnunet, &kVoc,
                              &kCityscapes, &kAde20k,          &kCocoStuff, &kCoco,   &kPanoptic,
                              &kPets,       &kCamvid,          &kPairLists, &kIsbi,   &kDrive,
                              &kKaggle,     &kLabelme,         &kFolder};

}  // namespace

const DataFormat& format_of(const std::filesystem::path& root) {
  for (const DataFormat* format : kFormats)
    if (format->recognises(root)) return *format;
  std::string known;
  for (const DataFormat* format : kFormats) known += fmt::format("\n  {:<16} {}", format->name, format->layout);
  fail_input("'{}' is laid out in no way that is known; found: {}; known are:{}", root.string(), list_of_entries(root),
             known);
}

}  // namespace inlay
