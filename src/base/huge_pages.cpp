#include "base/huge_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace inlay {

std::shared_ptr<std::byte[]> map_huge_pages(std::size_t bytes) {
  constexpr std::size_t kPage = std::size_t{1} << 12;
  if (bytes > SIZE_MAX / 2) return nullptr;
  const std::size_t size = (bytes + kPage - 1) / kPage * kPage;
  void* mapped = ::mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  auto* const first = static_cast<std::byte*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(first) % kHugePage) % kHugePage;
  // The rest goes back: a huge page that reaches beyond `bytes` would cost memory.
  if (before > 0) ::munmap(first, before);
  if (before < kHugePage) ::munmap(first + before + size, kHugePage - before);
  ::madvise(first + before, size, MADV_HUGEPAGE);
  return {first + before, [size](std::byte* memory) { ::munmap(memory, size); }};
}

}  // namespace inlay
