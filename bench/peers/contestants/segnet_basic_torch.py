"""The SegNet-Basic of `inlay models segnet_basic` in PyTorch."""
import torch
from torch import nn

STAGES, CHANNELS = 4, 64


def conv(c_in):
    return nn.Sequential(nn.Conv2d(c_in, CHANNELS, 7, padding=3, bias=False), nn.BatchNorm2d(CHANNELS))


class SegNetBasic(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.encode = nn.ModuleList(conv(channels if stage == 0 else CHANNELS) for stage in range(STAGES))
        self.decode = nn.ModuleList(conv(CHANNELS) for _ in range(STAGES))
        self.pool = nn.MaxPool2d(2, ceil_mode=True, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2)
        self.score = nn.Conv2d(CHANNELS, classes, 1)

    def forward(self, x):
        pooled = []
        for block in self.encode:
            x = torch.relu(block(x))
            size = x.shape
            x, positions = self.pool(x)
            pooled.append((positions, size))
        for block in self.decode:
            positions, size = pooled.pop()
            x = block(self.unpool(x, positions, output_size=size))
        return self.score(x)
