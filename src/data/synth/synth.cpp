#include "inlay/synth.h"

#include <algorithm>
#include <stdexcept>

#include "base/fail.h"
#include "base/files.h"
#include "data/parallel.h"
#include "data/synth/paint.h"

namespace inlay {
namespace {

constexpr std::array<SynthKind, 3> kKinds{SynthKind::cells, SynthKind::seismic, SynthKind::street};

void check(const SynthOptions& options) {
  constexpr std::int64_t kMostImages = 1'000'000, kLeast = 16, kMost = 8192;
  if (options.count < 1 || options.count > kMostImages)
    fail_input("{} images were asked for, expected 1 to {}", options.count, kMostImages);
  if (std::min(options.height, options.width) < kLeast || std::max(options.height, options.width) > kMost)
    fail_input("images of {}x{} pixels were asked for, expected sides from {} to {}", options.height, options.width,
               kLeast, kMost);
}

// About 70, 15 and 15 per cent.
std::array<std::int64_t, 3> split_sizes(std::int64_t count) {
  if (count < 3) return {1, count - 1, 0};
  const std::int64_t part = std::max<std::int64_t>(1, (15 * count + 50) / 100);
  return {count - 2 * part, part, part};
}

std::string class_lines(const ClassTable& classes) {
  std::string text = "# index name red green blue\n";
  for (std::size_t i = 0; i < classes.names.size(); ++i) {
    const Color& color = classes.colors[i];
    text += fmt::format("{} {} {} {} {}\n", i, classes.names[i], color[0], color[1], color[2]);
  }
  return text;
}

}  // namespace

std::string_view to_string(SynthKind kind) {
  switch (kind) {
    case SynthKind::cells:
      return "cells";
    case SynthKind::seismic:
      return "seismic";
    case SynthKind::street:
      return "street";
  }
  throw std::logic_error("unknown SynthKind");
}

SynthKind parse_synth_kind(std::string_view text) {
  for (SynthKind kind : kKinds)
    if (text == to_string(kind)) return kind;
  fail_input("'{}' is no kind of made-up picture; expected cells, seismic or street", text);
}

ClassTable synth_classes(SynthKind kind) {
  switch (kind) {
    case SynthKind::cells:
      return {{"interior", "membrane"}, {{0, 0, 0}, {255, 176, 0}}};
    case SynthKind::seismic:
      return {{"sediment", "salt"}, {{0, 0, 0}, {0, 190, 220}}};
    case SynthKind::street:
      return {{"sky", "building", "road", "pavement", "tree", "car"},
              {{110, 170, 230}, {150, 80, 70}, {128, 64, 128}, {244, 150, 232}, {60, 150, 40}, {230, 60, 30}}};
  }
  throw std::logic_error("unknown SynthKind");
}

Sample synthesise_sample(const SynthOptions& options, std::int64_t index) {
  check(options);
  const std::uint64_t kind_key = mix_keys(options.seed, static_cast<std::uint64_t>(options.kind));
  const std::uint64_t key = mix_keys(kind_key, static_cast<std::uint64_t>(index));
  const auto paint = options.kind == SynthKind::cells     ? synth::paint_cells
                     : options.kind == SynthKind::seismic ? synth::paint_seismic
                                                          : synth::paint_street;
  Sample sample = paint(options.height, options.width, key);
  sample.name = fmt::format("{:04}", index);
  return sample;
}

void synthesise(const SynthOptions& options, const std::filesystem::path& directory) {
  check(options);
  const ClassTable classes = synth_classes(options.kind);
  const std::array<std::int64_t, 3> sizes = split_sizes(options.count);
  write_file(directory / "classes.txt", class_lines(classes));
  for_each_parallel(options.count, [&](std::int64_t i) {
    const Split split = i < sizes[0] ? Split::train : i < sizes[0] + sizes[1] ? Split::val : Split::test;
    const std::filesystem::path folder = directory / to_string(split);
    const Sample sample = synthesise_sample(options, i);
    write_image(folder / "images" / (sample.name + ".png"), sample.image);
    write_mask(folder / "masks" / (sample.name + ".png"), sample.mask, classes.colors);
  });
}

}  // namespace inlay
