"""The U-Net of `inlay convert unet` in Keras, with the weights of the ONNX file. Channels last: all that TensorFlow's CPU has."""
import keras
from keras import layers


class Builder:
    def __init__(self, arrays):
        self.left = dict(arrays)
        self.loads = []  # (layer, its weights), for when the layers are built

    def layer(self, layer, *weights):
        self.loads.append((layer, weights))
        return layer

    def conv(self, name, x, kernel, bias=False):
        weight = self.left.pop(f"{name}/weight").transpose(2, 3, 1, 0)
        biases = [self.left.pop(f"{name}/bias")] if bias else []
        conv = layers.Conv2D(weight.shape[3], kernel, padding="same", use_bias=bias)
        return self.layer(conv, weight, *biases)(x)

    def up(self, name, x):
        weight = self.left.pop(f"{name}/weight").transpose(2, 3, 1, 0)
        conv = layers.Conv2DTranspose(weight.shape[2], 2, strides=2)
        return self.layer(conv, weight, self.left.pop(f"{name}/bias"))(x)

    def double_conv(self, name, x):
        for half in (f"{name}/a", f"{name}/b"):
            x = self.conv(half, x, 3)
            norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
            numbers = [self.left.pop(f"{half}/{what}") for what in ("scale", "shift", "running_mean", "running_variance")]
            x = layers.ReLU()(self.layer(norm, *numbers)(x))
        return x


def unet(arrays, channels, levels):
    """`levels`: channels from the top to the bottom. Throws when a weight is missing, left over or of another shape."""
    build = Builder(arrays)
    image = x = keras.Input((None, None, channels))
    skips = []
    for c in levels[:-1]:
        x = build.double_conv(f"down/{c}", x)
        skips.append(x)
        x = layers.MaxPool2D(2)(x)
    x = build.double_conv(f"bottom/{levels[-1]}", x)
    for c in levels[-2::-1]:
        x = layers.Concatenate()([skips.pop(), build.up(f"up/{c}", x)])
        x = build.double_conv(f"merge/{c}", x)
    net = keras.Model(image, build.conv("head", x, 1, bias=True))
    for layer, weights in build.loads:
        layer.set_weights(weights)
    if build.left:
        raise ValueError(f"the net has no place for {sorted(build.left)}")
    return net
