// The kinds of findings, a file each.
#pragma once

#include "data/check/survey.h"

namespace inlay {

using Check = void (*)(const Survey&, std::vector<Finding>&);

void check_opening(const Survey& survey, std::vector<Finding>& findings);
void check_reading(const Survey& survey, std::vector<Finding>& findings);
void check_sizes(const Survey& survey, std::vector<Finding>& findings);
void check_orientation(const Survey& survey, std::vector<Finding>& findings);
void check_channels(const Survey& survey, std::vector<Finding>& findings);
void check_pairs(const Survey& survey, std::vector<Finding>& findings);
void check_mask_values(const Survey& survey, std::vector<Finding>& findings);
void check_empty_masks(const Survey& survey, std::vector<Finding>& findings);
void check_constant_images(const Survey& survey, std::vector<Finding>& findings);
void check_class_shares(const Survey& survey, std::vector<Finding>& findings);
void check_class_parts(const Survey& survey, std::vector<Finding>& findings);
void check_duplicates(const Survey& survey, std::vector<Finding>& findings);
void check_leaks(const Survey& survey, std::vector<Finding>& findings);
void check_telling_names(const Survey& survey, std::vector<Finding>& findings);

/// Pixels of each class over the usable pairs of one part (or all).
std::vector<std::int64_t> class_pixels(const Survey& survey, Split split);

/// A validation or test image and the training image that it repeats, both by their place among the looks.
struct Duplicate {
  std::size_t image, of;
  bool exact;
};
std::vector<Duplicate> find_duplicates(const Survey& survey);

/// Adds `finding` when it has a place.
void add_found(Finding finding, std::vector<Finding>& findings);

}  // namespace inlay
