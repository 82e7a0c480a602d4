"""What is measured: the table of cases, with the targets that Inlay sets itself."""
from dataclasses import dataclass, field

PYTORCH = ("torch",)  # a group is all peers whose key starts so
RUNTIMES = ("onnxruntime", "openvino")


@dataclass(frozen=True)
class Case:
    key: str
    kind: str  # infer and train: contestants side by side; the others have a module each
    title: str
    net: str = "unet"
    settings: dict = field(default_factory=dict)  # of `inlay convert NET --set`
    shape: tuple = ()  # N, C, H, W
    classes: int = 2
    runs: int = 5  # a round
    minutes: float = 1  # that a peer takes here on two cores, roughly: for the time left
    avx2: bool = False  # limited to AVX2, fp32 peers alone
    target: float = 0  # times as fast as the best fp32 peer of `against`; 0: none
    against: tuple = ()
    apart: float = 0  # share of the logits that may differ: max-unpooling sends values that are equal but for rounding
    # to different places
    of: str = ""  # threads: the case that is measured with one thread and two


LARGE = dict(net="unet", settings={"width": 64}, shape=(1, 3, 512, 512), classes=21)
SMALL = dict(net="unet", settings={"width": 16}, shape=(32, 1, 128, 128), classes=2, runs=10)


def of_net(net, height, width, classes, target=1.3, apart=0.0):
    return Case(f"I3.{net}", "infer", f"inference, {net}, 1x3x{height}x{width}", net=net, shape=(1, 3, height, width),
                classes=classes, target=target, against=RUNTIMES, apart=apart)


CASES = [
    Case("I1", "infer", "inference, U-Net of width 64, 1x3x512x512, 21 classes", **LARGE,
         target=2.7, against=RUNTIMES),
    Case("I2", "infer", "inference, U-Net of width 16, 32x1x128x128, 2 classes", **SMALL, minutes=0.4,
         target=2.0, against=RUNTIMES),
    Case("I1-avx2", "infer", "I1 limited to AVX2", **LARGE, avx2=True, target=2.5, against=("onnxruntime",)),
    of_net("segnet", 360, 480, 12, target=2.0, apart=0.1),
    of_net("enet", 360, 480, 12),
    of_net("deeplabv3", 513, 513, 21),
    of_net("fcn8s", 500, 500, 21, target=2.0),
    of_net("fast_scnn", 512, 1024, 19),
    Case("T1", "train", "training step, U-Net of width 64, 1x3x512x512, 21 classes", **LARGE, minutes=3,
         target=4.0, against=PYTORCH),
    Case("T2", "train", "training step, U-Net of width 16, 32x1x128x128, 2 classes", **SMALL, minutes=1,
         target=4.0, against=PYTORCH),
    Case("T3", "epoch", "epoch of training from PNG files, SegNet-Basic, batch 8, 352x480 of 360x480",
         net="segnet_basic", runs=1, minutes=6),
    Case("S", "predict", "start to end: label one 128x128 picture", settings={"width": 16}, shape=(1, 1, 128, 128),
         runs=20, minutes=1),
    Case("I1-threads", "threads", "I1 with one thread and with two", of="I1", minutes=1, target=1.85),
    Case("T1-threads", "threads", "T1 with one thread and with two", of="T1", minutes=3, target=1.85),
    Case("L", "large", "label one 10000x10000 picture", settings={"width": 16}, shape=(1, 3, 10000, 10000), minutes=5),
]

PREDICT_MS = 150  # target of S
TRAINING_MEMORY = 0.5  # of the PyTorch that takes least
INFERENCE_MEMORY = 1.0  # of ONNX Runtime's


def chosen(keys, large=False):
    """The cases of these keys in the table's order; I3 stands for all I3.NET, no key for all (L only if `large`)."""
    known = {case.key for case in CASES} | {case.key.partition(".")[0] for case in CASES}
    if unknown := sorted(set(keys) - known):
        raise ValueError(f"there is no case {', '.join(unknown)}; there are {', '.join(case.key for case in CASES)}")
    if not keys:
        return [case for case in CASES if case.kind != "large" or large]
    return [case for case in CASES if {case.key, case.key.partition(".")[0]} & set(keys) or case.kind == "large" and large]
