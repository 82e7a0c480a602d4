"""What every contestant is: a process that gets a job, warms up, and answers requests until its standard input ends.

The job is the only argument, as JSON:
  mode       "infer", or "train": forward, cross-entropy, backward and Adam's update
  model      ONNX file of Inlay with the weights
  shape      [N, C, H, W] of the input "image"
  image      file with that input: little-endian floats, row by row
  labels     file with the classes, N x H x W bytes (train)
  classes, threads, warm_up (steps), rate (Adam's learning rate), and the contestant's own settings

A request is one line on standard input, an answer one line of JSON on standard output:
  (when warm)   {"losses": [one a warm-up step; none for inference]}
  run N         {"ms": [one a step]}
  save FILE     {}; FILE then holds the logits: little-endian floats, N K H W
"""
import json
import os
import sys
import time
from dataclasses import dataclass
from typing import Any, Callable


@dataclass
class Work:
    step: Callable[[], Any]  # when training it returns the loss of before the update
    logits: Callable[[], Any]  # of the last step, as a numpy array; not asked for when training
    repeats: int = 1  # how much a step does: its time is divided by this


def private_output():
    """Standard output for the answers alone: what libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def timed_ms(work):
    start = time.perf_counter()
    work.step()
    return (time.perf_counter() - start) * 1e3 / work.repeats


def save(logits, path):
    logits.astype("<f4", copy=False).tofile(path)
    return {}


def serve(make):
    """`make` turns the job into Work."""
    answers = private_output()
    job = json.loads(sys.argv[1])

    def answer(content):
        print(json.dumps(content), file=answers, flush=True)

    work = make(job)
    results = [work.step() for _ in range(job["warm_up"])]
    answer({"losses": [float(loss) for loss in results] if job["mode"] == "train" else []})
    for line in sys.stdin:
        request, _, argument = line.strip().partition(" ")
        if request == "run":
            answer({"ms": [timed_ms(work) for _ in range(int(argument))]})
        elif request == "save":
            answer(save(work.logits(), argument))
        else:
            sys.exit(f"unknown request '{request}'")
