#include <algorithm>
#include <bit>

#include "inlay/distance.h"
#include "inlay/regions.h"
#include "metrics/boundaries.h"
#include "metrics/family.h"
#include "workflow/evaluation_report.h"

namespace inlay {

ReportMaterial::ReportMaterial(const std::vector<std::string>& classes) : background_(background_class(classes)) {}

void ReportMaterial::add(const Mask& truth, const Mask& prediction, const Tensor& logits) {
  add_objects(truth, prediction);
  add_distances(truth, prediction);
  calibration_.add(logits, truth);
}

void ReportMaterial::add_objects(const Mask& truth, const Mask& prediction) {
  const Regions objects = connected_regions(truth, Connectivity::corners, background_);
  std::vector<double> right(objects.regions.size() + 1);
  const auto numbers = objects.numbers.data<std::int32_t>();
  const auto want = truth.labels.data<std::uint8_t>(), got = prediction.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (want[i] == got[i]) ++right[static_cast<std::size_t>(numbers[i])];
  for (std::size_t r = 0; r < objects.regions.size(); ++r) {
    const auto pixels = static_cast<std::uint64_t>(objects.regions[r].pixels);
    Bin& bin = sizes_[std::min<std::size_t>(kSizes - 1, static_cast<std::size_t>(std::bit_width(pixels) - 1) / 2)];
    bin.sum += right[r + 1] / static_cast<double>(pixels);
    ++bin.count;
  }
}

void ReportMaterial::add_distances(const Mask& truth, const Mask& prediction) {
  Tensor sites(DType::u8, truth.labels.shape());
  std::ranges::copy(inner_boundary(truth, false), sites.data<std::uint8_t>().begin());
  const Tensor away = distances_to(sites);
  const auto distance = away.data<float>();
  const auto want = truth.labels.data<std::uint8_t>(), got = prediction.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (want[i] == kIgnore) continue;
    std::size_t place = 0;
    for (float limit = 1; place + 1 < kDistances && distance[i] + 1 > limit; limit *= 2) ++place;
    ++distances_[place].count;
    if (want[i] == got[i]) ++distances_[place].sum;
  }
}

}  // namespace inlay
