// Labels the pixels of pictures with a trained model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "inlay/image.h"
#include "inlay/log.h"
#include "inlay/model.h"
#include "inlay/picture_stream.h"

namespace inlay {

/// Test-time augmentation: the mean of what the net says of the picture and of its mirror images, or of all eight ways
/// to turn and mirror it (the dihedral group of the square), turned back.
enum class TestAugmentation { none, flips, d4 };

struct SegmenterOptions {
  int threads = 0;                  // 0: all cores
  std::size_t cached_programs = 4;  // input shapes that stay ready to run, or as many as one picture takes; the least
                                    // recently used goes first
  bool tune = true;                 // as in ProgramOptions
  /// Larger pictures are cut into tiles of at most tile x tile pixels, unless the net takes none so small. 0: where
  /// `memory` asks for it; a net whose logits cover less than what it reads (info().size.margin) always gets tiles of
  /// at most 1024.
  std::int64_t tile = 0;
  /// Of neighbouring tiles, in pixels, for nets without a margin; -1: as far as a tile's edge is felt on both sides
  /// (the receptive field), but at most half a tile.
  std::int64_t overlap = -1;
  /// Bytes that the process may take; 0: no limit. Pictures that need more when they are labelled whole are cut into
  /// the largest tiles that do not.
  std::int64_t memory = 0;
  TestAugmentation augmentation = TestAugmentation::none;
  /// Test-time augmentation too: each picture is also labelled at these multiples of its size (resize()), by any
  /// augmentation, and the probabilities are brought back to its own and averaged (Zhao et al., PSPNet, CVPR 2017; Chen
  /// et al., DeepLabv3, 2017). Different ones of 0.25 to 4, 1 among them.
  std::vector<double> scales{1.0};
  LogSink log;  // is told once that pictures are padded, mirrored or cut into tiles
};

/// What dropout leaves open. (K, H, W) f32 each: mean and variance of the samples' probabilities, sum((p - mean)^2) /
/// T.
struct SampledProbabilities {
  Tensor mean, variance;
};

/// Some rows of a picture and what is said of them.
struct SegmentedRows {
  std::int64_t top = 0;  // the first one's number
  Image pixels;          // as they were read
  Mask mask;
  Tensor probabilities;  // (K, rows, W) f32, where they were asked for
  Image uncertainty;     // (rows, W, 1) f32, of samples
};

struct StreamRequest {
  bool probabilities = false;
  int samples = 0;  // above 0: of Monte-Carlo dropout, as Segmenter::sample()
  std::uint64_t seed = 0;
  std::int64_t other_bytes = 0;  // memory that the caller takes meanwhile: so much less is left of options.memory
  std::function<bool(std::int64_t done, std::int64_t runs)> progress;  // runs of a net; false: stop
};

/// A picture is read once for each model.
using OpenPicture = std::function<std::unique_ptr<PictureReader>()>;

/// Pictures of any size >= 1x1. A picture is padded at the bottom and right by reflection to sides that
/// info().size takes; results are cropped back. For a net with a margin it is mirrored at all its borders, and a large
/// one cut into tiles, whose logits lie side by side: the overlap-tile strategy of Ronneberger, Fischer and Brox
/// (2015). The result is that of the whole picture, but for rounding.
///
/// For other nets the tiles of a large picture overlap, and their logits are blended by Gaussian weights that favour a
/// tile's middle (nnU-Net). The result is that of the whole picture, but for rounding, where the overlap is twice the
/// net's reach; where it is less, pixels near the tiles' edges differ. A net with a global pooling sees one tile at a
/// time instead of the picture.
///
/// A grey picture is repeated for a model of three channels, RGB becomes luma for a model of one (with_channels); any
/// other number of channels throws InputError. Values are scaled to 0..1 and normalised with info()'s mean and stddev,
/// in its order of channels.
///
/// Several models are an ensemble: probabilities are the mean of theirs.
///
/// One Segmenter serves one thread at a time. The model's numbers are packed when a picture's size is first seen:
/// changes that are made to the tensors later are not noticed.
class Segmenter {
 public:
  /// Errors as load_model(). Throws InputError when the model has no input "image" and output "logits" of rank 4, or
  /// its normalisation does not fit its channels.
  explicit Segmenter(const std::filesystem::path& model, const SegmenterOptions& options = {});
  explicit Segmenter(Model model, const SegmenterOptions& options = {});
  /// Throws InputError when there is none or they do not tell the same classes apart.
  explicit Segmenter(std::vector<Model> models, const SegmenterOptions& options = {});
  ~Segmenter();
  Segmenter(Segmenter&&) noexcept;
  Segmenter& operator=(Segmenter&&) noexcept;

  /// Of the first model.
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
  /// (K, H, W) f32: what the net says, before softmax or sigmoid; of several models or with augmentation, the
  /// logarithm of the mean probability (of its odds, with one channel).
  Tensor logits(const Image& image);
  /// Labels a picture that need not fit into memory: `sink` gets its rows from top to bottom, as they are finished.
  /// False when `progress` stopped it. Errors as those of the above, and InputError when options.memory is too little.
  bool stream(const OpenPicture& open, const StreamRequest& request,
              const std::function<void(const SegmentedRows&)>& sink);

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
