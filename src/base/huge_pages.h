// Memory of its own from the system, for what is large: fewer misses of the page table.
#pragma once

#include <cstddef>
#include <memory>

namespace inlay {

constexpr std::size_t kHugePage = std::size_t{1} << 21;

/// Zeros that take no memory until they are touched, from the start of a huge page on, on huge pages where the system
/// allows that. Null when there is not so much.
std::shared_ptr<std::byte[]> map_huge_pages(std::size_t bytes);

}  // namespace inlay
