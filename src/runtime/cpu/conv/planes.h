// Pictures as the Winograd kernels see them: one address for each channel block.
#pragma once

#include "runtime/cpu/conv/problem.h"
#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/normals.h"
#include "runtime/cpu/winograd/winograd.h"

namespace inlay {

/// Of one picture, or of several joined along the channels.
std::vector<Plane> planes(std::span<const Buffer> pictures, std::span<std::byte* const> data);
/// Those of normalised pictures are read so.
void read_through(const Normals& normals, std::vector<Plane>& planes);
/// Those of the problem's pictures of half the size, too.
void read_up_sampled(const ConvProblem& problem, std::vector<Plane>& planes);
/// 0, 1, ... through all of them, with -1 where a picture's last block is filled up.
winograd::Channels channels_in_blocks(std::span<const Buffer> pictures);

/// A kernel as the sum of pieces of 3x3, the last of which may be filled up with zeros.
std::int64_t pieces(const ConvGeometry& g);
/// The channels once for every piece of the kernel.
std::vector<winograd::Input> inputs_in_pieces(const winograd::Channels& channels, const ConvGeometry& g);
/// The planes of inputs_in_pieces(): of each piece, they begin where its first weight meets the picture.
std::vector<Plane> planes_in_pieces(const std::vector<Plane>& planes, const ConvGeometry& g);

}  // namespace inlay
