// A plain folder (inlay/dataset.h).
#include "base/fail.h"
#include "base/files.h"
#include "data/write/layouts.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

class FolderWriter : public LayoutWriter {
 public:
  FolderWriter(const ClassTable& classes, fs::path to) : classes_(classes), to_(std::move(to)) {}

  void add(const Outgoing& to, const Sample& sample) override {
    const fs::path place = to_ / to_string(to.split);
    write_picture(place / "images", to, sample.image, {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"},
                  ".png");
    write_mask(place / "masks" / (to.name + ".png"), sample.mask, classes_.colors);
  }

  void finish(const std::vector<Outgoing>&) override {
    std::string text = "# index name r g b\n";
    for (std::size_t i = 0; i < classes_.names.size(); ++i) {
      const Color& color = classes_.colors[i];
      text += fmt::format("{} {} {} {} {}\n", i, classes_.names[i], color[0], color[1], color[2]);
    }
    write_file(to_ / "classes.txt", text);
  }

 private:
  ClassTable classes_;
  fs::path to_;
};

}  // namespace

std::unique_ptr<LayoutWriter> folder_writer(const ClassTable& classes, const fs::path& to) {
  return std::make_unique<FolderWriter>(classes, to);
}

}  // namespace inlay
