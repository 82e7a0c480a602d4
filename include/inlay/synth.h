// Data sets made from a seed, to try and to test with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "inlay/dataset.h"

namespace inlay {

/// cells: electron-microscopy-like Voronoi cells; classes interior, membrane. Grey.
/// seismic: a section of layered reflectors with faults and salt bodies; classes sediment, salt. Grey.
/// street: a road scene; classes sky, building, road, pavement, tree, car. RGB.
enum class SynthKind { cells, seismic, street };
std::string_view to_string(SynthKind kind);
/// "cells", "seismic" or "street"; anything else throws InputError.
SynthKind parse_synth_kind(std::string_view text);

struct SynthOptions {
  SynthKind kind = SynthKind::cells;
  std::int64_t count = 60;                 // images in all, >= 1
  std::int64_t height = 128, width = 128;  // >= 16
  std::uint64_t seed = 0;
};

ClassTable synth_classes(SynthKind kind);

/// Picture `index` of the set; the same bits for the same options (count does not matter).
Sample synthesise_sample(const SynthOptions& options, std::int64_t index);

/// Writes {train,val,test}/{images,masks}/NNNN.png and classes.txt. About 70, 15 and 15 per cent of the images; at
/// least one each from three images on; one image is all train, of two the second is val. Throws InputError for a bad
/// option, Error when a file cannot be written.
void synthesise(const SynthOptions& options, const std::filesystem::path& directory);

/// The best mean IoU that one threshold on the grey value can reach on the split, over all 256 thresholds and both
/// polarities: what a network has to beat. Throws InputError unless there are two classes.
double best_threshold_iou(const Dataset& dataset, Split split);

}  // namespace inlay
