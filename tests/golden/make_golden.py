"""Golden values of the operators, computed by PyTorch in double precision: python make_golden.py [FOLDER]

Each file is a list of cases {name, op, options, inputs: [{shape, data}], outputs: [{shape, data}]}; tests/ops/golden_test.cpp
builds the same with our operators and compares. Run again only when cases are added; the files are committed.
"""
import json
import pathlib
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(20240607)
torch.set_default_dtype(torch.float64)
files = {}


def draw(*shape):
    return (torch.randn(*shape) * 64).round() / 64  # short in text and exact in float


def pack(tensor):
    data = [round(float(v), 9) for v in tensor.reshape(-1)]
    return {"shape": list(tensor.shape), "data": [int(v) if v == int(v) else v for v in data]}


def case(file, op, name, options, inputs, outputs):
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    files.setdefault(file, []).append(
        {"name": name, "op": op, "options": options, "inputs": [pack(i) for i in inputs], "outputs": [pack(o) for o in outputs]})


def convolutions():
    for name, x, w, o in [
        ("plain", (2, 3, 5, 6), (4, 3, 3, 3), {}),
        ("stride_padding", (1, 2, 7, 8), (3, 2, 3, 2), {"stride": [2, 3], "padding": [2, 1]}),
        ("dilation", (1, 2, 9, 8), (2, 2, 3, 3), {"dilation": [2, 3], "padding": [2, 2]}),
        ("groups", (1, 4, 5, 5), (6, 2, 3, 3), {"groups": 2, "padding": [1, 1]}),
    ]:
        x, w = draw(*x), draw(*w)
        b = draw(w.shape[0])
        case("conv", "conv2d", name, o, [x, w, b], F.conv2d(x, w, b, **o))
    for name, x, w, o in [
        ("2x2_stride2", (2, 4, 3, 4), (4, 3, 2, 2), {"stride": [2, 2]}),
        ("output_padding", (1, 2, 4, 3), (2, 3, 3, 3), {"stride": [2, 3], "padding": [1, 1], "output_padding": [1, 2]}),
        ("dilation", (1, 2, 4, 4), (2, 2, 3, 2), {"dilation": [2, 1], "stride": [1, 2]}),
        ("groups", (1, 4, 3, 3), (4, 3, 2, 2), {"stride": [2, 2], "groups": 2}),
    ]:
        x, w = draw(*x), draw(*w)
        b = draw(w.shape[1] * o.get("groups", 1))
        case("conv", "conv_transpose2d", name, o, [x, w, b], F.conv_transpose2d(x, w, b, **o))


def pooling():
    for name, shape, o in [
        ("2x2", (2, 3, 6, 8), {"kernel_size": [2, 2], "stride": [2, 2]}),
        ("odd", (1, 2, 5, 7), {"kernel_size": [2, 2], "stride": [2, 2]}),
        ("overlap_padding", (1, 2, 7, 8), {"kernel_size": [3, 3], "stride": [2, 2], "padding": [1, 1]}),
        ("ceil", (1, 2, 6, 7), {"kernel_size": [3, 2], "stride": [2, 3], "padding": [1, 0], "ceil_mode": True}),
        ("ceil_drops_window", (1, 1, 5, 5), {"kernel_size": [2, 2], "stride": [3, 3], "padding": [1, 1], "ceil_mode": True}),
    ]:
        x = torch.randperm(torch.Size(shape).numel()).reshape(shape).double() / 8
        values, indices = F.max_pool2d(x, return_indices=True, **o)
        case("pool", "max_pool2d", name, o, [x], [values, indices])
        if o["stride"] == o["kernel_size"]:
            v = draw(*values.shape)
            case("pool", "max_unpool2d", name, o, [v, x], F.max_unpool2d(v, indices, o["kernel_size"], o["stride"], output_size=shape))
        for count in (True, False):
            case("pool", "avg_pool2d", f"{name}_{count}", {**o, "count_include_pad": count}, [x], F.avg_pool2d(x, count_include_pad=count, **o))
    x = draw(2, 3, 4, 5)
    case("pool", "global_avg_pool", "plain", {}, [x], F.adaptive_avg_pool2d(x, 1))


def resizing():
    for size in ([6, 8], [7, 3], [2, 9], [1, 1]):
        x = draw(1, 2, 3, 4)
        name = "x".join(map(str, size))
        case("resize", "resize2d", f"nearest_{name}", {"mode": "nearest", "coordinates": "asymmetric", "size": size}, [x],
             F.interpolate(x, size=size, mode="nearest"))
        for mode in ("bilinear", "bicubic"):
            for corners in (True, False):
                o = {"mode": mode, "coordinates": "align_corners" if corners else "half_pixel", "size": size}
                case("resize", "resize2d", f"{mode}_{corners}_{name}", o, [x], F.interpolate(x, size=size, mode=mode, align_corners=corners))


def layers():
    x, scale, shift, mean, variance = draw(2, 3, 4, 5), draw(3), draw(3), draw(3), draw(3).abs() + 0.5
    for training in (True, False):
        m, v = mean.clone(), variance.clone()
        y = F.batch_norm(x, m, v, scale, shift, training=training, momentum=0.25, eps=1e-3)
        o = {"training": training, "momentum": 0.25, "epsilon": 1e-3}
        case("layers", "batch_norm", str(training), o, [x, scale, shift, mean, variance], [y, m, v] if training else [y])
    case("layers", "relu", "plain", {}, [x], F.relu(x))
    case("layers", "leaky_relu", "plain", {"slope": 0.2}, [x], F.leaky_relu(x, 0.2))
    case("layers", "prelu", "plain", {}, [x, scale], F.prelu(x, scale))
    case("layers", "sigmoid", "plain", {}, [x * 8], torch.sigmoid(x * 8))
    case("layers", "softmax", "plain", {}, [x * 8], F.softmax(x * 8, 1))
    case("layers", "pad", "reflect", {"padding": [1, 3, 2, 4], "mode": "reflect"}, [x], F.pad(x, (3, 4, 1, 2), mode="reflect"))


def losses():
    logits, weights = draw(2, 4, 3, 5), draw(4).abs() + 0.25
    labels = torch.randint(0, 4, (2, 3, 5))
    labels[0, 1, 2] = labels[1, 0, 0] = 255
    for name, w in (("plain", None), ("class_weights", weights)):
        inputs = [logits, labels] + ([w] if w is not None else [])
        case("losses", "cross_entropy", name, {}, inputs, F.cross_entropy(logits, labels, w, ignore_index=255).reshape(1))
    logits, labels = draw(2, 1, 3, 5), torch.randint(0, 2, (2, 3, 5))
    case("losses", "binary_cross_entropy", "plain", {}, [logits, labels],
         F.binary_cross_entropy_with_logits(logits[:, 0], labels.double()).reshape(1))


folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
for group in (convolutions, pooling, resizing, layers, losses):
    group()
for file, cases in files.items():
    text = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    (folder / f"{file}.json").write_text(f"[\n{text}\n]\n")
