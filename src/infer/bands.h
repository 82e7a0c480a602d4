// A picture of any height through a net, one row of tiles after the other.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "infer/logits.h"
#include "infer/picture_input.h"
#include "infer/picture_run.h"
#include "infer/ready_nets.h"
#include "infer/row_window.h"
#include "infer/symmetry.h"
#include "infer/tile_memory.h"

namespace inlay {

struct BandRequest {
  NetForm form = NetForm::inference;    // labels: of a picture in one tile, in one pass, as it is
  std::vector<std::uint64_t> seeds{0};  // one pass each
  std::vector<Symmetry> symmetries{{}};
  std::function<bool(std::int64_t runs)> on_run;  // after runs of the net; false: stop
};

/// Rows first <= y < last of a picture.
struct RowSpan {
  std::int64_t first = 0, last = 0;
};

/// Rows begin() <= y < end() are finished: a row of tiles.
class Bands final : public PictureRun {
 public:
  /// Keeps references to all but the cut and the request.
  Bands(const Model& model, ReadyNets& nets, const PictureInput& input, PictureReader& reader, Cut cut,
        BandRequest request);

  std::int64_t begin() const { return begin_; }
  std::int64_t end() const override { return end_; }
  bool advance() override;
  std::int64_t runs() const override;
  std::size_t passes() const override { return request_.seeds.size(); }
  Tensor probabilities(std::size_t pass, std::int64_t y, std::int64_t count) const override;

  /// Finished rows y to y + count: logits (K, count, W), or with several symmetries the mean of their probabilities.
  LogitsView rows(std::size_t pass, std::int64_t y, std::int64_t count) const;
  /// The most likely class of the same rows, in one pass.
  Mask labels(std::int64_t y, std::int64_t count) const;
  /// The same rows of the picture.
  Image pixels(std::int64_t y, std::int64_t count) const;

 private:
  bool labelled() const { return request_.form == NetForm::labels; }
  bool averaged() const { return request_.symmetries.size() > 1; }
  /// Tiles `first` and so on of the row.
  struct Batch {
    std::int64_t first = 0, count = 0;
  };

  void read_rows();
  void make_room();
  bool run_labels();
  bool run_plain(const Batch& batch, std::size_t pass);
  bool run_turned(const Batch& batch, std::size_t pass);
  void fill(const Batch& batch, Tensor& planes) const;
  bool ran() const { return !request_.on_run || request_.on_run(1); }
  std::uint64_t seed(std::size_t pass, std::int64_t tile) const;
  void add(const LogitsView& tile, std::size_t pass, std::int64_t column);

  const Model& model_;
  ReadyNets& nets_;
  const PictureInput& input_;
  PictureReader& reader_;
  Cut cut_;
  BandRequest request_;
  Image picture_, converted_;   // the rows at hand, as they are and in the net's channels
  Tensor sums_;                 // (passes K, rows of a tile's logits, W)
  Mask labels_;                 // in place of the sums, where labels alone are wanted
  Tensor planes_, means_;       // with several symmetries: a batch's input (N, C, h, w), its probabilities (N, K, ...)
  std::vector<RowSpan> spans_;  // what each row of tiles reads
  RowWindow window_;
  std::size_t band_ = 0, next_ = 0;  // the row of tiles at hand, and the one to come
  std::int64_t begin_ = 0, end_ = 0, batch_ = 1;
};

}  // namespace inlay
