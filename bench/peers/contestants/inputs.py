"""The job's files as numpy arrays."""
import numpy
import onnx


def image(job):
    return numpy.fromfile(job["image"], "<f4").reshape(job["shape"])


def labels(job):
    n, _, height, width = job["shape"]
    return numpy.fromfile(job["labels"], "u1").reshape(n, height, width)


def weights(path):
    """By the names that Inlay gives them: down/16/a/weight."""
    return {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}


def unet_levels(arrays):
    """Channels of a U-Net's levels from the top to the bottom, read off the weights' names."""
    return sorted({int(name.split("/")[1]) for name in arrays if name.startswith(("down/", "bottom/"))})
