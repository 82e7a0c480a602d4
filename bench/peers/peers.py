"""Who Inlay is compared with, each in the settings that its makers recommend."""
from dataclasses import dataclass, field

# jemalloc and its settings: PyTorch, "Performance Tuning Guide", CPU specific optimizations.
JEMALLOC = "libjemalloc.so.2"
JEMALLOC_SETTINGS = ("oversize_threshold:1,background_thread:true,metadata_thp:auto,"
                     "dirty_decay_ms:9000000000,muzzy_decay_ms:9000000000")


@dataclass(frozen=True)
class Peer:
    key: str
    name: str
    script: str  # in contestants/
    package: str  # that `version` is of
    about: str  # the settings in words
    modes: tuple = ("infer", "train")
    settings: dict = field(default_factory=dict)  # for the job
    environment: dict = field(default_factory=dict)
    preload: str = ""  # a shared library
    fp32: bool = True
    any_net: bool = False  # reads the ONNX file, so it runs whatever network Inlay has; the others have U-Net alone
    avx2_switch: bool = True


PEERS = [
    Peer("onnxruntime", "ONNX Runtime", "run_onnxruntime.py", "onnxruntime",
         "all graph optimisations, inputs and outputs bound; it has no switch for AVX2", ("infer",), any_net=True, avx2_switch=False),
    Peer("openvino-latency", "OpenVINO latency", "run_openvino.py", "openvino",
         "hint LATENCY, precision f32, fixed shape", ("infer",), {"hint": "LATENCY"}, any_net=True),
    Peer("openvino-throughput", "OpenVINO throughput", "run_openvino.py", "openvino",
         "hint THROUGHPUT, precision f32, asynchronous queue; time a batch", ("infer",), {"hint": "THROUGHPUT"}, any_net=True),
    Peer("torch", "PyTorch", "run_torch.py", "torch", "eager, as it ships; Adam fused"),
    Peer("torch-channels-last", "PyTorch channels_last", "run_torch.py", "torch", "eager, channels_last; Adam fused",
         settings={"channels_last": True}),
    Peer("torch-jemalloc", "PyTorch channels_last, jemalloc", "run_torch.py", "torch",
         "the same with the allocator of its tuning guide", settings={"channels_last": True},
         environment={"MALLOC_CONF": JEMALLOC_SETTINGS}, preload=JEMALLOC),
    Peer("torch-compile", "PyTorch compile", "run_torch.py", "torch",
         "torch.compile (inductor), channels_last; frozen for inference", settings={"channels_last": True, "compile": True}),
    Peer("torch-bf16", "PyTorch bf16", "run_torch.py", "torch", "autocast to bfloat16, channels_last: not fp32",
         settings={"channels_last": True, "bf16": True}, fp32=False),
    Peer("tensorflow", "TensorFlow", "run_tensorflow.py", "tensorflow-cpu",
         "tf.function, oneDNN on, frozen for inference; channels last"),
]

# Arguments for pip: ways to install a package, the best one first. The last has no options. Others go by their name.
INSTALL = {
    "torch": [["--index-url", "https://download.pytorch.org/whl/cpu", "torch"], ["torch"]],
    "common": [["numpy", "onnx", "pillow"]],  # for all contestants
}

# Variables that limit a program to AVX2: of Inlay, oneDNN (in Inlay, OpenVINO, PyTorch and TensorFlow), PyTorch, MKL.
AVX2 = {"INLAY_ISA": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2"}


def chosen(keys):
    """The peers whose key starts with one of `keys`; all when there is none."""
    wrong = [key for key in keys if not any(peer.key.startswith(key) for peer in PEERS)]
    if wrong:
        raise ValueError(f"there is no peer {', '.join(wrong)}; there are {', '.join(peer.key for peer in PEERS)}")
    return [peer for peer in PEERS if not keys or peer.key.startswith(tuple(keys))]


def suits(peer, case):
    """Whether the peer can be asked to run the case at all."""
    return case.kind in peer.modes and (peer.any_net or case.net == "unet") and (peer.fp32 or not case.avx2)
