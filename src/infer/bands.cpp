#include "infer/bands.h"

#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "base/rng.h"
#include "base/threads.h"
#include "infer/tiles.h"

namespace inlay {
namespace {

/// Tiles that run together fill no more than that many pixels a side, or one tile.
constexpr std::int64_t kBatchSide = 1024;

/// What a row of tiles reads, reflected at the edges.
RowSpan span_of(const TileLine& line, std::size_t band, std::int64_t margin, std::int64_t height) {
  RowSpan span{line.starts[band], line.starts[band] + 1};  // what is finished is shown beside its picture
  for (std::int64_t i = 0; i < line.side; ++i) {
    const std::int64_t row = reflect_index(line.starts[band] - margin + i, height);
    span.first = std::min(span.first, row);
    span.last = std::max(span.last, row + 1);
  }
  return span;
}

std::vector<RowSpan> spans_of(const TileLine& line, std::int64_t margin, std::int64_t height) {
  std::vector<RowSpan> spans;
  for (std::size_t band = 0; band < line.starts.size(); ++band) spans.push_back(span_of(line, band, margin, height));
  for (std::size_t band = spans.size() - 1; band-- > 0;)
    spans[band].first = std::min(spans[band].first, spans[band + 1].first);
  for (std::size_t band = 1; band < spans.size(); ++band)
    spans[band].last = std::max(spans[band].last, spans[band - 1].last);
  return spans;
}

std::int64_t most_rows(const std::vector<RowSpan>& spans) {
  std::int64_t most = 0;
  for (const RowSpan& span : spans) most = std::max(most, span.last - span.first);
  return most;
}

/// Turns the tile's probabilities back and adds their share to (K, height, width).
void add_turned(const Tensor& probabilities, const Symmetry& symmetry, float share, std::span<float> sum,
                std::int64_t height, std::int64_t width) {
  const Shape& shape = probabilities.shape();
  const float* from = probabilities.data<float>().data();
  std::size_t at = 0;
  for (std::int64_t c = 0; c < shape[0]; ++c, from += shape[1] * shape[2])
    for (std::int64_t y = 0; y < height; ++y)
      for (std::int64_t x = 0; x < width; ++x) {
        const PlaneIndex index = turned(symmetry, height, width, y, x);
        sum[at++] += share * from[index.row * shape[2] + index.column];
      }
}

}  // namespace

Bands::Bands(const Model& model, ReadyNets& nets, const PictureInput& input, PictureReader& reader, Cut cut,
             BandRequest request)
    : model_(model),
      nets_(nets),
      input_(input),
      reader_(reader),
      cut_(std::move(cut)),
      request_(std::move(request)),
      spans_(spans_of(cut_.rows, model.info.size.margin, reader.facts().height)),
      window_(reader, most_rows(spans_)) {
  const std::int64_t height = cut_.rows.side, width = cut_.columns.side;
  batch_ = std::min(tiles_at_once(cut_.columns.count(), height, width, kBatchSide), cut_.most_at_once);
  if (labelled()) return;
  sums_ = Tensor(DType::f32, {std::ssize(request_.seeds) * model.out_channels(),
                              std::min(cut_.rows.logits, reader.facts().height), reader.facts().width});
  if (!averaged()) return;
  planes_ = Tensor(DType::f32, {batch_, model.in_channels(), height, width});
  means_ = Tensor(DType::f32, {batch_, model.out_channels(), cut_.rows.logits, cut_.columns.logits});
}

bool Bands::advance() {
  band_ = next_++;
  begin_ = end_;
  read_rows();
  if (labelled()) return run_labels();
  make_room();
  for (Batch batch; batch.first < cut_.columns.count(); batch.first += batch.count) {
    batch.count = std::min(batch_, cut_.columns.count() - batch.first);
    for (std::size_t pass = 0; pass < request_.seeds.size(); ++pass)
      if (!(averaged() ? run_turned(batch, pass) : run_plain(batch, pass))) return false;
  }
  end_ = next_ < cut_.rows.starts.size() ? cut_.rows.starts[next_] : reader_.facts().height;
  return true;
}

std::int64_t Bands::runs() const {
  const std::int64_t batches = (cut_.columns.count() + batch_ - 1) / batch_;
  return cut_.rows.count() * batches * std::ssize(request_.seeds) * std::ssize(request_.symmetries);
}

void Bands::read_rows() {
  window_.move(spans_[band_].first, spans_[band_].last);
  picture_ = window_.image();
  converted_ = with_channels(picture_, model_.in_channels());
}

/// Moves the sums of the last row of tiles up to where this one begins.
void Bands::make_room() {
  const Shape& shape = sums_.shape();
  const std::int64_t moved = band_ == 0 ? 0 : cut_.rows.starts[band_] - cut_.rows.starts[band_ - 1];
  float* plane = sums_.data<float>().data();
  for (std::int64_t c = 0; c < shape[0]; ++c, plane += shape[1] * shape[2]) {
    const std::int64_t kept = band_ == 0 ? 0 : std::max<std::int64_t>(shape[1] - moved, 0);
    std::memmove(plane, plane + moved * shape[2], static_cast<std::size_t>(kept * shape[2]) * sizeof(float));
    std::fill(plane + kept * shape[2], plane + shape[1] * shape[2], 0.0f);
  }
}

void Bands::fill(const Batch& batch, Tensor& planes) const {
  const std::int64_t margin = model_.info.size.margin, height = cut_.rows.side, width = cut_.columns.side;
  const auto size = static_cast<std::size_t>(planes.elements() / planes.shape()[0]);
  const PictureRows rows{converted_, window_.first(), reader_.facts().height};
  for (std::int64_t i = 0; i < batch.count; ++i)
    input_.fill(rows,
                {cut_.rows.starts[band_] - margin,
                 cut_.columns.starts[static_cast<std::size_t>(batch.first + i)] - margin, height, width},
                planes.data<float>().subspan(static_cast<std::size_t>(i) * size, size));
}

std::uint64_t Bands::seed(std::size_t pass, std::int64_t tile) const {
  if (cut_.whole()) return request_.seeds[pass];
  return mix_keys(request_.seeds[pass],
                  static_cast<std::uint64_t>(static_cast<std::int64_t>(band_) * cut_.columns.count() + tile));
}

bool Bands::run_labels() {
  ReadyNet& net = nets_.at({1, model_.in_channels(), cut_.rows.side, cut_.columns.side}, request_.form);
  fill({0, 1}, net.input);
  net.program.run();
  const PictureFacts& facts = reader_.facts();
  labels_ = net.labels(0, facts.height, facts.width);
  end_ = facts.height;
  return ran();
}

bool Bands::run_plain(const Batch& batch, std::size_t pass) {
  ReadyNet& net = nets_.at({batch_, model_.in_channels(), cut_.rows.side, cut_.columns.side}, request_.form);
  fill(batch, net.input);
  net.program.run(seed(pass, batch.first));
  for (std::int64_t i = 0; i < batch.count; ++i)
    add(view_of(net.output, i, cut_.rows.logits, cut_.columns.logits), pass, batch.first + i);
  return ran();
}

bool Bands::run_turned(const Batch& batch, std::size_t pass) {
  const std::int64_t height = cut_.rows.logits, width = cut_.columns.logits, channels = model_.in_channels();
  const auto share = 1.0f / static_cast<float>(request_.symmetries.size());
  const auto in = static_cast<std::size_t>(planes_.elements() / batch_),
             out = static_cast<std::size_t>(means_.elements() / batch_);
  fill(batch, planes_);
  std::ranges::fill(means_.data<float>(), 0.0f);
  for (const Symmetry& symmetry : request_.symmetries) {
    const bool swap = symmetry.swap;
    ReadyNet& net = nets_.at(
        {batch_, channels, swap ? cut_.columns.side : cut_.rows.side, swap ? cut_.rows.side : cut_.columns.side},
        request_.form);
    for (std::size_t i = 0; i < static_cast<std::size_t>(batch.count); ++i)
      apply(symmetry, planes_.data<float>().data() + i * in, channels, cut_.rows.side, cut_.columns.side,
            net.input.data<float>().data() + i * in);
    net.program.run(seed(pass, batch.first));
    for (std::int64_t i = 0; i < batch.count; ++i)
      add_turned(copy_probabilities(view_of(net.output, i, swap ? width : height, swap ? height : width)), symmetry,
                 share, means_.data<float>().subspan(static_cast<std::size_t>(i) * out, out), height, width);
    if (!ran()) return false;
  }
  for (std::int64_t i = 0; i < batch.count; ++i) add(view_of(means_, i, height, width), pass, batch.first + i);
  return true;
}

/// Adds what the tile says of the picture, times its weights; the rest of it lies beyond the edges.
void Bands::add(const LogitsView& tile, std::size_t pass, std::int64_t column) {
  const Shape& shape = sums_.shape();
  const std::vector<float>&down = cut_.rows.weights[band_],
        &across = cut_.columns.weights[static_cast<std::size_t>(column)];
  const std::int64_t left = cut_.columns.starts[static_cast<std::size_t>(column)];
  const std::int64_t height = std::min(tile.height, reader_.facts().height - cut_.rows.starts[band_]);
  const auto counts = [](float weight) { return weight > 0; };
  const std::int64_t first = std::ranges::find_if(across, counts) - across.begin();
  const std::int64_t last =
      std::min(std::find_if(across.rbegin(), across.rend(), counts).base() - across.begin(), shape[2] - left);
  parallel_ranges(
      tile.channels * height,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const std::int64_t c = i / height, y = i % height;
          const float weight = down[static_cast<std::size_t>(y)];
          if (weight == 0) continue;
          const float* from = tile.row(c, y);
          float* to = sums_.data<float>().data() +
                      ((static_cast<std::int64_t>(pass) * tile.channels + c) * shape[1] + y) * shape[2] + left;
          for (std::int64_t x = first; x < last; ++x) to[x] += weight * across[static_cast<std::size_t>(x)] * from[x];
        }
      },
      tile.channels * height * tile.width);
}

Tensor Bands::probabilities(std::size_t pass, std::int64_t y, std::int64_t count) const {
  return averaged() ? copy_logits(rows(pass, y, count)) : copy_probabilities(rows(pass, y, count));
}

LogitsView Bands::rows(std::size_t pass, std::int64_t y, std::int64_t count) const {
  const Shape& shape = sums_.shape();
  const std::int64_t channels = model_.out_channels();
  const float* first = sums_.data<float>().data() +
                       (static_cast<std::int64_t>(pass) * channels * shape[1] + y - cut_.rows.starts[band_]) * shape[2];
  return {first, channels, shape[1], shape[2], count, shape[2]};
}

Mask Bands::labels(std::int64_t y, std::int64_t count) const {
  return labelled() ? crop(labels_, y, 0, count, reader_.facts().width) : most_likely(rows(0, y, count));
}

Image Bands::pixels(std::int64_t y, std::int64_t count) const {
  return crop(picture_, y - window_.first(), 0, count, picture_.width());
}

}  // namespace inlay
