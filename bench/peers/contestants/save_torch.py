"""An ONNX file's U-Net as a file of torch.save: MODEL FILE."""
import sys

import inputs
import torch
from unet_torch import UNet

model, file = sys.argv[1:]
arrays = inputs.weights(model)
levels = inputs.unet_levels(arrays)
channels, classes = arrays[f"down/{levels[0]}/a/weight"].shape[1], arrays["head/weight"].shape[0]
net = UNet(channels, classes, levels).load(arrays)
torch.save({"arguments": (channels, classes, levels), "state": net.state_dict()}, file)
