#!/usr/bin/env bash
# Single operators, then two small cases beside other programs. Usage: run.sh [OPTIONS OF peers/compare.py].
# All cases: make bench-peers.
set -euo pipefail
cd "$(dirname "$0")/.."

build/release/bin/inlay_bench_ops
python3 bench/peers/compare.py --cases I2 T2 --rounds 2 "$@"
