#include "models/networks.h"

#include <array>

namespace inlay {
namespace {

constexpr std::array kNetworks{
    &kUnet,        &kFcn32s,   &kFcn16s, &kFcn8s,  &kDeconvnet,    &kSegnet,
    &kSegnetBasic, &kFcnBasic, &kErfnet, &kEspnet, &kFcDensenet56, &kFcDensenet103,
};

}  // namespace

std::span<const Network* const> networks() { return kNetworks; }

}  // namespace inlay
