#!/usr/bin/env bash
# A virtual environment with the programs that Inlay is compared to. Usage: setup.sh FOLDER
# What cannot be installed is left out; compare.py says so.
set -euo pipefail
folder=$1
[[ -x $folder/bin/python ]] || python3 -m venv "$folder"
for package in numpy onnxruntime torch; do
  "$folder/bin/python" -c "import $package" 2> /dev/null || "$folder/bin/pip" install --quiet "$package" || echo "$package cannot be installed here" >&2
done
