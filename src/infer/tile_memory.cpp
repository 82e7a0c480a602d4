#include "infer/tile_memory.h"

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "inlay/program.h"
#include "inlay/summary.h"

namespace inlay {
namespace {

/// Winograd's transformed weights have 36 numbers where a 3x3 kernel has 9; the model keeps its own.
constexpr std::int64_t kPacked = 5;
/// Threads work in buffers of their own.
constexpr double kSlack = 1.2;
constexpr std::int64_t kFloat = sizeof(float);

/// How much larger all results are in whole blocks of channels.
double padding_of(const Graph& graph) {
  const std::int64_t block = channel_block();
  double plain = 0, padded = 0;
  for (const auto& node : graph.nodes())
    for (const Value& output : node->outputs) {
      const Shape& s = output.shape();
      if (s.rank() != 4) continue;
      plain += static_cast<double>(s.elements());
      padded += static_cast<double>(s.elements() / s[1] * ((s[1] + block - 1) / block * block));
    }
  return plain > 0 ? padded / plain : 1;
}

constexpr std::array<std::int64_t, 14> kSides{1024, 896, 768, 640, 512, 448, 384, 320, 256, 192, 128, 96, 64, 32};

}  // namespace

std::string memory_text(std::int64_t bytes) {
  const double size = static_cast<double>(bytes);
  return size < 1e9 ? fmt::format("about {:.0f} MB", size / 1e6) : fmt::format("about {:.1f} GB", size / 1e9);
}

TileMemory::TileMemory(const Model& model) : model_(model), reach_(reach_of(model)) {
  const std::int64_t side = model.info.size.fit(2 * model.info.size.margin + 256);
  const Summary summary = summarise(model, side, side);
  const std::int64_t weights = kFloat * (summary.parameters + summary.state);
  bytes_a_pixel_ = std::max(kSlack, padding_of(model.graph)) * static_cast<double>(summary.inference_bytes - weights) /
                   static_cast<double>(side * side);
  weights_ = kProcessBytes + kPacked * weights;
}

Cut TileMemory::cut(const CutRequest& request, const TileWish& wish) const {
  const SizeRule& rule = model_.info.size;
  return {line_of_tiles(request.picture.height, rule, reach_, wish),
          line_of_tiles(request.picture.width, rule, reach_, wish)};
}

MemoryNeed TileMemory::need(const CutRequest& request, const Cut& cut) const {
  const PictureFacts& picture = request.picture;
  const auto pixel = static_cast<std::int64_t>(size_of(picture.type)) * picture.channels;
  const std::int64_t in = model_.in_channels(), out = model_.out_channels(), width = picture.width;
  const double tile = static_cast<double>(cut.rows.side) * static_cast<double>(cut.columns.side);
  MemoryNeed need{weights_, 0, 0, picture.held_bytes};
  need.tile =
      static_cast<std::int64_t>(tile * bytes_a_pixel_ * (request.turned && cut.rows.side != cut.columns.side ? 2 : 1));
  if (request.turned) need.tile += static_cast<std::int64_t>(tile) * kFloat * (in + 2 * out);
  const std::int64_t held = std::min(cut.rows.side, picture.height), kept = std::min(cut.rows.logits, picture.height);
  // The rows as read, a copy of them as the net's number of channels; the logits, and what is made of them.
  need.rows = held * width * (2 * pixel + static_cast<std::int64_t>(size_of(picture.type)) * in) +
              kept * width * kFloat * out * request.passes + kept * width * (kFloat * (out + 1) + 8);
  return need;
}

/// As many tiles as what is left of the memory has room for.
Cut TileMemory::with_batch(const CutRequest& request, Cut cut) const {
  const MemoryNeed one = need(request, cut);
  cut.most_at_once = 1 + (request.memory - request.taken - one.total()) / std::max<std::int64_t>(one.tile, 1);
  return cut;
}

Cut TileMemory::choose(const CutRequest& request) const {
  Cut wished = cut(request, request.wish);
  if (request.memory == 0) return wished;
  const std::int64_t least = need(request, wished).total() + request.taken;
  if (least <= request.memory) return with_batch(request, std::move(wished));
  if (request.wish.largest > 0)
    fail_input("tiles of {}x{} need {} of memory and {} are allowed; take smaller tiles or allow more",
               wished.rows.side, wished.columns.side, memory_text(least), memory_text(request.memory).substr(6));
  TileWish wish = request.wish;
  std::int64_t smallest = least;
  for (const std::int64_t side : kSides) {
    if (wish.overlap >= side) break;
    wish.largest = side;
    Cut smaller = cut(request, wish);
    const std::int64_t needed = need(request, smaller).total() + request.taken;
    if (needed <= request.memory) return with_batch(request, std::move(smaller));
    smallest = std::min(smallest, needed);
  }
  fail_input("a picture of {}x{} needs {} of memory with this net, even in the smallest tiles, and {} are allowed",
             request.picture.height, request.picture.width, memory_text(smallest),
             memory_text(request.memory).substr(6));
}

}  // namespace inlay
