"""ONNX Runtime: all graph optimisations, inputs and outputs bound to memory once."""
import contest
import inputs
import numpy
import onnxruntime


def make(job):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = job["threads"]
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(job["model"], options, providers=["CPUExecutionProvider"])
    n, _, height, width = job["shape"]
    logits = onnxruntime.OrtValue.ortvalue_from_shape_and_type([n, job["classes"], height, width], numpy.float32)
    binding = session.io_binding()
    binding.bind_ortvalue_input("image", onnxruntime.OrtValue.ortvalue_from_numpy(inputs.image(job)))
    binding.bind_ortvalue_output("logits", logits)
    return contest.Work(lambda: session.run_with_iobinding(binding), logits.numpy)


contest.serve(make)
