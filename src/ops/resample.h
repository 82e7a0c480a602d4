// Which input pixels an output pixel of a resize mixes, along one axis.
#pragma once

#include <vector>

#include "graph/operator.h"
#include "inlay/options.h"

namespace inlay {

struct Tap {
  std::int64_t index;
  double weight;
  bool operator==(const Tap&) const = default;
};

/// For each of `out` output positions the input positions (1, 2 or 4 taps; positions outside take the border's value).
/// `scale` 0: out / in.
std::vector<std::vector<Tap>> resample_taps(std::int64_t in, std::int64_t out, double scale,
                                            const Resize2dOptions& options);

/// The resize from one plane size to another that an operator stands for.
struct ResizeGeometry {
  std::int64_t planes, h, w, oh, ow;
  std::vector<std::vector<Tap>> rows, columns;
};

/// resize2d of `x` by the scale or to the size of the options; throws InputError when neither or both are given.
Shape resized_shape(const Shape& x, const Resize2dOptions& options);
/// From `from` to `to`; options.scale sets the positions when it is given.
ResizeGeometry resize_geometry(const Shape& from, const Shape& to, const Resize2dOptions& options);

/// Calls body(index in the source, index in the result, weight) for every product of the resize.
template <class Body>
void for_each_resize_product(const ResizeGeometry& g, Body&& body) {
  for (std::int64_t plane = 0; plane < g.planes; ++plane)
    for (std::int64_t oy = 0; oy < g.oh; ++oy)
      for (std::int64_t ox = 0; ox < g.ow; ++ox)
        for (const Tap& row : g.rows[static_cast<std::size_t>(oy)])
          for (const Tap& column : g.columns[static_cast<std::size_t>(ox)])
            body(static_cast<std::size_t>((plane * g.h + row.index) * g.w + column.index),
                 static_cast<std::size_t>((plane * g.oh + oy) * g.ow + ox), row.weight * column.weight);
}

}  // namespace inlay
