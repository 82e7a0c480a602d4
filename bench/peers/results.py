"""What was measured, and the numbers that follow from it."""
import statistics
from dataclasses import dataclass, field

INLAY = "inlay"
NOTHING_TO_COMPARE = "Inlay failed, so there is nothing to compare with"


@dataclass
class Result:
    """Of one program in one case. `ours` are Inlay's times of the same rounds."""
    case: str
    key: str
    name: str
    times: list = field(default_factory=list)  # ms
    ours: list = field(default_factory=list)  # ms
    peak_mb: float | None = None
    differences: tuple = ()  # from Inlay: of the logits, or of the loss at the first and the third step; relative
    fp32: bool = True
    note: str = ""
    error: str = ""  # why there are no numbers

    def median(self):
        return statistics.median(self.times)

    def ours_median(self):
        return statistics.median(self.ours)

    def least(self):
        return min(self.times)

    def ratio(self):
        """How many times as long as Inlay it takes."""
        return self.median() / self.ours_median()

    def least_ratio(self):
        return self.least() / min(self.ours)


def find(results, case, key):
    """The one with numbers, or None."""
    return next((r for r in results if (r.case, r.key) == (case, key) and not r.error), None)


def best(results, case, group=("",)):
    """The fastest fp32 peer of the group (keys that start so), or None."""
    rows = [r for r in results if r.case == case and r.key != INLAY and r.fp32 and not r.error and r.key.startswith(group)]
    return min(rows, key=Result.ratio, default=None)


def least_memory(results, case, group):
    """The fp32 peer of the group that takes least memory, or None."""
    rows = [r for r in results if r.case == case and r.fp32 and r.peak_mb and r.key.startswith(group)]
    return min(rows, key=lambda r: r.peak_mb, default=None)
