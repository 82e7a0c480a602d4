#include "models/networks.h"

#include <array>

namespace inlay {
namespace {

// One a line, so that two additions do not collide.
// clang-format off
constexpr std::array kNetworks{
    &kUnet,
    &kUnetLecture,
    &kUnetTgs,
    &kUnetOriginal,
    &kSlidingWindow,
    &kFcnPlain,
    &kFcn32s,
    &kFcn16s,
    &kFcn8s,
    &kDeconvnet,
    &kSegnet,
    &kSegnetBasic,
    &kFcnBasic,
    &kDilatedContext,
    &kDeepLabLargeFov,
    &kEnet,
    &kFastScnn,
    &kErfnet,
    &kEspnet,
    &kDeeplabv3,
    &kFcnResnet50,
    &kFcDensenet56,
    &kFcDensenet103,
};
// clang-format on

}  // namespace

std::span<const Network* const> networks() { return kNetworks; }

}  // namespace inlay
