"""Labels one grey picture with PyTorch: WEIGHTS PICTURE MASK THREADS."""
import sys

import numpy
import torch
from PIL import Image
from unet_torch import UNet

weights, picture, mask, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
saved = torch.load(weights)
net = UNet(*saved["arguments"])
net.load_state_dict(saved["state"])
net.eval()
image = torch.from_numpy(numpy.asarray(Image.open(picture), "f4")[None, None] / 255)
with torch.inference_mode():
    logits = net(image)
Image.fromarray(logits[0].argmax(0).byte().numpy()).save(mask)
