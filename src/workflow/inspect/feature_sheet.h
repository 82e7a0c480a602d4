// The maps of one layer side by side.
#pragma once

#include <cstdint>
#include <vector>

#include "inlay/inspection.h"

namespace inlay {

using Channel = workflow::Inspection::Layer::Channel;

/// The `most` channels of maps (C, h, w) that differ most from place to place, strongest first.
std::vector<Channel> strongest_channels(const Tensor& maps, std::int64_t most);

/// Columns of a sheet with that many channels.
std::int64_t sheet_columns(std::size_t channels);

/// Row by row, each channel over its own range (heat_range). Small maps keep square pixels, large ones are scaled down
/// to 128 pixels.
Image feature_sheet(const Tensor& maps, const std::vector<Channel>& channels);

}  // namespace inlay
