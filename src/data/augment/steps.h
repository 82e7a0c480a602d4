// The steps that make a training patch of a sample; what they do is in inlay/augment.h.
#pragma once

#include "base/rng.h"
#include "data/augment/patch.h"
#include "data/augment/warp.h"

namespace inlay {

/// Random streams of the steps, so that one option does not change what the others draw.
enum class Stream : std::uint64_t { light = 1, noise, blur, jpeg, cutout, focus, paste };
inline std::uint64_t stream_key(std::uint64_t key, Stream stream) {
  return mix_keys(key, static_cast<std::uint64_t>(stream));
}

/// Everything that needs this one sample, after the warp: light, blur, noise, JPEG, cutout.
void change_patch(const AugmentOptions& options, std::uint64_t key, const Patch& patch);

void blur(const AugmentOptions& options, std::uint64_t key, const Patch& patch);
void change_light(const AugmentOptions& options, std::uint64_t key, const Patch& patch);
void compress_as_jpeg(const AugmentOptions& options, std::uint64_t key, const Patch& patch);
void cut_out(const AugmentOptions& options, std::uint64_t key, const Patch& patch);

}  // namespace inlay
