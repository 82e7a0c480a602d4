// Random variations of a training sample.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/dataset.h"

namespace inlay {

/// Everything off is the default. Probabilities and shares in 0..1; a range r means uniform in -r..r. Brightness and
/// the like count a picture's values as 0..1.
struct AugmentOptions {
  double flip_horizontal = 0.0, flip_vertical = 0.0;
  bool quarter_turns = false;
  double affine = 0.0, shift = 0.1, scale = 0.1, rotate = 15.0;
  bool random_crop = true;
  double elastic = 0.0, elastic_sigma = 10.0, elastic_grid = 64.0;
  double brightness = 0.0, contrast = 0.0, gamma = 0.0, channel_jitter = 0.0;
  double blur = 0.0, blur_sigma = 1.5;
  double noise = 0.0;
  double jpeg = 0.0, jpeg_quality = 40.0;
  double cutout = 0.0, cutout_holes = 3.0, cutout_size = 0.25;
  bool cutout_ignore = false;
  double class_balance = 0.0;
  double copy_paste = 0.0, paste_regions = 3.0;

  /// Calls field(name, value, lowest, highest, help) for all of them.
  static void visit(auto& self, auto&& field) {
    field("flip_horizontal", self.flip_horizontal, 0.0, 1.0, "probability of a mirror image, left and right");
    field("flip_vertical", self.flip_vertical, 0.0, 1.0, "probability of a mirror image, up and down");
    field("quarter_turns", self.quarter_turns, 0.0, 1.0, "turn by 0, 90, 180 or 270 degrees, equally likely");
    field("affine", self.affine, 0.0, 1.0, "probability of shift, scale and rotation together");
    field("shift", self.shift, 0.0, 1.0, "range, share of the patch's sides");
    field("scale", self.scale, 0.0, 3.0, "range of ln(scale): 0.1 is about 0.9 to 1.1");
    field("rotate", self.rotate, 0.0, 180.0, "range, degrees");
    field("random_crop", self.random_crop, 0.0, 1.0, "a patch from anywhere; false: from the middle");
    field("elastic", self.elastic, 0.0, 1.0, "probability of an elastic deformation");
    field("elastic_sigma", self.elastic_sigma, 0.0, 1000.0, "pixels: deviation of the grid's points");
    field("elastic_grid", self.elastic_grid, 1.0, 10000.0, "pixels between the grid's points");
    field("brightness", self.brightness, 0.0, 1.0, "range of what is added");
    field("contrast", self.contrast, 0.0, 3.0, "range of ln(factor) about the patch's mean");
    field("gamma", self.gamma, 0.0, 3.0, "range of ln(exponent)");
    field("channel_jitter", self.channel_jitter, 0.0, 1.0, "range of what is added, and of ln(factor), each channel");
    field("blur", self.blur, 0.0, 1.0, "probability of a Gaussian blur");
    field("blur_sigma", self.blur_sigma, 0.0, 20.0, "pixels: the strongest blur");
    field("noise", self.noise, 0.0, 1.0, "the largest deviation of the Gaussian noise");
    field("jpeg", self.jpeg, 0.0, 1.0, "probability of JPEG artefacts");
    field("jpeg_quality", self.jpeg_quality, 1.0, 100.0, "the lowest quality; drawn from there to 100");
    field("cutout", self.cutout, 0.0, 1.0, "probability of rectangles that hide the picture");
    field("cutout_holes", self.cutout_holes, 1.0, 100.0, "the most of them");
    field("cutout_size", self.cutout_size, 0.0, 1.0, "the largest, share of the patch's sides");
    field("cutout_ignore", self.cutout_ignore, 0.0, 1.0, "hidden pixels are not learnt; false: they keep their label");
    field("class_balance", self.class_balance, 0.0, 1.0, "share of patches around a pixel of a class, all as often");
    field("copy_paste", self.copy_paste, 0.0, 1.0, "probability that regions of rare classes are pasted in");
    field("paste_regions", self.paste_regions, 1.0, 100.0, "the most regions that are pasted into a patch");
  }

  /// Throws InputError that names the field when a value is out of its range.
  void check() const;
  bool operator==(const AugmentOptions&) const = default;
};

/// Mirror images, small shifts and turns, light and noise: pictures stay upright.
AugmentOptions upright_augmentation();

/// What suits most pictures without a preferred direction: flips, turns, affine and elastic half the time, light and
/// noise.
AugmentOptions standard_augmentation();

/// "none", "upright" or "free" (standard_augmentation()). Throws InputError for anything else.
AugmentOptions parse_augmentation(std::string_view policy);

/// One field by its name. Throws InputError, which names it, for an unknown one (with the nearest) and a wrong value.
void set_augmentation(AugmentOptions& options, std::string_view name, std::string_view value);

struct AugmentField {
  std::string name, value, help;
  double lowest, highest;
};
/// All fields, in order.
std::vector<AugmentField> list_augmentation(const AugmentOptions& options = {});

/// "flip_horizontal 0.5, affine 0.5, ...": the fields that differ from their defaults; "none" when none does.
std::string describe(const AugmentOptions& options);

/// A height x width patch of the sample. Flips, turns, shift/scale/rotation, elastic deformation and crop are composed
/// into one warp, so pixels are resampled once: the picture bilinearly, the mask by the nearest pixel, with the same
/// positions, and both reflected at the border (so no value enters the mask that was not there; a patch larger than the
/// picture is filled by reflection). A warp that moves pixels by whole steps only copies them exactly. Then blur;
/// contrast, brightness, channel jitter, gamma and noise; JPEG artefacts; cutout (DeVries and Taylor 2017), whose holes
/// get each channel's mean. The result's picture is f32 in 0..1, clamped. Depends on sample, options, size and `key`
/// alone; each step draws from a stream of its own, so that one option does not change what the others do. Elastic:
/// displacements drawn from a normal distribution on a coarse grid, interpolated bicubically (cubic B-spline) (Simard,
/// Steinkraus and Platt, ICDAR 2003; grid as in Ronneberger, Fischer and Brox, MICCAI 2015, section 3.1).
///
/// `class_balance` and `copy_paste` need other samples: the Loader sees to them.
Sample augment(const Sample& sample, const AugmentOptions& options, std::int64_t height, std::int64_t width,
               std::uint64_t key);

}  // namespace inlay
