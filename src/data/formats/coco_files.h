// Where the files of a data set in COCO's way lie: JSON in annotations/ or beside the images, a file for every split.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace inlay {

struct CocoFile {
  std::filesystem::path json;
  std::size_t split = 0;  // train, val, test
  std::string name;       // "train2017" of instances_train2017.json, else the file's stem
};

/// Those that list images and objects. Of several kinds of one data set (instances, stuff, others) the first is taken;
/// captions, keypoints and lists of images alone are none. Never throws.
std::vector<CocoFile> coco_files(const std::filesystem::path& root);
/// panoptic_*.json with a folder of the same stem. Never throws.
std::vector<CocoFile> panoptic_files(const std::filesystem::path& root);

/// The folders in which the images of `file` may lie, the likeliest first.
std::vector<std::filesystem::path> image_folders(const std::filesystem::path& root, const CocoFile& file);

/// The first of the folders that has the file goes to the front; empty when none has.
std::filesystem::path find_in(std::vector<std::filesystem::path>& folders, const std::filesystem::path& file);

}  // namespace inlay
