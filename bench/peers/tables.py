"""Results as Markdown, and their place in a document."""
import cases
import results
from results import INLAY

BEGIN, END = "<!-- make bench-peers --write: begin -->", "<!-- make bench-peers --write: end -->"


def table(head, rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in [head, *rows]]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def number(ms):
    return f"{ms:.0f}" if ms >= 1000 else f"{ms:.1f}"


def in_order(rows):
    """Inlay, then the peers from the fastest on, then those without numbers."""
    return sorted(rows, key=lambda r: (r.key != INLAY, bool(r.error), 0 if r.error else r.ratio()))


def time_cells(r, inlay):
    notes = [note for note in (r.note, "" if r.fp32 else "not fp32") if note]
    if r.error:
        return [r.name, "–", "–", "–", "–", "–", "–", r.error.replace("|", "/")]
    memory = f"{r.peak_mb:.0f}" if r.peak_mb else "–"
    if r.peak_mb and r.key != INLAY and inlay and inlay.peak_mb:
        memory += f" ({r.peak_mb / inlay.peak_mb:.2f}x)"
    return [r.name, number(r.median()), number(r.least()), f"{r.ratio():.2f}x", f"{r.least_ratio():.2f}x", memory,
            " / ".join(f"{value:.0e}" for value in r.differences) or "–", "; ".join(notes)]


def time_table(rows, chosen):
    """Of all cases but those of threads."""
    head = ["case", "program", "median ms", "least ms", "ratio", "least ratio", "peak MB", "difference", "notes"]
    lines = []
    for case in chosen:
        here = in_order([r for r in rows if r.case == case.key])
        inlay = results.find(rows, case.key, INLAY)
        if case.kind != "threads":
            lines += [[f"**{case.key}** {case.title}" if i == 0 else ""] + time_cells(r, inlay) for i, r in enumerate(here)]
    return table(head, lines) if lines else ""


def thread_table(rows, chosen):
    lines = []
    for case in (c for c in chosen if c.kind == "threads"):
        for r in (r for r in rows if r.case == case.key):
            cells = ["–", "–", r.error] if r.error else [number(r.median()), number(r.ours_median()), f"{r.ratio():.2f}x"]
            lines.append([case.key, r.name, *cells])
    return table(["case", "program", "1 thread, ms", "2 threads, ms", "times as fast"], lines) if lines else ""


def verdict(case, what, target, measured, met):
    return [case, what, target, measured, "yes" if met else "no"]


def speed_targets(rows, case):
    if fastest := results.best(rows, case.key):
        yield [case.key, f"best fp32 peer: {fastest.name}", "–", f"{fastest.ratio():.2f}x", "–"]
    rival = results.best(rows, case.key, case.against) if case.target else None
    if rival:
        yield verdict(case.key, f"speed of {rival.name}", f"{case.target}x", f"{rival.ratio():.2f}x", rival.ratio() >= case.target)


def memory_targets(rows, case):
    inlay = results.find(rows, case.key, INLAY)
    group, most = (("torch",), cases.TRAINING_MEMORY) if case.kind == "train" else (("onnxruntime",), cases.INFERENCE_MEMORY)
    rival = results.least_memory(rows, case.key, group)
    if inlay and inlay.peak_mb and rival:
        share = inlay.peak_mb / rival.peak_mb
        yield verdict(case.key, f"memory of {rival.name}", f"at most {most}x", f"{share:.2f}x", share <= most)


def other_targets(rows, case):
    inlay = results.find(rows, case.key, INLAY)
    if inlay and case.kind == "predict":
        yield verdict(case.key, "start to end", f"at most {cases.PREDICT_MS} ms", f"{inlay.median():.0f} ms",
                      inlay.median() <= cases.PREDICT_MS)
    if inlay and case.kind == "threads":
        yield verdict(case.key, "two threads", f"{case.target}x", f"{inlay.ratio():.2f}x", inlay.ratio() >= case.target)


def target_table(rows, chosen):
    lines = []
    for case in chosen:
        if case.kind in ("infer", "train", "epoch"):
            lines += speed_targets(rows, case)
        if case.kind in ("infer", "train"):
            lines += memory_targets(rows, case)
        lines += other_targets(rows, case)
    return table(["case", "Inlay against", "target", "measured", "met"], lines) if lines else ""


def peer_table(peers, versions):
    return table(["program", "version", "settings"], [[p.name, versions.get(p.package, "not installed"), p.about] for p in peers])


def insert(document, text):
    """The document with the text between the marks. Throws ValueError when the marks are not there once each, in order."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in before + after:
        raise ValueError(f"expected one line '{BEGIN}' and after it one '{END}'")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"
