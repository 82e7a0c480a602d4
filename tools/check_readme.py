#!/usr/bin/env python3
"""Every C++ and CMake block of README.md must stand in one of the examples, which the tests build and run."""
import pathlib
import re
import sys


def squeeze(text):
    return re.sub(r"\s+", " ", text).strip()


def main(root):
    examples = [squeeze(p.read_text()) for p in (root / "examples").rglob("*") if p.suffix in (".cpp", ".txt", ".sh")]
    blocks = re.findall(r"```(cpp|cmake)\n(.*?)```", (root / "README.md").read_text(), re.S)
    if not blocks:
        print("README.md shows no C++: was it meant to?")
        return 1
    missing = [body for _, body in blocks if not any(squeeze(body) in example for example in examples)]
    for body in missing:
        print(f"this README block stands in no example, so nothing compiles it:\n{body}")
    return 1 if missing else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
