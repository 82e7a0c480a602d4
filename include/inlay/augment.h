// Random variations of a training sample.
#pragma once

#include <cstdint>

#include "inlay/dataset.h"

namespace inlay {

/// Everything off is the default. Probabilities in 0..1; a range r means uniform in -r..r.
struct AugmentOptions {
  double flip_horizontal = 0.0;  // probability
  double flip_vertical = 0.0;    // probability
  bool quarter_turns = false;    // 0, 90, 180 or 270 degrees, equally likely
  double affine = 0.0;           // probability of shift, scale and rotation together
  double shift = 0.1;            // range, share of the patch's sides
  double scale = 0.1;            // range of ln(scale): 0.1 is about 0.9..1.1
  double rotate = 15.0;          // range, degrees
  bool random_crop = true;       // false: the middle of the image
  double elastic = 0.0;          // probability
  double elastic_sigma = 10.0;   // pixels: standard deviation of the displacement at the grid's points
  double elastic_grid = 64.0;    // pixels between the grid's points
  double brightness = 0.0;       // range, added; values count as 0..1
  double contrast = 0.0;         // range of ln(factor) about the picture's mean
  double gamma = 0.0;            // range of ln(exponent)
  double noise = 0.0;            // largest standard deviation of the Gaussian noise; each sample draws its own up to it

  /// Throws InputError that names the field when a value is out of its range.
  void check() const;
};

/// What suits most pictures without a preferred direction: flips, turns, affine and elastic half the time, light and
/// noise.
AugmentOptions standard_augmentation();

/// A height x width patch of the sample. Flips, turns, shift/scale/rotation, elastic deformation and crop are composed
/// into one warp, so pixels are resampled once: the picture bilinearly, the mask by the nearest pixel, with the same
/// positions, and both reflected at the border (so no value enters the mask that was not there; a patch larger than the
/// picture is filled by reflection). A warp that moves pixels by whole steps only copies them exactly. Then contrast,
/// brightness, gamma, noise. The result's picture is f32 in 0..1, clamped. Depends on sample, options, size and `key`
/// alone. Elastic: displacements drawn from a normal distribution on a coarse grid, interpolated bicubically (cubic
/// B-spline) (Simard, Steinkraus and Platt, ICDAR 2003; grid as in Ronneberger, Fischer and Brox, MICCAI 2015,
/// section 3.1).
Sample augment(const Sample& sample, const AugmentOptions& options, std::int64_t height, std::int64_t width,
               std::uint64_t key);

}  // namespace inlay
