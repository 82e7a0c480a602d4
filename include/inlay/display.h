// Pictures of any number of channels for people to look at.
#pragma once

#include "inlay/image.h"

namespace inlay {

/// 8 bits and three channels: grey is copied; of four and more the first three are shown, of two the first. Values
/// beyond 0..1, and those of pictures that have not 1 or 3 channels, are stretched channel by channel, so that their
/// hundredth part is black and their last hundredth white.
Image displayed(const Image& image);

}  // namespace inlay
