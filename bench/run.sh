#!/usr/bin/env bash
# All benchmarks: single operators, whole networks, and whole networks against other programs in the same run.
set -euo pipefail
cd "$(dirname "$0")/.."

build/release/bin/inlay_bench_ops --benchmark_counters_tabular=true
bench/peers/setup.sh build/peers
build/peers/bin/python bench/peers/compare.py --inlay build/release/bin/inlay "$@"
