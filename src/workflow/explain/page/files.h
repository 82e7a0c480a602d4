// What the page needs beside its content: src/workflow/explain/page/lecture.css and lecture.js.
#pragma once

#include <string_view>

namespace inlay {

extern const std::string_view kLectureStyle, kLectureScript;

}  // namespace inlay
