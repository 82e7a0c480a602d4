#include "ops/crop_like_geometry.h"

#include "base/fail.h"

namespace inlay {

Size2 crop_like_start(const CropLikeOptions& options, const Shape& large, const Shape& small) {
  if (options.offset < -1) fail_input("the offset is {}, expected >= 0, or -1 for the middle", options.offset);
  if (small[2] > large[2] || small[3] > large[3])
    fail_input("{}x{} does not fit into {}x{}", small[2], small[3], large[2], large[3]);
  if (options.offset < 0) return {(large[2] - small[2]) / 2, (large[3] - small[3]) / 2};
  if (options.offset > large[2] - small[2] || options.offset > large[3] - small[3])
    fail_input("{}x{} from row and column {} on does not fit into {}x{}", small[2], small[3], options.offset, large[2],
               large[3]);
  return options.offset;
}

}  // namespace inlay
