// Samples of a list of names, beside the picture files that there are.
#pragma once

#include "data/formats/format.h"
#include "data/formats/listing.h"
#include "data/formats/sources.h"

namespace inlay {

using Files = std::map<std::string, std::filesystem::path>;  // stem -> path

/// Those of `names` that have an image and a mask. The others are counted in one warning, which names the first and its
/// line. `list`: the file that the names come from.
std::vector<SampleSource> listed_samples(const std::filesystem::path& list, const std::vector<Line>& names,
                                         const Files& images, const Files& masks,
                                         const std::shared_ptr<const LabelMap>& labels,
                                         std::vector<std::string>& warnings);

/// Every image that has a mask of the same stem. The others are counted in one warning.
std::vector<SampleSource> all_samples(const Files& images, const Files& masks,
                                      const std::shared_ptr<const LabelMap>& labels,
                                      std::vector<std::string>& warnings);

/// Throws InputError when no split holds a sample.
void require_samples(const FoundSet& found, const std::filesystem::path& root, std::string_view format);

}  // namespace inlay
