// Writing a data set in a form that others read: labels as they are, pictures without loss where the form allows it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "inlay/dataset.h"

namespace inlay {

/// folder:  SPLIT/images/ and SPLIT/masks/ (index PNG), classes.txt.
/// voc:     JPEGImages/ (JPEG), SegmentationClass/, ImageSets/Segmentation/, class_names.txt.
/// coco:    images/SPLIT/, annotations/instances_SPLIT.json: for each class of an image its pixels as compressed run
///          lengths; ignored pixels as a crowd.
/// nnunet:  dataset.json, imagesTr/ and labelsTr/ (train and val, told apart by splits_final.json), imagesTs/ and
///          labelsTs/ (test); ignored pixels are the label "ignore" behind the others.
/// COCO and nnU-Net have a background beside the classes: there, classes are numbered from 1 unless class 0 is named
/// "background".
enum class DataLayout { folder, voc, coco, nnunet };

/// "folder", "voc", "coco" or "nnunet"; anything else throws InputError.
DataLayout parse_data_layout(std::string_view text);

/// Every split of the set into the folder `to`, which is made. A picture file that holds a sample's image as it is, is
/// copied; other images are written as PNG, or TIFF beyond three channels. A name that stands for several samples of a
/// folder gets its split before it. `done(n)` is called now and then after n samples. Throws InputError when `to` is
/// there and not empty, when a sample cannot be read, and when the layout cannot hold an image.
void write_dataset(const Dataset& dataset, DataLayout layout, const std::filesystem::path& to,
                   const std::function<void(std::int64_t done)>& done = {});

}  // namespace inlay
