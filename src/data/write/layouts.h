// The layouts, a file each.
#pragma once

#include <memory>

#include "data/write/writer.h"

namespace inlay {

/// Each writes below `to`.
std::unique_ptr<LayoutWriter> folder_writer(const ClassTable& classes, const std::filesystem::path& to);
std::unique_ptr<LayoutWriter> voc_writer(const ClassTable& classes, const std::filesystem::path& to);
std::unique_ptr<LayoutWriter> coco_writer(const ClassTable& classes, const std::filesystem::path& to);
std::unique_ptr<LayoutWriter> nnunet_writer(const ClassTable& classes, const std::filesystem::path& to);

}  // namespace inlay
