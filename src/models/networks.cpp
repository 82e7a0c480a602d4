#include "models/networks.h"

#include <array>

namespace inlay {
namespace {

constexpr std::array kNetworks{
    &kUnet,
    &kErfnet,
    &kEspnet,
};

}  // namespace

std::span<const Network* const> networks() { return kNetworks; }

}  // namespace inlay
