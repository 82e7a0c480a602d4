"""A whole process that labels one small picture: start, load the model, read the PNG, run, write the mask, exit."""
import fixture
from command import Failed, run
from results import INLAY, NOTHING_TO_COMPARE, Result

SCRIPTS = {"onnxruntime": ("ONNX Runtime", "predict_onnxruntime.py"), "torch": ("PyTorch", "predict_torch.py")}


def commands(bench, folder):
    """(key, name, words) of each program, Inlay first."""
    picture, model = folder / "picture.png", folder / "model.onnx"
    yield INLAY, "Inlay", [bench.inlay, "predict", model, picture, "-o", folder / "masks", "--threads", bench.threads]
    for key, (name, script) in SCRIPTS.items():
        if not bench.asked(key):
            continue
        weights = folder / "model.pt" if key == "torch" else model
        yield key, name, [bench.python, bench.scripts / script, weights, picture, folder / f"{key}.png", bench.threads]


def prepare(bench, case, folder):
    _, channels, height, width = case.shape
    folder.mkdir()
    fixture.write_model(bench.inlay, folder / "model.onnx", case.net,
                        {**case.settings, "in_channels": channels, "classes": case.classes})
    run([bench.inlay, "data", "synth", "--count", 3, "--size", f"{height}x{width}", "-o", folder / "data"])
    next((folder / "data" / "train" / "images").glob("*.png")).rename(folder / "picture.png")


def why_not(bench, folder, key):
    """The reason why a peer cannot take part, or nothing."""
    try:
        bench.environment.need(key)
        if key == "torch":  # as a PyTorch user would have it: a file of torch.save
            run([bench.python, bench.scripts / "save_torch.py", folder / "model.onnx", folder / "model.pt"])
    except Failed as failure:
        return str(failure)
    return ""


def take_time(bench, result, words):
    try:
        result.times.append(run(words, cores=bench.cores[:bench.threads])[1] * 1e3)
    except Failed as failure:
        result.error = str(failure)


def measure(bench, case):
    folder = bench.folder / case.key
    try:
        prepare(bench, case, folder)
    except Failed as failure:
        yield Result(case.key, INLAY, "Inlay", error=str(failure))
        return
    found = [(Result(case.key, key, name), words) for key, name, words in commands(bench, folder)]
    for result, _ in found[1:]:
        result.error = why_not(bench, folder, result.key)
    bench.progress.say(f"{case.key} {', '.join(result.name for result, _ in found if not result.error)}, in turn")
    for _ in range(1 + (bench.runs or case.runs)):
        for result, words in found:
            if not result.error:
                take_time(bench, result, words)
    ours, _ = found[0]
    for result, _ in found:
        result.times = result.times[1:]  # the first brought the files into memory
        result.ours = ours.times
        if ours.error and not result.error:
            result.error = NOTHING_TO_COMPARE
        yield result
