"""How much faster two threads are than one: Inlay, and the peer that was fastest in the case itself."""
import dataclasses

import results
import steps
from cases import CASES
from command import Failed
from results import INLAY, Result


def scaling(bench, case, of, key, name, start):
    """The Result has the times of one thread, and as `ours` those of two."""
    bench.progress.say(f"{case.key} {name}")
    result = Result(case.key, key, name)
    try:
        with start(1) as one, start(2) as two:
            result.times, result.ours = steps.in_turn(one, two, bench.rounds, bench.runs or of.runs)
    except Failed as failure:
        result.error = str(failure)
    return result


def measure(bench, case):
    of = dataclasses.replace(next(c for c in CASES if c.key == case.of), key=case.key)
    try:
        if len(bench.cores) < 2:
            raise Failed("this needs two cores")
        folder = steps.prepare(bench, of)
    except Failed as failure:
        yield Result(case.key, INLAY, "Inlay", error=str(failure))
        return
    yield scaling(bench, case, of, INLAY, "Inlay", lambda n: steps.start_inlay(bench, of, folder, n))
    best = results.best(bench.results, case.of)
    peer = best and next(p for p in bench.peers if p.key == best.key)
    if not peer:
        yield Result(case.key, "", "best peer", error=f"{case.of} was not measured in this run, so it is not known")
        return
    yield scaling(bench, case, of, peer.key, peer.name, lambda n: steps.start_peer(bench, peer, of, folder, n))
