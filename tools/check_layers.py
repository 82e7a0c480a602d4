#!/usr/bin/env python3
"""Includes go down only: checks every #include of src/ and apps/ against the layers of docs/architecture.md."""
import pathlib
import re
import sys

# Each folder with the folders that it may include besides itself.
BASE = {"base"}
TENSOR = BASE | {"tensor"}
IMAGE = TENSOR | {"image"}
PLUGINS = IMAGE | {"plugins"}
GRAPH = TENSOR | {"graph"}
OPS = GRAPH | {"ops"}
COMPILER = OPS | {"compiler"}
RUNTIME = COMPILER | {"runtime"}
MODELS = COMPILER | {"nn", "models", "losses"}
ONNX = MODELS | {"onnx"}
INFER = ONNX | RUNTIME | IMAGE | {"data", "infer"}
TRAIN = INFER | {"metrics", "train"}
WORKFLOW = TRAIN | PLUGINS | {"workflow"}
ALLOWED = {
    "base": BASE, "tensor": TENSOR, "image": IMAGE, "plugins": PLUGINS, "graph": GRAPH, "ops": OPS, "compiler": COMPILER,
    "runtime": RUNTIME, "nn": MODELS, "models": MODELS, "losses": MODELS, "onnx": ONNX, "data": IMAGE | {"data"},
    "metrics": IMAGE | {"metrics"}, "infer": INFER, "train": TRAIN, "workflow": WORKFLOW, "cli": WORKFLOW | {"cli"},
}
INCLUDE = re.compile(r'^#include "([a-z_0-9]+)/')
ROOT = pathlib.Path(__file__).resolve().parent.parent


def main() -> int:
    wrong = []
    files = [(p, p.relative_to(ROOT / "src").parts[0]) for p in (ROOT / "src").rglob("*") if p.suffix in (".cpp", ".h")]
    files += [(p, "cli") for p in (ROOT / "apps" / "cli").rglob("*") if p.suffix in (".cpp", ".h")]
    for path, layer in files:
        if layer not in ALLOWED:
            wrong.append(f"{path.relative_to(ROOT)}: the folder '{layer}' is no layer; add it to {__file__}")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if match and match[1] != "inlay" and match[1] not in ALLOWED[layer]:
                wrong.append(f"{path.relative_to(ROOT)}:{number}: '{layer}' may not include '{match[1]}'")
            if "dnnl" in line and line.startswith("#include") and "runtime/cpu" not in str(path):
                wrong.append(f"{path.relative_to(ROOT)}:{number}: oneDNN is seen in src/runtime/cpu alone")
    print("\n".join(wrong) or f"layers: {len(files)} files in order")
    return 1 if wrong else 0


sys.exit(main())
