// Many pictures on one, to be looked at.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// Letters of 5x7 pixels, 6 to the next, each pixel enlarged `scale` times; what is not ASCII becomes '?'. What sticks
/// out of the picture (u8, RGB) is not drawn.
void draw_text(Image& picture, std::int64_t y, std::int64_t x, std::string_view text, std::int64_t scale,
               const Color& color);

struct SheetTile {
  Image picture;  // of any size and number of channels: displayed()
  std::string title;
};

struct SheetLegend {
  std::string name;
  Color color{};
};

/// Tiles in rows of `columns`, each fitted into a square of `side` pixels with its title below, and what the colours
/// mean at the end. Small pictures are enlarged with sharp pixels. u8, RGB, dark letters on white.
Image contact_sheet(std::span<const SheetTile> tiles, std::int64_t columns, std::span<const SheetLegend> legend,
                    std::int64_t side = 240);

}  // namespace inlay
