"""An epoch of training from files: `inlay train` and a plain PyTorch loop, in turn. Each trains two epochs; the second
one's training part counts, without validation and start."""
import csv
import json
import shutil

from command import Failed, run
from results import INLAY, NOTHING_TO_COMPARE, Result

PICTURES = 34  # 24 of them to train on: whole batches
HEIGHT, WIDTH = 352, 480  # patches of the 360x480 pictures
BATCH, CLASSES, EPOCHS = 8, 6, 2


def inlay_ms(bench, case, folder):
    shutil.rmtree(folder / "run", ignore_errors=True)
    run([bench.inlay, "train", folder / "data", "-o", folder / "run", "--epochs", EPOCHS, "--batch", BATCH, "--size",
         f"{HEIGHT}x{WIDTH}", "--model", case.net, "--loss", "cross_entropy", "--class-weights",
         "none", "--optimizer", "adam", "--threads", bench.threads], cores=bench.cores[:bench.threads])
    last = list(csv.DictReader((folder / "run" / "metrics.csv").open()))[-1]
    return len(list((folder / "data" / "train" / "images").iterdir())) / float(last["images_per_second"]) * 1e3


def torch_ms(bench, case, folder):
    bench.environment.need("torch")
    job = {"data": str(folder / "data" / "train"), "height": HEIGHT, "width": WIDTH, "batch": BATCH, "classes": CLASSES,
           "epochs": EPOCHS, "threads": bench.threads}
    output, _ = run([bench.python, bench.scripts / "epoch_torch.py", json.dumps(job)], cores=bench.cores[:bench.threads])
    return json.loads(output.splitlines()[-1])["epoch_seconds"][-1] * 1e3


def take_time(bench, case, folder, result, ms_of):
    if result.error:
        return
    bench.progress.say(f"{case.key} {result.name}, round {len(result.times) + 1} of {bench.rounds}")
    try:
        result.times.append(ms_of(bench, case, folder))
    except Failed as failure:
        result.error = str(failure)


def measure(bench, case):
    folder = bench.folder / case.key
    ours = Result(case.key, INLAY, "Inlay", note="mirrors, shifts, scales, turns, changes the light")
    theirs = Result(case.key, "torch-channels-last", "PyTorch channels_last",
                    note="DataLoader with 2 workers, PIL; crops and mirrors alone")
    programs = [(ours, inlay_ms), (theirs, torch_ms)] if bench.asked(theirs.key) else [(ours, inlay_ms)]
    try:
        run([bench.inlay, "data", "synth", "--kind", "street", "--count", PICTURES, "--size", "360x480", "-o", folder / "data"])
    except Failed as failure:
        ours.error = str(failure)
    for _ in range(bench.rounds):
        for result, ms_of in programs if not ours.error else ():
            take_time(bench, case, folder, result, ms_of)
    for result, _ in programs:
        result.ours = ours.times
        if ours.error and not result.error:
            result.error = NOTHING_TO_COMPARE
        yield result
