// Run lengths: how COCO and Kaggle write down the pixels of an object.
//
// All of them go through a picture column by column, from the top of each. Counts are the lengths of the runs of pixels
// that are not of the object and that are, in turn, starting with those that are not (the first may be 0); they are
// what COCO's JSON calls "counts".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/image.h"

namespace inlay {

using Counts = std::vector<std::int64_t>;

/// The counts of the pixels that have `label`.
Counts coco_counts(const Mask& mask, std::uint8_t label);

/// Gives the object's pixels the label and leaves the others as they are. Throws InputError when a count is below 0 or
/// when they do not add up to the mask's pixels.
void paint(std::span<const std::int64_t> counts, std::uint8_t label, Mask& mask);

/// The pixels of the object.
std::int64_t area_of(std::span<const std::int64_t> counts);

/// COCO's compressed form: each count, from the third on its difference to the one two before it, in groups of 5 bits
/// from the lowest up, a character each (48 + bits, + 32 when more follow).
std::string coco_string(std::span<const std::int64_t> counts);
/// Throws InputError for characters that are none of these, for a text that ends within a number, and for counts below
/// 0 or above 2^32.
Counts parse_coco_string(std::string_view text);

/// Kaggle's form: pairs "start length" of the object's runs, the first pixel being number 1; "" for no pixel.
std::string kaggle_rle(std::span<const std::int64_t> counts);
/// `pixels`: of the whole picture. Throws InputError for what is no pair of whole numbers, for runs that overlap or are
/// not in ascending order, and for those that leave the picture.
Counts parse_kaggle_rle(std::string_view text, std::int64_t pixels);

}  // namespace inlay
