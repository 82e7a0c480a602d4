#!/bin/sh
# Makes a Python environment with the packages named and prints the path of its python.
#   tools/peers.sh FOLDER PACKAGE...
# What is installed there already is used as it is. On failure it exits with 1 and the last line on standard error says why.
set -u
folder=$1
shift

why() {
  echo "$1" >&2
  exit 1
}

mkdir -p "$folder" || why "cannot make the folder $folder"
python=$folder/bin/python
# Two tests may want the same environment at the same time.
exec 9> "$folder/.lock"
command -v flock > /dev/null && flock 9

marker=$folder/.installed-$(echo "$*" | tr ' /' '__')
if [ ! -f "$marker" ]; then
  command -v python3 > /dev/null || why "there is no python3"
  [ -x "$python" ] || python3 -m venv "$folder" > "$folder/venv.log" 2>&1 || why "python3 -m venv failed (Debian: apt-get install python3-venv)"
  "$python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 "$@" > "$folder/pip.log" 2>&1 ||
    why "pip cannot install $*: $(grep -v '^ *$' "$folder/pip.log" | tail -n 1)"
  : > "$marker"
fi
echo "$python"
