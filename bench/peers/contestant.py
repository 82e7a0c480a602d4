"""A contestant seen from the harness: a process of its own, kept warm between rounds. contestants/contest.py has the
other end and the protocol."""
import json
import os
import pathlib
import re
import subprocess
import threading

from command import Failed, kill_group, limit, why

START_SECONDS = 1800  # torch.compile of a training step on two slow cores
STEP_SECONDS = 600


class Contestant:
    """Use as a context manager: the process and all it started are gone afterwards."""

    def __init__(self, command, job, environment, cores, log, label=""):
        """`cores`: the ones it may run on. `log`: file for what it prints. `label` is put before a reason to fail."""
        self.log = pathlib.Path(log)
        self.label = label
        with self.log.open("w") as errors:
            self.process = subprocess.Popen(
                [*command, json.dumps(job)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                env={**os.environ, **environment}, start_new_session=True,
                preexec_fn=lambda: limit(cores, None))

    def __enter__(self):
        try:
            self.ready = self.answer(START_SECONDS)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def run(self, runs):
        """Milliseconds of each run."""
        return self.ask(f"run {runs}")["ms"]

    def save(self, path):
        """The logits of the last run as little-endian floats, NCHW."""
        self.ask(f"save {path}")

    def peak_mb(self):
        """The most memory that the process had so far, 10^6 bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s*(\d+) kB", status)
        if not found:  # it ended, and is only waited for
            raise Failed(self.reason())
        return int(found[1]) * 1024 / 1e6

    def ask(self, request):
        try:
            print(request, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            raise Failed(self.reason()) from None
        return self.answer(STEP_SECONDS)

    def answer(self, seconds):
        too_long = threading.Event()
        timer = threading.Timer(seconds, lambda: (too_long.set(), kill_group(self.process)))
        timer.start()
        try:
            line = self.process.stdout.readline()
        finally:
            timer.cancel()
        if too_long.is_set():
            raise Failed(f"{self.label}no answer within {seconds} s")
        if not line:
            raise Failed(self.reason())
        return json.loads(line)

    def reason(self):
        return self.label + why(self.process.wait(), self.log.read_text(errors="replace"))

    def close(self):
        kill_group(self.process)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass  # a request that nobody will read
