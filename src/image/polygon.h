// Which pixels a polygon covers. There is no one answer for those on its border: two that people compare with are here.
#pragma once

#include <cstdint>
#include <span>

#include "inlay/image.h"

namespace inlay {

/// In pixels; (0, 0) is the corner of the first pixel for COCO, its middle for labelme.
struct Point {
  double x = 0, y = 0;
};

/// A corner on the grid that COCO's masks are worked out on: 5 times as fine as the pixels.
struct FinePoint {
  std::int32_t x = 0, y = 0;
};

/// Throws InputError for a coordinate that is not finite or beyond 10^6 pixels.
FinePoint fine_point(Point point);

/// As the COCO API draws (its mask.frPyObjects): the outline is walked in steps of a fifth of a pixel, and where it
/// passes the middle of a column, the pixels below change between inside and outside. Thin parts between two middles
/// vanish. Nothing for fewer than 3 corners.
void paint_coco_polygon(std::span<const FinePoint> corners, std::uint8_t label, Mask& mask);

/// As labelme draws (PIL's ImageDraw.polygon with outline and fill, which cuts coordinates to whole numbers): all
/// pixels that the outline passes and those inside it. Throws InputError as fine_point() does.
void paint_outlined_polygon(std::span<const Point> corners, std::uint8_t label, Mask& mask);

/// PIL's ImageDraw.rectangle: both corners' pixels are part of it. Any two opposite corners.
void paint_rectangle(Point a, Point b, std::uint8_t label, Mask& mask);

/// About as PIL's ImageDraw.ellipse draws one within the square of whole pixels around it: all pixels that its outline
/// passes and those inside it.
void paint_circle(Point centre, double radius, std::uint8_t label, Mask& mask);

}  // namespace inlay
