#!/usr/bin/env bash
# Installs Inlay into a fresh folder, builds the consumer against it, trains, and labels a picture. Usage: run.sh BUILD EXAMPLES COMPILER
set -euo pipefail
build=$1
examples=$2
work=$build/examples_run
rm -rf "$work"
mkdir -p "$work"

cmake --install "$build" --prefix "$work/prefix" > "$work/install.log"
cmake -G Ninja -S "$examples/consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_COMPILER="$3" -DCMAKE_BUILD_TYPE=Release > "$work/configure.log"
cmake --build "$work/consumer" > "$work/build.log" || { cat "$work/build.log"; exit 1; }

"$work/prefix/bin/inlay" data synth --kind cells --count 8 --size 32x32 --seed 3 -o "$work/cells"
"$build/bin/train_and_save" "$work/cells" "$work/cells.onnx" 1
picture=$(ls "$work"/cells/test/images/* | head -n 1)
"$work/consumer/segment" "$work/cells.onnx" "$picture" "$work/mask.png"
[[ -s $work/mask.png ]]
