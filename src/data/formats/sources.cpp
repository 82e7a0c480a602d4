#include "data/formats/sources.h"

namespace inlay {

SampleSource file_source(std::string name, Page image, Page mask, std::shared_ptr<const LabelMap> labels) {
  SamplePaths paths{std::move(name), image.file, mask.file};
  return {std::move(paths), [image = std::move(image)] { return read_image_page(image); },
          [mask = std::move(mask), labels = std::move(labels)] {
            return labels->apply(read_raw_mask_page(mask), mask.file);
          }};
}

}  // namespace inlay
