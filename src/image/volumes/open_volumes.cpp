#include "image/volumes/open_volumes.h"

#include <algorithm>

#include "base/fail.h"
#include "image/formats.h"

namespace inlay {

// One that has not passed the slice yet.
std::unique_ptr<NiftiFile> OpenVolumes::take(const std::filesystem::path& file, std::int64_t slice,
                                             std::int64_t channel) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(idle_, [&](const Idle& idle) {
    return idle.file == file && idle.channel == channel &&
           idle.volume->next() <= channel * idle.volume->header().slices + slice;
  });
  if (found == idle_.end()) return nullptr;
  std::unique_ptr<NiftiFile> volume = std::move(found->volume);
  idle_.erase(found);
  return volume;
}

void OpenVolumes::put_back(Idle idle) {
  constexpr std::size_t kOpen = 32;
  const std::lock_guard lock(mutex_);
  idle_.push_front(std::move(idle));
  if (idle_.size() > kOpen) idle_.pop_back();
}

Tensor OpenVolumes::read(const std::filesystem::path& file, std::int64_t slice, std::int64_t channel) {
  std::unique_ptr<NiftiFile> volume = take(file, slice, channel);
  if (!volume) volume = std::make_unique<NiftiFile>(file);
  Tensor values = volume->read(slice, channel);
  put_back({file, channel, std::move(volume)});
  return values;
}

RawMask OpenVolumes::read_mask(const std::filesystem::path& file, std::int64_t slice) {
  const Tensor values = read(file, slice, 0);
  RawMask mask;
  mask.bits = 16;
  try {
    mask.values = whole_numbers(values).reshaped({values.shape()[0], values.shape()[1]});
  } catch (const InputError& error) {
    fail_input("cannot read '{}': in slice {}, {}", file.string(), slice, error.what());
  }
  return mask;
}

}  // namespace inlay
