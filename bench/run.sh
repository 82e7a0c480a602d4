#!/usr/bin/env bash
# All benchmarks: single operators, then whole networks against other programs in the same run.
# Usage: run.sh [OPTIONS OF compare.py]. docs/performance.md holds a run's table.
set -euo pipefail
cd "$(dirname "$0")/.."

build/release/bin/inlay_bench_ops
python=$(tools/peers.sh build/peers numpy onnxruntime) || { echo "ONNX Runtime cannot be installed here" >&2; python=build/peers/bin/python; }
tools/peers.sh build/peers torch > /dev/null || echo "PyTorch cannot be installed here" >&2
[[ -x $python ]] || { echo "without a Python environment there is nothing to compare with" >&2; exit 1; }
"$python" bench/peers/compare.py --inlay build/release/bin/inlay "$@"
