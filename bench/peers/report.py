"""The text that a run leaves."""
import time

import cases
import machine
import tables


def header(bench):
    return (f"Measured on {time.strftime('%Y-%m-%d')} with `make bench-peers`: {machine.here()}. {bench.threads} threads on as "
            f"many cores, Inlay and each peer in turn, rounds: {bench.rounds}; Inlay {bench.version}.")


def text(bench, chosen):
    left_out = [case.key for case in cases.CASES if case not in chosen]
    parts = [header(bench), tables.peer_table(bench.peers, bench.environment.versions), tables.time_table(bench.results, chosen),
             tables.thread_table(bench.results, chosen), tables.target_table(bench.results, chosen),
             f"Not asked for in this run: {', '.join(left_out)}." if left_out else ""]
    return "\n\n".join(part for part in parts if part)
