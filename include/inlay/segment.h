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
  /// A net whose logits cover less than what it reads (info().size.margin) gets no more than tile x tile pixels at
  /// once, unless it takes none so small: memory stays bounded on large pictures.
  std::int64_t tile = 1024;
  LogSink log;  // is told once that pictures are padded, mirrored or cut into tiles
};

/// What dropout leaves open. (K, H, W) f32 each: mean and variance of the samples' probabilities, sum((p - mean)^2) /
/// T.
struct SampledProbabilities {
  Tensor mean, variance;
};

/// Pictures of any size >= 1x1. A picture is padded at the bottom and right by reflection to sides that
/// info().size takes; results are cropped back. For a net with a margin it is mirrored at all its borders, and a large
/// one cut into tiles, whose logits lie side by side: the overlap-tile strategy of Ronneberger, Fischer and Brox
/// (2015). The result is that of the whole picture, but for rounding. A grey picture is repeated for a model of three
/// channels, RGB becomes luma for a model of one (with_channels); any other number of channels throws InputError.
/// Values are scaled to 0..1 and normalised with info()'s mean and stddev, in its order of channels.
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

  /// Whether sample() has anything to draw.
  bool has_dropout() const;

  /// The most likely class of every pixel; the lower index where two are equal. With one output channel: 1 where the
  /// logit is above 0.
  Mask operator()(const Image& image);
  /// Pictures of one size in one go; throws InputError when sizes differ. Empty: nothing.
  std::vector<Mask> operator()(std::span<const Image> images);
  /// (K, H, W) f32: the softmax over K, or with one output channel the sigmoid: the probability of class 1.
  Tensor probabilities(const Image& image);
  /// The net with its dropout on and everything else as in inference, `samples` times: Monte-Carlo dropout (Gal and
  /// Ghahramani 2016; Kendall, Badrinarayanan and Cipolla, Bayesian SegNet, 2017). Same seed, same numbers. Throws
  /// InputError for a net without dropout.
  SampledProbabilities sample(const Image& image, int samples, std::uint64_t seed = 0);
  /// (K, H, W) f32: what the net says, before softmax or sigmoid.
  Tensor logits(const Image& image);

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

/// The most likely class of every pixel of logits (K, H, W), as Segmenter does it.
Mask most_likely(const Tensor& logits);
/// By the mean; with one channel, 1 where it is above 0.5.
Mask most_likely(const SampledProbabilities& sampled);
/// How far the samples are apart, (H, W, 1) f32 in 0..1: sqrt(sum of the classes' variances), the root mean square
/// distance of a sample's probabilities from their mean. One channel counts as the two classes that it stands for.
Image uncertainty(const SampledProbabilities& sampled);

}  // namespace inlay
