// Labels the pixels of pictures with a trained model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "inlay/image.h"
#include "inlay/log.h"
#include "inlay/model.h"

namespace inlay {

struct SegmenterOptions {
  int threads = 0;  // 0: all cores
  std::size_t cached_programs =
      4;             // input shapes that stay ready to run, at least 1; the least recently used goes first
  bool tune = true;  // as in ProgramOptions
  LogSink log;       // is told once that pictures are padded
};

/// Pictures of any size >= 1x1. A picture is padded at the bottom and right by reflection to sides that
/// info().size takes; results are cropped back. A grey picture is repeated for a model of three channels,
/// RGB becomes luma for a model of one (with_channels); any other number of channels throws InputError. Values are
/// scaled to 0..1 and normalised with info()'s mean and stddev, in its order of channels.
///
/// One Segmenter serves one thread at a time. The model's numbers are packed when a picture's size is first seen:
/// changes that are made to the tensors later are not noticed.
class Segmenter {
 public:
  /// Errors as load_model(). Throws InputError when the model has no input "image" and output "logits" of rank 4, or
  /// its normalisation does not fit its channels.
  explicit Segmenter(const std::filesystem::path& model, const SegmenterOptions& options = {});
  explicit Segmenter(Model model, const SegmenterOptions& options = {});
  ~Segmenter();
  Segmenter(Segmenter&&) noexcept;
  Segmenter& operator=(Segmenter&&) noexcept;

  const ModelInfo& info() const;
  /// What the mask's values range over: the output channels, or 2 for a model with one.
  std::int64_t classes() const;

  /// The most likely class of every pixel; the lower index where two are equal. With one output channel: 1 where the
  /// logit is above 0.
  Mask operator()(const Image& image);
  /// Pictures of one size in one go; throws InputError when sizes differ. Empty: nothing.
  std::vector<Mask> operator()(std::span<const Image> images);
  /// (K, H, W) f32: the softmax over K, or with one output channel the sigmoid: the probability of class 1.
  Tensor probabilities(const Image& image);
  /// (K, H, W) f32: what the net says, before softmax or sigmoid.
  Tensor logits(const Image& image);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// The most likely class of every pixel of logits (K, H, W), as Segmenter does it.
Mask most_likely(const Tensor& logits);

}  // namespace inlay
