"""The files that all contestants of a case share: model, picture, labels; and how their answers are compared."""
import array
import json
import random

from command import Failed, run


def numbers(path):
    """A file of little-endian floats."""
    values = array.array("f")
    values.frombytes(path.read_bytes())
    return values


def difference(path, expected, tolerance):
    """The largest absolute difference over the largest absolute number expected (over 1 where all are 0), and the share
    of numbers that differ by more than `tolerance` of it. Throws Failed for another count."""
    ours, theirs = numbers(expected), numbers(path)
    if len(ours) != len(theirs):
        raise Failed(f"{len(theirs)} logits, expected {len(ours)}")
    scale = max(map(abs, ours)) or 1
    apart = [abs(a - b) / scale for a, b in zip(ours, theirs)]
    return max(apart), sum(value > tolerance for value in apart) / len(apart)


def relative(value, expected):
    return abs(value - expected) / max(abs(expected), 1e-30)


def write_inputs(folder, shape, classes):
    """A standard normal picture, and labels by chance."""
    n, channels, height, width = shape
    draw = random.Random(0)
    picture = array.array("f", (draw.gauss(0, 1) for _ in range(n * channels * height * width)))
    (folder / "image.f32").write_bytes(picture.tobytes())
    (folder / "labels.u8").write_bytes(bytes(draw.choices(range(classes), k=n * height * width)))


def networks(inlay):
    """The names that `inlay convert NAME` knows."""
    return {net["name"] for net in json.loads(run([inlay, "models", "--json", "-"])[0])}


def write_model(inlay, path, net, settings):
    options = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    run([inlay, "convert", net, *options, "-o", path])
