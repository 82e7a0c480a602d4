#include "runtime/cpu/conv/planes.h"

#include <algorithm>

namespace inlay {
namespace {

constexpr std::int64_t kPiece = 3;

void for_each_piece(const ConvGeometry& g, auto&& body) {
  for (std::int64_t y = 0; y < g.kh; y += kPiece)
    for (std::int64_t x = 0; x < g.kw; x += kPiece) body(y, x);
}

}  // namespace

std::vector<Plane> planes(std::span<const Buffer> pictures, std::span<std::byte* const> data) {
  std::vector<Plane> result;
  for (std::size_t p = 0; p < pictures.size(); ++p) {
    const Shape& s = pictures[p].type.shape;
    const std::int64_t blocks = blocks_of(pictures[p]), plane = s[2] * s[3] * pictures[p].block;
    for (std::int64_t i = 0; i < blocks; ++i)
      result.push_back({reinterpret_cast<float*>(data[p]) + i * plane, blocks * plane});
  }
  return result;
}

void read_through(const Normals& normals, std::vector<Plane>& planes) {
  for (std::size_t i = 0; i < planes.size(); ++i) planes[i].normal = normals.of_block(static_cast<std::int64_t>(i));
}

void read_up_sampled(const ConvProblem& problem, std::vector<Plane>& planes) {
  const UpSampled up = problem.up_sampling == Interpolation::nearest ? UpSampled::nearest : UpSampled::bilinear;
  std::vector<UpSampled> of_blocks;
  const std::vector<Buffer> pictures = problem.x_pictures();
  for (std::size_t p = 0; p < pictures.size(); ++p) {
    const bool half = std::ranges::count(problem.up_sampled, static_cast<std::int64_t>(p)) > 0;
    of_blocks.insert(of_blocks.end(), static_cast<std::size_t>(blocks_of(pictures[p])), half ? up : UpSampled::no);
  }
  for (std::size_t i = 0; i < of_blocks.size(); ++i) planes[i].up = of_blocks[i];
}

winograd::Channels channels_in_blocks(std::span<const Buffer> pictures) {
  winograd::Channels result;
  std::int64_t before = 0;
  for (const Buffer& picture : pictures) {
    const std::int64_t channels = picture.type.shape[1];
    for (std::int64_t c = 0; c < padded_channels(channels, picture.block); ++c)
      result.push_back(c < channels ? before + c : -1);
    before += channels;
  }
  return result;
}

std::int64_t pieces(const ConvGeometry& g) { return (g.kh + kPiece - 1) / kPiece * ((g.kw + kPiece - 1) / kPiece); }

std::vector<winograd::Input> inputs_in_pieces(const winograd::Channels& channels, const ConvGeometry& g) {
  std::vector<winograd::Input> result;
  for_each_piece(g, [&](std::int64_t y, std::int64_t x) {
    for (const std::int64_t channel : channels) result.push_back({channel, y, x});
  });
  return result;
}

std::vector<Plane> planes_in_pieces(const std::vector<Plane>& planes, const ConvGeometry& g) {
  std::vector<Plane> result;
  for_each_piece(g, [&](std::int64_t y, std::int64_t x) {
    for (const Plane& plane : planes)
      result.push_back({plane.data, plane.image, y * g.dilation.h, x * g.dilation.w, plane.normal, plane.up});
  });
  return result;
}

}  // namespace inlay
