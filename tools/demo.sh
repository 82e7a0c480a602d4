#!/usr/bin/env bash
# The main job from start to end on made-up microscope pictures. Usage: demo.sh PROGRAM [FOLDER]
# Every step is skipped when its result is there: delete the folder to begin again.
set -euo pipefail
inlay=$1
folder=${2:-demo}
data=$folder/cells
run=$folder/run

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }

step "1. Data: 120 pictures of cells with dark membranes, 128x128"
if [[ -d $data ]]; then
  echo "$data is there already"
else
  "$inlay" data synth --kind cells --count 120 --size 128x128 --seed 1 -o "$data.tmp"
  mv "$data.tmp" "$data"
fi

step "2. Training a U-Net"
if [[ -f $run/report.html ]]; then
  echo "$run is there already"
elif [[ -f $run/state.safetensors ]]; then
  "$inlay" train "$data" -o "$run" --config "$run/config.toml" --resume
else
  "$inlay" train "$data" -o "$run" --width 16 --depth 3 --epochs 24 --batch 8 --augment free --schedule cosine --seed 1
fi

step "3. Scores on the pictures that training never saw"
"$inlay" evaluate "$run/best.onnx" "$data" --split test
"$inlay" evaluate "$run/best.onnx" "$data" --split test --json "$folder/scores.json" > /dev/null 2>&1

step "4. Labelling new pictures"
"$inlay" predict "$run/best.onnx" "$data/test/images" -o "$folder/predictions" --overlay

reached=$(sed -n 's/.*"mean_iou": *\([0-9.]*\).*/\1/p' "$folder/scores.json" | head -n 1)
threshold=$("$inlay" data info "$data" --split test --json - | sed -n 's/.*"best_threshold_iou": *\([0-9.]*\).*/\1/p' | head -n 1)
step "Done"
printf 'mean IoU on the held-out pictures: %.3f   (the best grey threshold reaches %.3f)\n' "$reached" "$threshold"
echo "Open $run/report.html for the curves, scores and sample pictures,"
echo "     $folder/predictions/ for a mask and an overlay of every test picture,"
echo "     $run/best.onnx with Netron, ONNX Runtime, or: $inlay predict $run/best.onnx YOUR_IMAGES -o OUT --overlay"
