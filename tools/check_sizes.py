#!/usr/bin/env python3
"""No source file over 500 lines, and the median under 130."""
import pathlib
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMIT, MEDIAN = 500, 130


def main() -> int:
    files = [p for folder in ("src", "include", "apps", "tests", "bench", "examples", "tools")
             for p in (ROOT / folder).rglob("*") if p.suffix in (".cpp", ".h", ".py", ".sh", ".js", ".css")]
    lines = {p: len(p.read_text().splitlines()) for p in files}
    long = [f"{p.relative_to(ROOT)}: {n} lines, the limit is {LIMIT}" for p, n in lines.items() if n > LIMIT]
    median = statistics.median(lines.values())
    print("\n".join(long) or f"sizes: {len(files)} files, median {median:.0f} lines, longest {max(lines.values())}")
    return 1 if long or median > MEDIAN else 0


sys.exit(main())
