// From pixels to the numbers that a net reads.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "inlay/channel_order.h"
#include "inlay/image.h"
#include "inlay/model.h"

namespace inlay {

/// Per channel of the net, of values in 0..1.
struct Normalisation {
  std::vector<double> mean, stddev;
  ChannelOrder order = ChannelOrder::rgb;
};

/// The model's, and what changes nothing where it has none. Throws InputError when it does not fit its channels.
Normalisation normalisation_of(const Model& model);

/// A part of the plane around a picture: its first pixel and its size. The picture begins at (0, 0) and is reflected at
/// its edges as often as it takes (reflect_index).
struct PictureWindow {
  std::int64_t top = 0, left = 0, height = 0, width = 0;
};

/// Some rows of a picture, from `first` on; it has `height` of them.
struct PictureRows {
  Image image;
  std::int64_t first = 0, height = 0;
};

class PictureInput {
 public:
  explicit PictureInput(Normalisation normalisation);

  /// Writes the window of the picture, which has as many channels as the normalisation, as (C, height, width) to
  /// `planes`: (value - mean) / stddev, in the order of the net's channels.
  void fill(const Image& image, const PictureWindow& window, std::span<float> planes) const {
    fill(PictureRows{image, 0, image.height()}, window, planes);
  }
  /// The rows must hold all that the window reads.
  void fill(const PictureRows& rows, const PictureWindow& window, std::span<float> planes) const;

 private:
  Normalisation normalisation_;
  std::vector<std::array<float, 256>> bytes_;  // by channel: what becomes of an 8-bit value
};

}  // namespace inlay
