"""Inlay beside other programs: the same networks, weights, inputs and threads, in turn. Prints Markdown."""
import argparse
import contextlib
import os
import pathlib
import signal
import sys
import tempfile

import cases
import epoch
import fixture
import large
import peers
import report
import start_to_end
import steps
import tables
import threads
from command import run
from environment import Environment, need_library
from progress import Progress
from results import INLAY, Result

ROOT = pathlib.Path(__file__).resolve().parents[2]
MEASURES = {"infer": steps.measure, "train": steps.measure, "epoch": epoch.measure, "predict": start_to_end.measure,
            "threads": threads.measure, "large": large.measure}


class Bench:
    """What all measurements share."""

    scripts = ROOT / "bench" / "peers" / "contestants"

    def __init__(self, args, chosen, asked, folder):
        self.folder = pathlib.Path(folder)
        self.inlay, self.contestant = args.bin / "inlay", args.bin / "inlay_bench_contestant"
        self.cores = sorted(os.sched_getaffinity(0))
        self.threads = args.threads or len(self.cores)
        self.rounds, self.runs = args.rounds, args.runs
        self.peers = asked
        self.results = []
        self.version = run([self.inlay, "--version"])[0].split()[-1]
        self.nets = fixture.networks(self.inlay)
        self.progress = Progress(sum(map(self.minutes, chosen)))
        self.environment = Environment(args.venv, dict.fromkeys(peer.package for peer in asked), self.progress.note)
        self.python = self.environment.python

    def need(self, peer):
        """Throws Failed with the reason when the peer cannot be had."""
        self.environment.need(peer.package)
        if peer.preload:
            need_library(peer.preload)

    def asked(self, group):
        return any(peer.key.startswith(group) for peer in self.peers)

    def peers_of(self, case):
        return [peer for peer in self.peers if peers.suits(peer, case)]

    def minutes(self, case):
        if case.net not in self.nets:
            return 0
        return case.minutes * (len(self.peers_of(case)) if case.kind in ("infer", "train") else 1)

    def measure(self, chosen):
        for i, case in enumerate(chosen):
            self.progress.left = sum(map(self.minutes, chosen[i:]))
            if case.net not in self.nets:
                self.keep(Result(case.key, INLAY, "Inlay", error="not in Inlay yet"))
                continue
            by_peer = case.kind in ("infer", "train")
            with contextlib.closing(MEASURES[case.kind](self, case)) as found:  # closed also when this is interrupted
                for result in found:
                    self.keep(result)
                    if by_peer and result.key != INLAY:
                        self.progress.finish(case.minutes)
            if not by_peer:
                self.progress.finish(case.minutes)

    def keep(self, result):
        self.results.append(result)
        told = result.error or f"{tables.number(result.median())} ms, {result.ratio():.2f}x"
        self.progress.note(f"  {result.case} {result.name}: {told}")


def natural(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: expected 1 or more")
    return value


def options():
    parser = argparse.ArgumentParser(prog="make bench-peers ARGS=...", description=__doc__)
    parser.add_argument("--cases", nargs="+", default=[], metavar="CASE",
                        help=f"all when left out: {', '.join(case.key for case in cases.CASES)}; I3 is all of its networks")
    parser.add_argument("--peers", nargs="+", default=[], metavar="PEER",
                        help=f"or the start of the name; all when left out: {', '.join(peer.key for peer in peers.PEERS)}")
    parser.add_argument("--threads", type=natural, metavar="N", help="all cores when left out")
    parser.add_argument("--rounds", type=natural, default=3, metavar="N", help="turns of Inlay and the peer (default: 3)")
    parser.add_argument("--runs", type=natural, metavar="N", help="runs in a turn; what suits the case when left out")
    parser.add_argument("--large", action="store_true", help="also case L, which takes long")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--venv", type=pathlib.Path, default=ROOT / "build" / "peers", metavar="DIR",
                        help="Python environment of the peers (default: build/peers)")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin", metavar="DIR",
                        help="folder of inlay and inlay_bench_contestant (default: build/release/bin)")
    args = parser.parse_args()
    if missing := [name for name in ("inlay", "inlay_bench_contestant") if not (args.bin / name).is_file()]:
        parser.error(f"there is no {missing[0]} in {args.bin}: make build")
    try:
        return args, cases.chosen(args.cases, args.large), peers.chosen(args.peers)
    except ValueError as error:
        parser.error(str(error))


def main():
    args, chosen, asked = options()
    document = ROOT / "docs" / "performance.md"
    if args.write:
        tables.insert(document.read_text(), "")  # better now than after an hour
    with tempfile.TemporaryDirectory(prefix="inlay_bench_") as folder:
        bench = Bench(args, chosen, asked, folder)
        bench.measure(chosen)
        text = report.text(bench, chosen)
    print(text)
    if args.write:
        document.write_text(tables.insert(document.read_text(), text))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the way out that ends the contestants
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\ninterrupted")
