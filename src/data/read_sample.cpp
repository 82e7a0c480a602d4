#include "data/read_sample.h"

#include "base/fail.h"

namespace inlay {

Sample read_sample(const Dataset& dataset, Split split, std::int64_t index, std::int64_t channels) {
  Sample sample = dataset.read(split, index);
  try {
    sample.image = with_channels(sample.image, channels);
  } catch (const InputError& error) {
    fail_input("'{}': {}", dataset.paths(split, index).image.string(), error.what());
  }
  return sample;
}

}  // namespace inlay
