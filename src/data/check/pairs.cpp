// Images without mask, masks without image, and the other things that opening the set warned of.
#include "data/check/checks.h"

namespace inlay {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

void check_pairs(const Survey& survey, std::vector<Finding>& findings) {
  Finding images{"image-without-mask",
                 FindingLevel::warning,
                 "images have no mask and are not used",
                 "add the masks (same name), or remove the images",
                 {}};
  Finding masks{"mask-without-image",
                FindingLevel::warning,
                "masks have no image and are not used",
                "add the images (same name), or remove the masks",
                {}};
  Finding smooth{"smooth-edges",
                 FindingLevel::warning,
                 "masks have smooth (antialiased) edges",
                 "say 'threshold = 127' in dataset.toml, or write indices with --fix",
                 {}};
  Finding others{"opening", FindingLevel::warning, "reading the set left something open", "", {}};
  for (const std::string& warning : survey.warnings) {
    const bool edges = has(warning, "smooth edges");
    Finding& to = edges                            ? smooth
                  : has(warning, " has no mask ")  ? images
                  : has(warning, " has no image ") ? masks
                                                   : others;
    if (!edges) to.places.push_back({"", warning});
  }
  const bool cut =
      std::ranges::any_of(survey.warnings, [](const auto& warning) { return has(warning, "smooth edges"); });
  for (const Look& look : survey.looks)
    if (cut && look.values && look.values->between > 0)
      smooth.places.push_back(
          {look.paths.mask, std::to_string(look.values->between) + " pixels are neither 0 nor 255"});
  for (Finding* finding : {&images, &masks, &smooth, &others}) add_found(std::move(*finding), findings);
}

}  // namespace inlay
