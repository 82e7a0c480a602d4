// The cases of nnU-Net's raw data: for each an image, in a file for every channel, and a file of labels. Files are
// pictures, or volumes whose slices are samples.
#pragma once

#include "data/formats/format.h"

namespace inlay {

/// Of the cases that dataset.json describes.
struct CaseFiles {
  std::size_t channels = 0;
  std::string ending;  // ".png", ".nii.gz"
};

struct Case {
  std::string name;
  std::vector<SampleSource> samples;  // one, or one for every slice, named CASE_07
};

/// ".nii" and ".nii.gz".
bool is_volume(std::string_view name);

/// The cases of labels that have an image; a warning names the others. Throws InputError that names the files when
/// image and labels have different numbers of slices.
std::vector<Case> find_cases(const std::filesystem::path& images, const std::filesystem::path& masks,
                             const CaseFiles& about, const std::shared_ptr<const LabelMap>& labels,
                             std::vector<std::string>& warnings);

}  // namespace inlay
