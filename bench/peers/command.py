"""Commands that run to their end, and why they failed."""
import os
import resource
import signal
import subprocess
import time


class Failed(Exception):
    """In one line why there is no number."""


def why(status, printed):
    """Why a process failed: its last line says most."""
    if status < 0:
        return f"ended by {signal.Signals(-status).name}" + (" (out of memory?)" if status == -signal.SIGKILL else "")
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    return lines[-1] if lines else f"ended with exit code {status} and no message"


def kill_group(process):
    """The process, which leads a session of its own, and all it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # all have ended by themselves


def limit(cores, memory):
    """For a new process: the cores it may run on and the bytes it may address; None for all."""
    if cores:
        os.sched_setaffinity(0, cores)
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def run(words, cores=None, memory=None, seconds=1800):
    """(what it printed on standard output, seconds from start to exit). Throws Failed. It leaves no process behind."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, preexec_fn=lambda: limit(cores, memory))
    try:
        output, errors = process.communicate(timeout=seconds)
        taken = time.perf_counter() - start
    except subprocess.TimeoutExpired:
        raise Failed(f"not done within {seconds} s") from None
    finally:
        kill_group(process)
        process.wait()
        process.stdout.close()
        process.stderr.close()
    if process.returncode != 0:
        raise Failed(why(process.returncode, errors))
    return output, taken
