// PASCAL VOC, with class_names.txt as labelme writes it.
#include "base/fail.h"
#include "base/files.h"
#include "data/write/layouts.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

class VocWriter : public LayoutWriter {
 public:
  VocWriter(const ClassTable& classes, fs::path to) : classes_(classes), to_(std::move(to)) {}

  void add(const Outgoing& to, const Sample& sample) override {
    if (sample.image.channels() != 1 && sample.image.channels() != 3)
      fail_input("the image of '{}' has {} channels; JPEG, which VOC's images are, holds 1 or 3", to.name,
                 sample.image.channels());
    require_range(to, sample.image);
    write_picture(to_ / "JPEGImages", to, sample.image, {".jpg"}, ".jpg");
    write_mask(to_ / "SegmentationClass" / (to.name + ".png"), sample.mask);
  }

  void finish(const std::vector<Outgoing>& all) override {
    for (Split split : {Split::train, Split::val, Split::test}) {
      std::string list;
      for (const Outgoing& one : all)
        if (one.split == split) list += one.name + "\n";
      if (!list.empty()) write_file(to_ / "ImageSets/Segmentation" / (std::string(to_string(split)) + ".txt"), list);
    }
    write_file(to_ / "class_names.txt", fmt::format("{}\n", fmt::join(classes_.names, "\n")));
  }

 private:
  ClassTable classes_;
  fs::path to_;
};

}  // namespace

std::unique_ptr<LayoutWriter> voc_writer(const ClassTable& classes, const fs::path& to) {
  return std::make_unique<VocWriter>(classes, to);
}

}  // namespace inlay
