"""Inference and training steps: Inlay and one peer at a time, in turn (A B A B), both warm."""
import time

import fixture
from command import Failed
from contestant import Contestant
from peers import AVX2
from results import INLAY, Result

WARM_UP = 3
RATE = 1e-3
PAUSE = 0.2  # seconds before each turn, in which the other's threads stop spinning
LOGITS_TOLERANCE = 1e-3  # of the largest logit; fp32 peers are usually at 1e-6
LOSS_TOLERANCES = 1e-3, 5e-2  # relative, at the first and the third step: Adam's first steps amplify rounding


def job_of(case, folder, threads):
    return {"mode": case.kind, "model": str(folder / "model.onnx"), "shape": case.shape, "classes": case.classes,
            "image": str(folder / "image.f32"), "labels": str(folder / "labels.u8"), "threads": threads,
            "warm_up": WARM_UP, "rate": RATE}


def prepare(bench, case):
    """The folder with the case's files."""
    folder = bench.folder / case.key
    folder.mkdir()
    channels = {"in_channels": case.shape[1], "classes": case.classes}
    fixture.write_model(bench.inlay, folder / "model.onnx", case.net, {**case.settings, **channels})
    fixture.write_inputs(folder, case.shape, case.classes)
    return folder


def environment(case, threads, own):
    pinned = {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    return {**pinned, **own, **(AVX2 if case.avx2 else {})}


def start_inlay(bench, case, folder, threads):
    return Contestant([bench.contestant], job_of(case, folder, threads), environment(case, threads, {}),
                      bench.cores[:threads], folder / "inlay.log", "Inlay: ")


def start_peer(bench, peer, case, folder, threads):
    own = dict(peer.environment)
    if peer.preload:
        own["LD_PRELOAD"] = peer.preload
    return Contestant([bench.python, bench.scripts / peer.script], {**job_of(case, folder, threads), **peer.settings},
                      environment(case, threads, own), bench.cores[:threads], folder / f"{peer.key}.log")


def in_turn(one, other, rounds, runs):
    """([ms of one], [ms of the other])"""
    times = [], []
    for _ in range(rounds):
        for contestant, list_of in zip((one, other), times):
            time.sleep(PAUSE)
            list_of += contestant.run(runs)
    return times


def check_agreement(case, folder, ours, theirs, result):
    """Fills in result.differences. Throws Failed when an fp32 peer computes something else."""
    if case.kind == "train":
        pairs = list(zip(theirs.ready["losses"], ours.ready["losses"]))
        result.differences = tuple(fixture.relative(*pairs[step]) for step in (0, 2))
        agrees = all(found <= limit for found, limit in zip(result.differences, LOSS_TOLERANCES))
    else:
        theirs.save(folder / "theirs.f32")
        largest, apart = fixture.difference(folder / "theirs.f32", folder / "inlay.f32", LOGITS_TOLERANCE)
        result.differences = (largest,)
        agrees = largest <= LOGITS_TOLERANCE or apart < case.apart
        if largest > LOGITS_TOLERANCE and agrees:
            result.note = f"{apart:.1%} of the logits differ by more than {LOGITS_TOLERANCE:.0e}: remembered positions"
    if result.fp32 and not agrees:
        found = ", ".join(f"{value:.1e}" for value in result.differences)
        raise Failed(f"computes something else: relative difference {found}")


def note_of(peer, case):
    return "not limited: it has no switch" if case.avx2 and not peer.avx2_switch else ""


def measure_peer(bench, case, folder, ours, peer):
    result = Result(case.key, peer.key, peer.name, fp32=peer.fp32, note=note_of(peer, case))
    bench.progress.say(f"{case.key} {peer.name}")
    try:
        bench.need(peer)
        with start_peer(bench, peer, case, folder, bench.threads) as theirs:
            check_agreement(case, folder, ours, theirs, result)
            result.ours, result.times = in_turn(ours, theirs, bench.rounds, bench.runs or case.runs)
            result.peak_mb = theirs.peak_mb()
    except Failed as failure:
        result.times, result.error = [], str(failure)
    return result


def measure(bench, case):
    """Yields a Result a program, Inlay's last."""
    own = Result(case.key, INLAY, "Inlay")
    try:
        folder = prepare(bench, case)
        with start_inlay(bench, case, folder, bench.threads) as ours:
            if case.kind == "infer":
                ours.save(folder / "inlay.f32")
            for peer in bench.peers_of(case):
                result = measure_peer(bench, case, folder, ours, peer)
                own.times += result.ours
                yield result
            own.times = own.times or ours.run(bench.runs or case.runs)
            own.ours = own.times
            own.peak_mb = ours.peak_mb()
    except Failed as failure:
        own.error = str(failure)
    yield own
