#include "base/threads.h"
#include "runtime/cpu/class_strip.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/labels/labels.h"

namespace inlay {
namespace {

void label_strip(const ClassStrip& strip, std::uint8_t* labels) {
  if (strip.classes == 1) {
    for (std::int64_t i = 0; i < strip.size; ++i) labels[i] = strip.row(0)[i] > 0 ? 1 : 0;
    return;
  }
  float best[ClassStrip::kSize];
  std::copy_n(strip.row(0), strip.size, best);
  std::fill_n(labels, strip.size, std::uint8_t{0});
  for (std::int64_t k = 1; k < strip.classes; ++k)
    for (std::int64_t i = 0; i < strip.size; ++i)
      if (strip.row(k)[i] > best[i]) best[i] = strip.row(k)[i], labels[i] = static_cast<std::uint8_t>(k);
}

std::unique_ptr<Kernel> make_by_strips(const Buffer& logits) {
  return make_kernel([strips = ClassStrips(logits)](const Pointers& p, std::uint64_t) {
    strips.for_each([&](const ClassStrips::Place& place) {
      ClassStrip strip;
      strips.load(p.in<float>(0), place, strip);
      label_strip(strip, p.out<std::uint8_t>(0) + place.pixel);
    });
  });
}

std::unique_ptr<Kernel> make_by_vectors(const Buffer& logits, const labels::Kernels& kernels) {
  return make_kernel([&kernels, strips = ClassStrips(logits)](const Pointers& p, std::uint64_t) {
    strips.for_each([&](const ClassStrips::Place& place) {
      kernels.most_likely({p.in<float>(0) + place.value, strips.plane * strips.block, strips.classes}, place.size,
                          p.out<std::uint8_t>(0) + place.pixel);
    });
  });
}

LayoutChoice layout(const LayoutQuery& query) { return {{query.inputs[0].block}, {1}}; }

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  const Buffer& logits = spec.inputs[0];
  const labels::Kernels* kernels = labels::kernels(logits.block);
  return kernels ? make_by_vectors(logits, *kernels) : make_by_strips(logits);
}

}  // namespace

const CpuKernel kMostLikelyKernel{.op = "most_likely", .layout = layout, .make = make};

}  // namespace inlay
