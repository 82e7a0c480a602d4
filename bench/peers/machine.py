"""The machine in words."""
import os
import platform
import re


def describe(cpuinfo, meminfo):
    """Of the texts of /proc/cpuinfo and /proc/meminfo."""
    model = re.search(r"^model name\s*:\s*(.+)$", cpuinfo, re.M)
    family = re.search(r"^cpu family\s*:\s*(\d+)$", cpuinfo, re.M)
    number = re.search(r"^model\s*:\s*(\d+)$", cpuinfo, re.M)
    flags = set((re.search(r"^flags\s*:\s*(.+)$", cpuinfo, re.M) or [None, ""])[1].split())
    named = [name for flag, name in (("avx2", "AVX2"), ("avx512f", "AVX-512"), ("avx512_bf16", "bf16"), ("amx_bf16", "AMX")) if flag in flags]
    memory = int(re.search(r"^MemTotal:\s*(\d+) kB", meminfo, re.M)[1]) / 2**20
    what = model[1].strip() if model else platform.machine()
    if family and number:
        what += f" (family {family[1]}, model {number[1]})"
    return f"{what}, {', '.join(named) or 'no AVX2'}, {memory:.0f} GiB"


def free_bytes():
    """Memory that a process can take without pushing others out."""
    with open("/proc/meminfo") as meminfo:
        return int(re.search(r"^MemAvailable:\s*(\d+) kB", meminfo.read(), re.M)[1]) * 1024


def here():
    with open("/proc/cpuinfo") as cpuinfo, open("/proc/meminfo") as meminfo:
        return f"{len(os.sched_getaffinity(0))} cores of {describe(cpuinfo.read(), meminfo.read())}; Linux {platform.release()}"
