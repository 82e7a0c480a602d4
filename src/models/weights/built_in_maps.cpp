#include "models/weights/built_in_maps.h"

#include <array>

namespace inlay {
namespace {

constexpr std::string_view kInlay = R"(
** -> **
)";

// github.com/sacmehta/ESPNet, train/Model.py. The authors read pictures by OpenCV.
constexpr std::string_view kEspnet = R"(
model = espnet
channel_order = bgr
drop **.num_batches_tracked

encoder.level1.conv.weight        -> level1/weight
encoder.level1.act.weight         -> level1/slope
encoder.level1.bn.{weight,bias,running_mean,running_var} -> level1/{scale,shift,running_mean,running_variance}

encoder.b{1,2,3}.act.weight       -> level{1,2,3}/join/slope
encoder.b*.bn.{weight,bias,running_mean,running_var} -> level*/join/{scale,shift,running_mean,running_variance}

encoder.level{2,3}_0.c1.conv.weight -> level*/down/reduce/weight
encoder.level{2,3}_0.d*.conv.weight -> level*/down/d*/weight
encoder.level{2,3}_0.act.weight     -> level*/down/slope
encoder.level{2,3}_0.bn.{weight,bias,running_mean,running_var} -> level*/down/{scale,shift,running_mean,running_variance}

encoder.level*.*.c1.conv.weight   -> level*/*/reduce/weight
encoder.level*.*.d*.conv.weight   -> level*/*/d*/weight
encoder.level*.*.bn.act.weight    -> level*/*/slope
encoder.level*.*.bn.bn.{weight,bias,running_mean,running_var} -> level*/*/{scale,shift,running_mean,running_variance}

encoder.classifier.conv.weight    -> project3/weight
br.{weight,bias,running_mean,running_var} -> project3/{scale,shift,running_mean,running_variance}
up_l3.0.weight                    -> up3/weight
level3_C.conv.weight              -> project2/weight

combine_l2_l3.0.act.weight        -> merge2/join/slope
combine_l2_l3.0.bn.{weight,bias,running_mean,running_var} -> merge2/join/{scale,shift,running_mean,running_variance}
combine_l2_l3.1.c1.conv.weight    -> merge2/reduce/weight
combine_l2_l3.1.d*.conv.weight    -> merge2/d*/weight
combine_l2_l3.1.bn.act.weight     -> merge2/slope
combine_l2_l3.1.bn.bn.{weight,bias,running_mean,running_var} -> merge2/{scale,shift,running_mean,running_variance}

up_l2.0.weight                    -> up2/weight
up_l2.1.act.weight                -> up2/slope
up_l2.1.bn.{weight,bias,running_mean,running_var} -> up2/{scale,shift,running_mean,running_variance}

conv.conv.weight                  -> merge1/weight
conv.act.weight                   -> merge1/slope
conv.bn.{weight,bias,running_mean,running_var} -> merge1/{scale,shift,running_mean,running_variance}
classifier.weight                 -> head/weight
)";

constexpr std::array kMaps{
    BuiltInMap{"inlay", "what 'inlay convert' wrote as safetensors, into any network", kInlay},
    BuiltInMap{"espnet", "the ESPNet authors' PyTorch weights, into espnet", kEspnet},
};

}  // namespace

std::span<const BuiltInMap> built_in_maps() { return kMaps; }

}  // namespace inlay
