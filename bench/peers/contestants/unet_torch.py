"""The U-Net of `inlay convert unet` in PyTorch, with the weights of the ONNX file."""
import torch
from torch import nn


def double_conv(c_in, c_out):
    layers = []
    for c in (c_in, c_out):
        layers += [nn.Conv2d(c, c_out, 3, padding=1, bias=False), nn.BatchNorm2d(c_out), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """`levels`: channels from the top to the bottom."""

    def __init__(self, channels, classes, levels):
        super().__init__()
        self.levels = levels
        self.down = nn.ModuleList(double_conv(a, b) for a, b in zip([channels] + levels, levels))
        self.up = nn.ModuleList(nn.ConvTranspose2d(2 * c, c, 2, stride=2) for c in levels[-2::-1])
        self.merge = nn.ModuleList(double_conv(2 * c, c) for c in levels[-2::-1])
        self.head = nn.Conv2d(levels[0], classes, 1)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        skips = []
        for level, block in enumerate(self.down):
            x = block(x if level == 0 else self.pool(x))
            skips.append(x)
        skips.pop()
        for up, merge in zip(self.up, self.merge):
            x = merge(torch.cat([skips.pop(), up(x)], 1))
        return self.head(x)

    def places(self):
        """(name in the ONNX file, tensor of this net) for all weights and running statistics."""
        blocks = [(f"down/{c}", block) for c, block in zip(self.levels[:-1], self.down)]
        blocks += [(f"bottom/{self.levels[-1]}", self.down[-1])]
        blocks += [(f"merge/{c}", block) for c, block in zip(self.levels[-2::-1], self.merge)]
        for name, block in blocks:
            for half, (conv, norm) in zip("ab", (block[0:2], block[3:5])):
                yield f"{name}/{half}/weight", conv.weight
                yield f"{name}/{half}/scale", norm.weight
                yield f"{name}/{half}/shift", norm.bias
                yield f"{name}/{half}/running_mean", norm.running_mean
                yield f"{name}/{half}/running_variance", norm.running_var
        for name, layer in [(f"up/{c}", up) for c, up in zip(self.levels[-2::-1], self.up)] + [("head", self.head)]:
            yield f"{name}/weight", layer.weight
            yield f"{name}/bias", layer.bias

    @torch.no_grad()
    def load(self, arrays):
        """Throws when a weight is missing, left over or of another shape."""
        left = dict(arrays)
        for name, tensor in self.places():
            array = left.pop(name)
            if tuple(array.shape) != tuple(tensor.shape):
                raise ValueError(f"{name} is {array.shape} in the file and {tuple(tensor.shape)} in the net")
            tensor.copy_(torch.from_numpy(array.copy()))
        if left:
            raise ValueError(f"the net has no place for {sorted(left)}")
        return self
