// The list of networks. A new one: declare it here, name it in networks.cpp.
#pragma once

#include <span>

#include "models/network.h"

namespace inlay {

extern const Network kUnet;
extern const Network kUnetLecture;
extern const Network kUnetTgs;
extern const Network kFcnPlain;
extern const Network kDilatedContext;
extern const Network kDeepLabLargeFov;
extern const Network kUnetOriginal;
extern const Network kSlidingWindow;
extern const Network kFcn32s;
extern const Network kFcn16s;
extern const Network kFcn8s;
extern const Network kDeconvnet;
extern const Network kSegnet;
extern const Network kSegnetBasic;
extern const Network kFcnBasic;
extern const Network kEnet;
extern const Network kFastScnn;
extern const Network kErfnet;
extern const Network kEspnet;
extern const Network kDeeplabv3;
extern const Network kFcnResnet50;
extern const Network kFcDensenet56;
extern const Network kFcDensenet103;

/// In the order in which they are listed to people.
std::span<const Network* const> networks();

}  // namespace inlay
