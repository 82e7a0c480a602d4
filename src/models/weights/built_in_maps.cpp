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

// Layers are named as in PyTorch, so that a network which has the same names needs no list of them.
constexpr std::string_view kTorchvision = R"(
mean = 0.485, 0.456, 0.406
stddev = 0.229, 0.224, 0.225
drop **.num_batches_tracked
**.weight -> **/weight or **/scale
**.bias   -> **/bias or **/shift
**.running_mean -> **/running_mean
**.running_var  -> **/running_variance
)";

constexpr std::string_view kTorchvisionEncoder = R"(
mean = 0.485, 0.456, 0.406
stddev = 0.229, 0.224, 0.225
drop **.num_batches_tracked
drop fc.*
drop classifier.**
**.weight -> encoder/**/weight or encoder/**/scale or backbone/**/weight or backbone/**/scale
**.bias   -> encoder/**/bias or encoder/**/shift or backbone/**/bias or backbone/**/shift
**.running_mean -> encoder/**/running_mean or backbone/**/running_mean
**.running_var  -> encoder/**/running_variance or backbone/**/running_variance
fresh {decoder,segmentation_head,classifier,aux_classifier}/**
)";

// Long, Shelhamer and Darrell 2015: a classifier's fully connected layers look at every place as convolutions.
constexpr std::string_view kTorchvisionVgg16 = R"(
mean = 0.485, 0.456, 0.406
stddev = 0.229, 0.224, 0.225
features.{0,2}.*      -> conv1/{1,2}/*
features.{5,7}.*      -> conv2/{1,2}/*
features.{10,12,14}.* -> conv3/{1,2,3}/*
features.{17,19,21}.* -> conv4/{1,2,3}/*
features.{24,26,28}.* -> conv5/{1,2,3}/*
classifier.{0,3}.weight -> {fc6,fc7}/weight | reshape
classifier.{0,3}.bias   -> {fc6,fc7}/bias
drop classifier.6.*
fresh score*/*
fresh up*/*
)";

constexpr std::array kMaps{
    BuiltInMap{"inlay", "what 'inlay convert' wrote as safetensors, into any network", kInlay},
    BuiltInMap{"torchvision",
               "torchvision's fcn_resnet50 and deeplabv3_resnet50 into fcn_resnet50 and deeplabv3; "
               "segmentation_models.pytorch's Unet into unet with encoder=NAME up=nearest",
               kTorchvision},
    BuiltInMap{
        "torchvision_encoder",
        "torchvision's resnet18, 34 and 50, mobilenet_v2 and vgg16_bn into the encoder of unet or deeplabv3; the "
        "rest stays fresh",
        kTorchvisionEncoder},
    BuiltInMap{"torchvision_vgg16", "torchvision's vgg16 into fcn32s, fcn16s and fcn8s; their scores stay fresh",
               kTorchvisionVgg16},
    BuiltInMap{"espnet", "the ESPNet authors' PyTorch weights, into espnet", kEspnet},
};

}  // namespace

std::span<const BuiltInMap> built_in_maps() { return kMaps; }

}  // namespace inlay
