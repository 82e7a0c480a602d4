"""Inlay against ONNX Runtime and PyTorch, in turn (A B A B ...), same network, same threads. Prints a Markdown table of ratios."""
import argparse
import importlib.util
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

CASES = [  # name, mode, width, channels, side, batch, classes
    ("I1", "infer", 64, 3, 512, 1, 21),
    ("I2", "infer", 16, 1, 128, 32, 2),
    ("T1", "train", 64, 3, 512, 1, 21),
    ("T2", "train", 16, 1, 128, 32, 2),
]
PEAK = 215.0  # GFLOP/s of fp32 multiply-adds of two cores of the machine named in docs/performance.md


def have(package):
    return importlib.util.find_spec(package) is not None


def median_ms(step, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times), min(times)


def inlay(args, case, model):
    _, mode, _, channels, side, batch, _ = case
    out = subprocess.run(
        [args.inlay, "bench", str(model), "--size", f"{channels}x{side}x{side}", "--batch", str(batch), "--mode", mode,
         "--threads", str(args.threads), "--runs", str(args.runs), "--json", "-"], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def onnxruntime_step(args, case, model):
    import numpy
    import onnxruntime
    _, _, _, channels, side, batch, _ = case
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    x = numpy.random.default_rng(0).standard_normal((batch, channels, side, side), dtype=numpy.float32)
    return lambda: session.run(None, {session.get_inputs()[0].name: x})


def torch_step(args, case, channels_last):
    import torch
    from unet_torch import UNet
    _, mode, width, channels, side, batch, classes = case
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    memory_format = torch.channels_last if channels_last else torch.contiguous_format
    net = UNet(channels, classes, width).to(memory_format=memory_format)
    x = torch.randn(batch, channels, side, side).to(memory_format=memory_format)
    if mode == "infer":
        net.eval()

        def infer():
            with torch.inference_mode():
                net(x)
        return infer
    labels = torch.randint(classes, (batch, side, side))
    optimizer = torch.optim.Adam(net.parameters())

    def train():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x), labels).backward()
        optimizer.step()
    return train


def peers(args, case, model):
    if case[1] == "infer" and have("onnxruntime"):
        yield "ONNX Runtime", onnxruntime_step(args, case, model)
    if have("torch"):
        yield "PyTorch", torch_step(args, case, False)
        yield "PyTorch channels_last", torch_step(args, case, True)


def measure(args, case, folder):
    name, mode, width, channels, side, batch, classes = case
    model = folder / f"{name}.onnx"
    subprocess.run([args.inlay, "convert", "unet", "--set", f"width={width}", "--set", f"in_channels={channels}", "--set", f"classes={classes}",
                    "-o", str(model)], check=True, capture_output=True)
    ours, theirs = [], {}
    for _ in range(args.rounds):
        ours.append(inlay(args, case, model))
        for peer, step in peers(args, case, model):
            step()  # warm-up
            theirs.setdefault(peer, []).append(median_ms(step, args.runs))
    best = min(ours, key=lambda r: r["median_ms"])
    label = f"{name} {mode} unet {width}, {batch}x{channels}x{side}x{side}"
    algorithms = ", ".join(f"{count} {algorithm}" for algorithm, count in best["algorithms"].items())
    print(f"| {label} | Inlay | {best['median_ms']:.1f} | {best['min_ms']:.1f} | 1.00 | {best['gflops']:.0f} ({best['gflops'] / PEAK:.2f}x) "
          f"| {best['peak_rss_mb']:.0f} | {algorithms} |", flush=True)
    for peer, rows in theirs.items():
        median, least = min(rows)
        print(f"| | {peer} | {median:.1f} | {least:.1f} | {median / best['median_ms']:.2f} | | | |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inlay", default="build/release/bin/inlay")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--cases", nargs="*", default=[case[0] for case in CASES])
    args = parser.parse_args()
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    versions = [f"{p} {importlib.import_module(p).__version__}" if have(p) else f"{p} not installed" for p in ("onnxruntime", "torch")]
    print(f"{platform.machine()}, {args.threads} threads; {', '.join(versions)}; {time.strftime('%Y-%m-%d')}\n")
    print("| case | program | median ms | min ms | times Inlay's | GFLOP/s (of direct peak) | peak MB | convolutions |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            if case[0] in args.cases:
                measure(args, case, pathlib.Path(folder))


main()
